//! The host's API: what the host's server asks for, as JSON, with the host's key.

pub mod attempts;
pub mod complete;
pub mod connections;
pub mod deliveries;
pub mod description;
pub mod disconnect;
pub mod erase;
pub mod explained;
pub mod listed;
pub mod sessions;

mod body;
mod key;
mod once;
mod page;
mod problem;
mod query;

pub use body::Body;
pub use key::HostKey;
pub use once::Asked;
pub(crate) use problem::problem_document;
pub use problem::{ApiProblem, Kind};
pub use query::{Nothing, Query};
