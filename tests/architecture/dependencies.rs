//! Who may know whom.

use super::{
    rule::{Offence, breaks, holds},
    source::Source,
};

/// What the pages, the API and the steps are made of, and what knows none of them.
const NOUNS: &[&str] =
    &["src/clock", "src/connection", "src/connector", "src/form", "src/keys", "src/link", "src/session", "src/text"];

/// That name is used in those modules only.
fn only(name: &'static str, modules: &'static [&'static str]) -> impl Fn(&Source) -> Vec<Offence> {
    move |source| {
        if source.is_in(modules) {
            return Vec::new();
        }
        let wrong = move |path: String| format!("{path}: {name} is for {} only", modules.join(", "));
        source
            .paths()
            .into_iter()
            .filter(|(_, path)| leads_to(path, name))
            .map(|(line, path)| (line, wrong(path)))
            .collect()
    }
}

/// Those modules use none of those names.
fn never(modules: &'static [&'static str], names: &'static [&'static str]) -> impl Fn(&Source) -> Vec<Offence> {
    move |source| {
        if !source.is_in(modules) {
            return Vec::new();
        }
        let known = |path: &str| names.iter().any(|name| leads_to(path, name));
        let wrong = |path: String| format!("{path}: not to be known here");
        source.paths().into_iter().filter(|(_, path)| known(path)).map(|(line, path)| (line, wrong(path))).collect()
    }
}

/// Of this crate, that module uses itself alone.
fn alone(module: &'static str, own: &'static str) -> impl Fn(&Source) -> Vec<Offence> {
    move |source| {
        if !source.is_in(&[module]) {
            return Vec::new();
        }
        let foreign = |path: &str| leads_to(path, "crate") && !leads_to(path, own);
        let wrong =
            |path: String| format!("{path}: {module} stands for a foreign system and uses nothing of the product");
        source.paths().into_iter().filter(|(_, path)| foreign(path)).map(|(line, path)| (line, wrong(path))).collect()
    }
}

