//! The user's journey in real Chromium, by pressing what a person would press: a file per story.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod arrivals;
mod browser;
mod completion;
mod disconnect;
mod driver;
mod first_time;
mod forms;
mod isolation;
mod not_linked;
mod rules;
mod screens;
mod stranger;
mod tour;
mod waiting;
mod world;
