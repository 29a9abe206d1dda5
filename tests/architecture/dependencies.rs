//! Who may know whom.

use super::{
    rule::{Offence, hold},
    source::Source,
};

/// What the pages, the API and the steps are made of, and what knows none of them.
const NOUNS: &[&str] = &["src/domain", "src/i18n"];

/// What a request meets.
const WEB: &[&str] =
    &["actix_session", "actix_web", "crate::gangway", "crate::host_api", "crate::journey", "crate::web"];

/// The paths of a file that are not to be named there, with the reason.
fn named(source: &Source, wrong: impl Fn(&str) -> bool, reason: &str) -> Vec<Offence> {
    let found = source.paths().into_iter().filter(|(_, path)| wrong(path));
    found.map(|(line, path)| (line, format!("{path}: {reason}"))).collect()
}

/// That name is used in those modules only.
fn only(name: &str, modules: &[&str]) -> impl Fn(&Source) -> Vec<Offence> {
    move |source| {
        let reason = format!("{name} is for {} only", modules.join(", "));
        named(source, |path| !source.is_in(modules) && leads_to(path, name), &reason)
    }
}

/// Those modules use none of those names.
fn never(modules: &[&str], names: &[&str]) -> impl Fn(&Source) -> Vec<Offence> {
    move |source| {
        let wrong = |path: &str| source.is_in(modules) && names.iter().any(|name| leads_to(path, name));
        named(source, wrong, "not to be known here")
    }
}

/// Of this crate, that module uses itself alone.
fn alone(module: &str, own: &str) -> impl Fn(&Source) -> Vec<Offence> {
    move |source| {
        let wrong = |path: &str| source.is_in(&[module]) && leads_to(path, "crate") && !leads_to(path, own);
        named(source, wrong, "what stands for a foreign system uses nothing of the product")
    }
}