fn leads_to(path: &str, name: &str) -> bool {
    path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

#[test]
fn only_the_store_knows_the_database() {
    let rule = only("sqlx", &["src/store"]);
    assert!(breaks(&rule, "src/journey/start.rs", "use sqlx::Any;"));
    assert!(breaks(&rule, "src/admin.rs", "fn f() { sqlx::query(\"\"); }"));
    assert!(!breaks(&rule, "src/store/open.rs", "use sqlx::Any; // sqlx"));
    holds(&rule);
}

#[test]
fn calls_go_out_from_few_places() {
    let rule = only("reqwest", &["src/alloy", "src/check", "src/sandbox", "src/demo/acme"]);
    assert!(breaks(&rule, "src/journey/confirm.rs", "use reqwest::Client;"));
    assert!(breaks(&rule, "src/demo.rs", "fn f(client: &reqwest::Client) {}"));
    assert!(!breaks(&rule, "src/telemetry.rs", "const QUIET: &str = \"reqwest=trace\";"));
    holds(&rule);
}

#[test]
fn only_pages_are_made_of_templates() {
    let rule = only("askama", &["src/pages", "src/sandbox", "src/demo/acme"]);
    assert!(breaks(&rule, "src/journey/choose.rs", "use askama::Template;"));
    holds(&rule);
}

#[test]
fn the_environment_is_read_by_the_command_line_only() {
    let rule = only("std::env", &["src/main", "src/cli", "src/startup"]);
    assert!(breaks(&rule, "src/journey/choose.rs", "fn f() { std::env::var(\"X\"); }"));
    assert!(breaks(&rule, "src/alloy/client.rs", "use std::{env, io};"));
    assert!(!breaks(&rule, "src/alloy/client.rs", "const VERSION: &str = env!(\"CARGO_PKG_VERSION\");"));
    holds(&rule);
}

#[test]
fn settings_are_loaded_by_startup_and_the_command_line_only() {
    let rule = |source: &Source| {
        let loads = |path: &str| path.ends_with("Settings::load") || path.ends_with("Settings::from_texts");
        let home = source.is_in(&["src/settings", "src/cli", "src/startup", "src/demo"]);
        let found = source.paths().into_iter().filter(|(_, path)| !home && loads(path));
        found.map(|(line, path)| (line, format!("{path}: settings are handed in"))).collect()
    };
    assert!(breaks(rule, "src/journey/start.rs", "fn f() { let own = Settings::load(None, x); }"));
    assert!(!breaks(rule, "src/cli/check.rs", "fn f() { Settings::load(None, x); }"));
    holds(rule);
}

#[test]
fn the_nouns_know_no_web_no_database_no_vendor_and_no_step() {
    let rule = never(
        NOUNS,
        &[
            "actix_session",
            "actix_web",
            "askama",
            "reqwest",
            "sqlx",
            "crate::admin",
            "crate::alloy",
            "crate::check",
            "crate::cli",
            "crate::demo",
            "crate::gangway",
            "crate::host_api",
            "crate::journey",
            "crate::middleware",
            "crate::pages",
            "crate::problem",
            "crate::routes",
            "crate::sandbox",
            "crate::settings",
            "crate::startup",
            "crate::store",
        ],
    );
    assert!(breaks(&rule, "src/session.rs", "use actix_web::HttpRequest;"));
    assert!(breaks(&rule, "src/link/observe.rs", "use crate::{clock, alloy::{AlloyError, Users}};"));
    assert!(breaks(&rule, "src/link.rs", "use super::store::Store;"));
    assert!(breaks(&rule, "src/form/field.rs", "fn f() { crate::pages::samples(); }"));
    assert!(!breaks(&rule, "src/link/observe.rs", "use super::{Reason, State}; use crate::connection::Claims;"));
    holds(&rule);
}

#[test]
fn the_vendor_and_the_store_know_neither_the_web_nor_each_other() {
    let web = &[
        "actix_session",
        "actix_web",
        "crate::gangway",
        "crate::host_api",
        "crate::journey",
        "crate::middleware",
        "crate::pages",
        "crate::problem",
        "crate::routes",
    ];
    let (alloy, store) = (never(&["src/alloy"], web), never(&["src/store"], web));
    assert!(breaks(&alloy, "src/alloy/client.rs", "use actix_web::web;"));
    assert!(breaks(&store, "src/store/row.rs", "use crate::pages::Page;"));
    holds(&alloy);
    holds(&store);
    let (alloy, store) = (never(&["src/alloy"], &["crate::store"]), never(&["src/store"], &["crate::alloy"]));
    assert!(breaks(&alloy, "src/alloy/users.rs", "use crate::store::Store;"));
    assert!(breaks(&store, "src/store/users.rs", "use crate::alloy::Users;"));
    holds(&alloy);
    holds(&store);
}

#[test]
fn pages_show_what_they_are_given() {
    let rule = never(
        &["src/pages"],
        &[
            "actix_session",
            "actix_web",
            "crate::alloy",
            "crate::gangway",
            "crate::journey",
            "crate::settings",
            "crate::store",
        ],
    );
    assert!(breaks(&rule, "src/pages/choose.rs", "use crate::gangway::Gangway;"));
    holds(&rule);
}

#[test]
fn the_sandbox_uses_nothing_of_the_product() {
    let rule = alone("src/sandbox", "crate::sandbox");
    assert!(breaks(&rule, "src/sandbox/world.rs", "use crate::clock::Clock;"));
    assert!(breaks(&rule, "src/sandbox/world.rs", "use super::super::clock::Clock;"));
    assert!(!breaks(&rule, "src/sandbox/world.rs", "use super::clock::Clock; use crate::sandbox::Options;"));
    holds(&rule);
}

#[test]
fn the_sample_host_uses_nothing_of_the_product() {
    let rule = alone("src/demo/acme", "crate::demo::acme");
    assert!(breaks(&rule, "src/demo/acme/gangway.rs", "use crate::session::ExternalId;"));
    assert!(breaks(&rule, "src/demo/acme.rs", "use super::Ports;"));
    holds(&rule);
}
