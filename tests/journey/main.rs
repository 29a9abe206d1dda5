//! The user's journey over HTTP, against the sandbox: a file per step, and per unhappy way.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod app;
mod arrive_by_link;
mod arrive_from_host;
mod bad_requests;
mod browser;
mod choose;
mod connect_form;
mod deadline;
mod end_of_session;
mod external;
mod host_connections;
mod host_sessions;
mod hostile_upstream;
mod journey;
mod late_links;
mod limits;
mod linked;
mod many_at_once;
mod methods;
mod not_linked;
mod one_app;
mod operator;
mod outage;
mod pictures;
mod posted_body;
mod problems;
mod provider;
mod relay;
mod restart;
mod rotated_keys;
mod secrets;
mod settings_catalogue;
mod stopping;
mod stranger;
mod switch;
mod unhappy_upstream;
mod users;
mod waiting;
