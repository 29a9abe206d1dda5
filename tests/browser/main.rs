//! The user's journey in real browsers, by pressing what a person would press: a file per story.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod arrivals;
mod assistants;
mod axe;
mod back_button;
mod browser;
mod completion;
mod cookies;
mod devices;
mod disconnect;
mod double_click;
mod driver;
mod embedding;
mod embedding_examples;
mod embedding_headers;
mod ends;
mod engine;
mod engines;
mod first_time;
mod forced_colors;
mod foreign_site;
mod forms;
mod frames;
mod gallery;
mod in_app_browser;
mod integrations_page;
mod isolation;
mod key_of_lines;
mod languages;
mod markup;
mod not_linked;
mod outages;
mod page_loads;
mod pressed;
mod problem_pages;
#[path = "../journey/program.rs"]
mod program;
mod reflow;
mod rules;
mod screens;
mod script;
mod session_timeout;
mod sharing;
mod table;
mod tls;
mod tour;
mod traffic;
#[path = "../journey/typescript.rs"]
mod typescript;
mod user_answers;
mod waiting;
mod window;
mod world;
