//! Calls that go out of here, before anything is said of whom they go to: the client, times in headers, and names that lead to
//! public addresses only.

mod client;
pub(crate) mod http_time;
mod public_names;

pub(crate) use client::{NoBody, body_of, client};
pub(crate) use public_names::{NoAddress, PublicNames, SystemNames, not_public};
