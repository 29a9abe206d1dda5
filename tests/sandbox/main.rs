//! The sandbox's behaviour, fact by fact, over HTTP.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod actions;
mod api;
mod catalogue;
mod credentials;
mod fixture;
mod link;
mod return_faults;
mod start_faults;
mod upstream_faults;
mod users;
