//! The user's journey over HTTP, against the sandbox: a file per step, and per unhappy way.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod acme;
mod app;
mod arrive_by_link;
mod arrive_by_token;
mod arrive_from_host;
mod bad_requests;
mod browser;
mod choose;
mod clock_steps;
mod completion_raced;
mod connect_form;
mod deadline;
mod disconnect;
mod disconnect_later;
mod disk_full;
mod dump;
mod elsewhere;
mod end_of_session;
mod erased;
mod every_response;
mod examples;
mod external;
mod fifty_at_once;
mod finished_elsewhere;
mod forged_host;
#[path = "../fuzz/runner.rs"]
mod fuzz;
mod fuzz_codes;
mod fuzz_cookies;
mod given_away;
mod host_completion;
mod host_connections;
mod host_disconnects;
mod host_keys;
mod host_lists;
mod host_problems;
mod host_repeats;
mod host_sessions;
mod host_waits;
mod hostile_upstream;
mod journey;
mod killed;
mod languages;
mod late_links;
mod limits;
mod linked;
mod many_at_once;
mod methods;
mod metrics;
mod more_time;
mod newer_tables;
mod not_linked;
mod one_app;
mod open_redirects;
mod operator;
mod outage;
mod pictures;
mod posted_body;
mod problems;
mod process;
mod program;
mod proof;
mod provider;
mod receiver;
mod reconciler;
mod relay;
mod reload;
mod restart;
mod rotated_keys;
mod secrets;
mod senders;
mod sessions;
mod settings_catalogue;
mod slow_clients;
mod stopping;
mod store_away;
mod stranger;
mod support;
mod switch;
mod taken_back;
mod timeline;
mod too_much;
mod traveller;
mod two_processes;
mod unhappy_upstream;
mod users;
mod waiting;
mod webhook_events;
mod webhook_fair;
mod webhook_hostile;
mod webhook_judges;
mod webhook_ladder;
mod webhook_processes;
mod webhook_sent;
mod wire;
