//! The host's API: JSON for the host's server, authorized by the host's key.

pub(crate) mod attempt_list;
pub(crate) mod attempts;
pub(crate) mod complete;
pub(crate) mod connections;
pub(crate) mod connectors;
pub(crate) mod deliveries;
pub(crate) mod description;
pub(crate) mod disconnect;
pub(crate) mod erase;
pub(crate) mod explain_problem;
pub(crate) mod refused;
pub(crate) mod sessions;
pub(crate) mod users;

mod body;
mod idempotency_key;
mod key;
mod paging;
mod problem;
mod query;

pub(crate) use body::{Body, OptionalBody};
pub(crate) use idempotency_key::IdempotencyKey;
pub(crate) use key::{HostKey, HostKeys};
pub use problem::Kind;
pub(crate) use problem::{ApiProblem, problem_document};
pub(crate) use query::{NoParameters, Query, whole_number};
