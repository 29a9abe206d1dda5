//! The nouns of Gangway, without web, database, vendor or settings. Public only for the tests.
#![doc(hidden)]

pub mod attempt;
pub mod clock;
pub mod connection;
pub mod connector;
pub mod credential;
pub(crate) mod error;
pub(crate) mod event;
pub mod form;
pub mod keys;
pub(crate) mod public_key;
pub mod session;
pub mod text;
pub mod user;