fn leads_to(path: &str, name: &str) -> bool {
    path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

#[test]
fn only_the_store_knows_the_database() {
    hold(
        only("sqlx", &["src/store"]),
        &[("src/journey/start.rs", "use sqlx::Any;"), ("src/web/admin.rs", "fn f() { sqlx::query(\"\"); }")],
        &[("src/store/open.rs", "use sqlx::Any;"), ("src/web/admin.rs", "// sqlx::Any")],
    );
}

#[test]
fn calls_go_out_from_few_places() {
    hold(
        only(
            "reqwest",
            &[
                "src/alloy",
                "src/catalogue/icons",
                "src/cli/check",
                "src/sandbox/acme",
                "src/sessions/host_token",
                "src/runtime/net",
                "src/sandbox",
                "src/webhook",
            ],
        ),
        &[("src/journey/confirm.rs", "use reqwest::Client;"), ("src/cli/demo.rs", "fn f(client: &reqwest::Client) {}")],
        &[("src/runtime/logging.rs", "const QUIET: &str = \"reqwest::connect=trace\";")],
    );
}

#[test]
fn only_pages_are_made_of_templates() {
    hold(
        only("askama", &["src/web/pages", "src/sandbox", "src/sandbox/acme"]),
        &[("src/journey/choose.rs", "#[derive(askama::Template)] struct Page;")],
        &[("src/web/pages/choose.rs", "use askama::Template;")],
    );
}

#[test]
fn the_environment_is_read_by_the_command_line_only() {
    hold(
        only("std::env", &["src/main", "src/cli", "src/server"]),
        &[
            ("src/journey/choose.rs", "fn f() { std::env::var(\"X\"); }"),
            ("src/alloy/client.rs", "use std::{env, io};"),
        ],
        &[("src/alloy/client.rs", "const VERSION: &str = env!(\"CARGO_PKG_VERSION\");")],
    );
}

#[test]
fn settings_are_loaded_by_startup_and_the_command_line_only() {
    let rule = |source: &Source| {
        let home = source.is_in(&["src/config", "src/cli", "src/server", "src/cli/demo"]);
        let loads = |path: &str| path.ends_with("Settings::load") || path.ends_with("Settings::from_texts");
        named(source, |path| !home && loads(path), "settings are handed in")
    };
    hold(
        rule,
        &[("src/journey/start.rs", "fn f() { let own = Settings::load(None, x); }")],
        &[("src/cli/check.rs", "fn f() { Settings::load(None, x); }")],
    );
}

#[test]
fn the_nouns_know_no_web_no_database_no_vendor_and_no_step() {
    let others = &[
        "askama",
        "reqwest",
        "sqlx",
        "crate::alloy",
        "crate::cli",
        "crate::sandbox",
        "crate::config",
        "crate::server",
        "crate::store",
    ];
    hold(
        never(NOUNS, &[WEB, others].concat()),
        &[
            ("src/domain/session.rs", "use actix_web::HttpRequest;"),
            ("src/domain/attempt/observation.rs", "use crate::{clock, alloy::{AlloyError, Users}};"),
            ("src/domain/attempt.rs", "use super::super::store::Store;"),
            ("src/domain/form/field.rs", "fn f() { crate::web::pages::samples(); }"),
        ],
        &[("src/domain/attempt/observation.rs", "use super::{Reason, State}; use crate::connection::Claims;")],
    );
}

#[test]
fn the_vendor_knows_neither_the_web_nor_the_store() {
    hold(
        never(&["src/alloy"], &[WEB, &["crate::store"]].concat()),
        &[("src/alloy/client.rs", "use actix_web::web;"), ("src/alloy/users.rs", "use crate::store::Store;")],
        &[("src/alloy/users.rs", "use crate::session::EndUser;")],
    );
}

#[test]
fn the_store_knows_neither_the_web_nor_the_vendor() {
    hold(
        never(&["src/store"], &[WEB, &["crate::alloy"]].concat()),
        &[("src/store/row.rs", "use crate::web::pages::Page;"), ("src/store/users.rs", "use crate::alloy::Users;")],
        &[("src/store/users.rs", "use crate::session::EndUser;")],
    );
}

#[test]
fn pages_show_what_they_are_given() {
    let sources = ["actix_session", "actix_web", "crate::alloy", "crate::journey", "crate::config", "crate::store"];
    hold(
        never(&["src/web/pages"], &sources),
        &[("src/web/pages/choose.rs", "use crate::store::Store;")],
        &[("src/web/pages/not_linked.rs", "use crate::domain::attempt::Reason;")],
    );
}

#[test]
fn the_sandbox_uses_nothing_of_the_product() {
    hold(
        alone("src/sandbox", "crate::sandbox"),
        &[
            ("src/sandbox/world.rs", "use crate::clock::Clock;"),
            ("src/sandbox/world.rs", "use super::super::clock::Clock;"),
        ],
        &[("src/sandbox/world.rs", "use super::clock::Clock; use crate::sandbox::Options;")],
    );
}

#[test]
fn the_sample_host_uses_nothing_of_the_product() {
    hold(
        alone("src/sandbox/acme", "crate::sandbox::acme"),
        &[
            ("src/sandbox/acme/gangway.rs", "use crate::session::ExternalId;"),
            ("src/sandbox/acme.rs", "use super::Fault;"),
        ],
        &[("src/sandbox/acme/connect.rs", "use super::gangway::Gangway;")],
    );
}

#[test]
fn no_step_uses_another() {
    let steps = [
        "arrive",
        "callback",
        "choose",
        "confirm",
        "connect",
        "disconnect",
        "open_in_browser",
        "extend",
        "leave",
        "start",
    ];
    let names = steps.map(|step| format!("crate::journey::{step}"));
    let modules = steps.map(|step| format!("src/journey/{step}"));
    hold(
        never(&modules.each_ref().map(String::as_str), &names.each_ref().map(String::as_str)),
        &[("src/journey/start.rs", "use super::connect::offered;")],
        &[("src/journey/start.rs", "use super::hand_over;")],
    );
}
