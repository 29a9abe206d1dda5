//! Domain types, independent of web, database, vendor and settings. Public only for tests.
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
pub mod outcome;
pub(crate) mod public_key;
pub mod session;
pub mod text;
pub mod user;
pub mod window;
