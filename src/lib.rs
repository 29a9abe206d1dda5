//! Gangway lets the end users of a SaaS product link their apps, through Alloy's Connectivity API.
//!
//! The journey, step by step; every step ends in a redirect or a page, and none calls another:
//! 1. arrive: the host's page posts a start code, or a link shows the start page (`journey::arrive`);
//! 2. choose: the catalogue, and one app of it (`journey::choose`);
//! 3. start: the attempt begins, and the browser goes to the provider (`journey::start`);
//! 4. callback: the browser is back, and the return is judged (`journey::callback`);
//! 5. confirm: the user's list at Alloy is the evidence; linked, or another end (`journey::confirm`).
//!
//! [`link`] holds the one machine by which an attempt changes, [`routes`] every URL, [`alloy`] all that the vendor says.

pub mod admin;
pub mod alloy;
pub mod assets;
pub mod check;
pub mod cli;
pub mod clock;
pub mod connection;
pub mod connector;
mod cookies;
pub mod demo;
pub mod draining;
pub mod form;
pub mod gangway;
pub mod host_api;
pub mod host_token;
pub mod journey;
pub mod keys;
pub mod language;
pub mod link;
pub mod metrics;
pub mod middleware;
pub mod outgoing;
pub mod pages;
pub mod problem;
pub mod reconciler;
pub mod routes;
pub mod sandbox;
pub mod session;
pub mod settings;
pub mod startup;
pub mod static_files;
pub mod store;
pub mod telemetry;
pub mod text;
pub mod upkeep;
pub mod webhook;

#[cfg(test)]
#[path = "../tests/fuzz/runner.rs"]
mod fuzz;
#[cfg(test)]
#[path = "../tests/fuzz/spellings.rs"]
mod spellings;
