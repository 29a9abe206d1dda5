//! The user's journey in real browsers, by pressing what a person would press: a file per story.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod arrivals;
mod asked;
mod axe;
mod back;
mod browser;
mod built_in;
mod completion;
mod cookies;
mod devices;
mod disconnect;
mod double_click;
mod driver;
mod ends;
mod engine;
mod first_time;
mod forced_colors;
mod forms;
mod gallery;
mod isolation;
mod languages;
mod loads;
mod lost;
mod markup;
mod not_linked;
mod outages;
mod reflow;
mod rules;
mod screens;
mod stranger;
mod time;
mod tls;
mod tour;
mod traffic;
mod waiting;
mod world;
