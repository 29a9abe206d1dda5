//! What `gangway demo` shows.

pub mod acme;
