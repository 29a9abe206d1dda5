//! Gangway lets the end users of a SaaS product (the *host*) link their apps, through Alloy's Connectivity API.
//!
//! The journey, step by step; every step ends in a redirect or a page, and none calls another:
//! 1. arrive: the host's page posts a start code, or a link shows the start page (`journey::arrive`);
//! 2. choose: the catalogue, and one app of it (`journey::choose`, `journey::connect`);
//! 3. start: the attempt begins, and the browser goes to the provider (`journey::start`);
//! 4. callback: the browser is back, and the return is judged (`journey::callback`);
//! 5. confirm: the user's list at Alloy is the evidence; linked, or another end (`journey::confirm`).
//!
//! Below the faces `journey` (end users), `embed` (pages of the host), `host_api` (the host's server) and `jobs` (background
//! work) lie `web` and `webhook`, the use cases (`connections`, `attempts`, `sessions`), the outside world (`alloy`,
//! `catalogue`, `store`) and the nouns (`domain`). `server` composes all of it. A module uses those below it only.

pub mod alloy;
pub(crate) mod attempts;
pub mod catalogue;
pub mod cli;
pub mod config;
pub(crate) mod connections;
pub mod domain;
pub(crate) mod embed;
pub mod host_api;
pub mod i18n;
pub(crate) mod jobs;
pub(crate) mod journey;
pub mod runtime;
pub mod sandbox;
pub mod server;
pub(crate) mod sessions;
pub mod store;
pub mod web;
pub(crate) mod webhook;

#[cfg(test)]
#[path = "../tests/fuzz/runner.rs"]
mod fuzz;
#[cfg(test)]
#[path = "../tests/fuzz/spellings.rs"]
mod spellings;
