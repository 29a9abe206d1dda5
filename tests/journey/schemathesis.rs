//! An independent judge asks a running Gangway whatever the description of its API allows, and what it forbids: nothing may
//! fail on our side, no answer may be one that is not described, and nothing wrong may be taken.

use std::{path::Path, process::Command};

use serde_json::json;

use crate::{
    app::{HOST_KEY, TestApp},
    provider::redirect_uri,
};

/// So many cases for each operation; `GANGWAY_SCHEMATHESIS_EXAMPLES` sets another number.
const EXAMPLES: &str = "40";

#[expect(clippy::disallowed_methods, reason = "how long a test draws is told from outside")]
fn examples() -> String {
    std::env::var("GANGWAY_SCHEMATHESIS_EXAMPLES").unwrap_or_else(|_| EXAMPLES.to_owned())
}

/// The same cases each time, unless `GANGWAY_SCHEMATHESIS_SEED` says otherwise.
#[expect(clippy::disallowed_methods, reason = "what a test draws is told from outside")]
fn seed() -> String {
    std::env::var("GANGWAY_SCHEMATHESIS_SEED").unwrap_or_else(|_| "20261020".to_owned())
}

/// A Gangway with something of everything in it, that takes as many requests as come.
async fn app() -> TestApp {
    let app = TestApp::spawn_with(|settings| {
        settings.limits.per_key.requests = 1_000_000;
        settings.limits.per_address.requests = 1_000_000;
        settings.limits.overall.requests = 1_000_000;
    })
    .await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let leaving = jane.leave_for("notion").await;
    jane.come_back(&format!("{}?error=access_denied", redirect_uri(&leaving))).await;
    app
}

/// Lets the judge at it, with these lines added to how it asks.
async fn hold(app: &TestApp, more: &str) {
    let judges = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges");
    let folder = tempfile::tempdir().unwrap();
    let how = std::fs::read_to_string(judges.join("schemathesis.toml")).unwrap();
    std::fs::write(folder.path().join("schemathesis.toml"), format!("{how}\n{more}")).unwrap();
    let mut judge = Command::new(judges.join("venv/bin/schemathesis"));
    judge
        .args(["--no-color", "run", &format!("{}/api/v1/openapi.json", app.url)])
        .args(["--header", &format!("Authorization: Bearer {HOST_KEY}")])
        // An ended session can still be read, and the erasure of a user erases a session that was just created.
        .args(["--checks", "all", "--exclude-checks", "use_after_free,ensure_resource_availability"])
        .args(["--max-examples", &examples(), "--seed", &seed()])
        .args(["--continue-on-failure", "--output-truncate", "false", "--suppress-health-check", "all"])
        // It finds there how to ask, and keeps there what it has learned.
        .current_dir(folder.path())
        .env("NO_PROXY", "*");
    let output = tokio::task::spawn_blocking(move || judge.output()).await.unwrap();
    let output = output.expect("schemathesis is installed: tests/run does it");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "\n{said}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_asked_nothing_is_found() {
    hold(&app().await, "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_asked_of_what_is_there_nothing_is_found() {
    let app = app().await;
    let session = app.session_with(json!({})).await;
    let attempt = app.last_attempt("jane", "slack").await;
    let (_, deliveries) = app.api("GET", "/webhook-deliveries", None).await;
    let known = [
        ("attempt", &attempt["id"]),
        ("credential", &attempt["credential_id"]),
        ("event", &deliveries["webhook_deliveries"][0]["id"]),
        ("session", &session["id"]),
    ];
    let known: Vec<String> = known.iter().map(|(name, value)| format!("\"path.{name}\" = {value}")).collect();
    // Nobody is to forget Jane meanwhile.
    let more = format!(
        "[parameters]\n\"path.user\" = \"jane\"\n{}\n[[operations]]\ninclude-operation-id = \"eraseUser\"\nenabled = false\n",
        known.join("\n")
    );
    hold(&app, &more).await;
    assert!(!app.connections("jane").await.is_empty() || app.held("jane").is_empty());
}
