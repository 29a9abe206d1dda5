//! The nouns of Gangway, without web, database, vendor or settings.

pub mod attempt;
pub mod clock;
pub mod connection;
pub mod connector;
pub(crate) mod error;
pub mod form;
pub mod keys;
pub(crate) mod public_key;
pub mod session;
pub mod text;
