//! Which words stand where: the vendor's, our addresses, and names that say nothing.

use std::collections::BTreeSet;

use super::{
    rule::{Offence, hold},
    source::{Source, read},
    tokens::{Kind, Token},
};

/// Names on the vendor's wire. `camelCase` makes such names out of ours: the host's API speaks `snake_case`.
const VENDOR: &[&str] = &[
    "CONNECTIVITY_API",
    "authConfigId",
    "authConfigRequired",
    "authenticationType",
    "camelCase",
    "connectorId",
    "createdAt",
    "credentialId",
    "fullName",
    "inputSchema",
    "oauthUrl",
    "oauth_url",
    "redirectUri",
    "sampleInput",
    "updatedAt",
    "userId",
    "x-alloy-userid",
    "x-api-version",
];

/// Names that say nothing of what a thing does.
const EMPTY: &[&str] = &["common", "data", "helper", "helpers", "info", "manager", "misc", "service", "util", "utils"];

fn speaks_as_the_vendor(source: &Source) -> Vec<Offence> {
    if source.is_in(&["src/alloy", "src/cli/check", "src/sandbox"]) {
        return Vec::new();
    }
    let vendor = |token: &&Token| {
        let mut words = token.text.split(|letter: char| !(letter.is_alphanumeric() || "-_".contains(letter)));
        words.any(|word| VENDOR.contains(&word))
    };
    let wrong = |token: &Token| (token.line, format!("{:?}: the vendor's words stay in src/alloy", token.text));
    source.tokens().iter().filter(vendor).map(wrong).collect()
}

/// The first parts of our own addresses: `connectors`, `attempts`, …
fn first_parts(routes: &Source) -> BTreeSet<String> {
    let addresses = routes.texts().filter_map(|text| text.text.strip_prefix('/'));
    let parts = addresses.filter_map(|address| address.split(['/', '?']).next());
    parts.filter(|part| part.starts_with(char::is_alphabetic)).map(str::to_owned).collect()
}

fn writes_an_address(source: &Source) -> Vec<Offence> {
    let elsewhere = source.is_in(&["src/web/routes", "src/sandbox", "src/sandbox/acme"]);
    if elsewhere || source.path.ends_with("/sample.rs") {
        return Vec::new();
    }
    let own = first_parts(&Source::new("src/web/routes.rs", &read("src/web/routes.rs")));
    let is_own = |text: &str| {
        let first = text.strip_prefix('/').and_then(|rest| rest.split(['/', '?', '{']).next());
        first.is_some_and(|first| own.contains(first))
    };
    let source = source.without_functions("sample");
    let found = source.texts().filter(|text| is_own(&text.text));
    found.map(|text| (text.line, format!("{:?}: addresses are built in src/web/routes.rs", text.text))).collect()
}

fn says_nothing(source: &Source) -> Vec<Offence> {
    let empty = |name: &str| {
        let mut parts = Vec::new();
        for letter in name.chars() {
            if letter.is_uppercase() || letter == '_' || parts.is_empty() {
                parts.push(String::new());
            }
            parts.last_mut().expect("a part").extend(letter.to_lowercase().filter(|&letter| letter != '_'));
        }
        parts.iter().any(|part| EMPTY.contains(&part.as_str()))
    };
    let file = source.path.rsplit('/').next().and_then(|name| name.strip_suffix(".rs")).unwrap_or_default();
    let made = source.tokens().windows(2).filter_map(|row| match row {
        [kind, name] if name.kind == Kind::Word => {
            let makes = ["struct", "enum", "trait", "type", "mod"].iter().any(|keyword| kind.is(keyword));
            makes.then_some((name.line, name.text.as_str()))
        }
        _ => None,
    });
    let names = made.chain([(1, file)]).filter(|(_, name)| empty(name));
    names.map(|(line, name)| (line, format!("{name}: a name that says what it does, please"))).collect()
}

#[test]
fn the_vendors_words_stay_at_the_vendor() {
    hold(
        speaks_as_the_vendor,
        &[
            ("src/journey/start.rs", "fn f(json: &Value) { json.get(\"oauthUrl\"); }"),
            ("src/host_api/attempts.rs", "#[serde(rename_all = \"camelCase\")] struct Shown;"),
            ("src/journey/start.rs", "fn f() { request.header(\"x-alloy-userid\", id); }"),
            ("src/journey/callback.rs", "fn f() { asked(\"?credentialId=1\"); }"),
        ],
        &[
            ("src/journey/start.rs", "/// `oauthUrl` leads there.\nstruct X { credential_id: String }"),
            ("src/alloy/wire.rs", "#[serde(rename_all = \"camelCase\")] struct Created;"),
        ],
    );
}

#[test]
fn addresses_are_built_in_one_place() {
    hold(
        writes_an_address,
        &[
            ("src/journey/start.rs", "fn f() { see_other(\"/connectors\"); }"),
            ("src/journey/start.rs", "fn f() { format!(\"/attempts/{id}\"); }"),
            ("src/cli/init.rs", "const URL: &str = \"/api/v1/connect-sessions\";"),
            ("src/web/pages/choose.rs", "fn url() { \"/connectors?category=x\" }"),
        ],
        &[
            ("src/web/pages/choose.rs", "fn sample() { \"/connectors?category=x\" }"),
            ("src/journey/leave.rs", "fn f() { \"/elsewhere\"; \"text/connectors\"; }"),
        ],
    );
}

#[test]
fn names_say_what_a_thing_does() {
    hold(
        says_nothing,
        &[
            ("src/store/helpers.rs", ""),
            ("src/store/row_utils.rs", ""),
            ("src/store.rs", "struct SessionManager;"),
            ("src/store.rs", "mod common { }"),
        ],
        &[("src/store.rs", "struct Metadata; use actix_web::dev::ServiceRequest;")],
    );
}
