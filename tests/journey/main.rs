//! The user's journey over HTTP, against the sandbox: a file per step, and per unhappy way.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod app;
mod browser;
mod external;
mod journey;
mod limits;
mod problems;
