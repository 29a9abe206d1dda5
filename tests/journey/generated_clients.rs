//! Independent judges of the API's document: a linter finds nothing in it, and the clients that three generators make of it
//! compile and work.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use gangway::{domain::session::ExternalId, web::routes::api};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{HOST_KEY, TestApp};

fn judges() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges")
}

fn node(script: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(judges().join("node_modules").join(script));
    command
}

/// What it printed, if it went well.
async fn said(mut command: Command) -> String {
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    let output = output.expect("the judges are installed: tests/run does it");
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{complained}");
    said.into_owned()
}

/// The document in a folder of its own.
async fn document(app: &TestApp) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("openapi.json");
    let answer = app.request("GET", api::OPENAPI).send().await.unwrap();
    std::fs::write(&file, answer.bytes().await.unwrap()).unwrap();
    (folder, file)
}

/// A program of the judges, compiled beside what was generated.
async fn compiled(folder: &TempDir, program: &str) {
    std::fs::copy(judges().join("clients").join(program), folder.path().join(program)).unwrap();
    let mut compiler = node("typescript/bin/tsc");
    compiler.arg(folder.path().join(program));
    compiler.args(["--strict", "--target", "es2022", "--lib", "es2022,dom,dom.iterable", "--module", "commonjs"]);
    compiler.args(["--types", "node", "--typeRoots"]).arg(judges().join("node_modules/@types"));
    compiler.arg("--outDir").arg(folder.path().join("js"));
    said(compiler).await;
}

/// A running Gangway in which Jane has linked Slack, and her events.
async fn app() -> (TestApp, Value) {
    let app = TestApp::spawn().await;
    app.arrived().await.link_and_allow(&app.sandbox, "slack").await;
    let events = app.store.events(&ExternalId::parse("jane").unwrap(), 0).await.unwrap();
    let bodies = events.iter().map(|event| serde_json::from_str::<Value>(&event.body).unwrap());
    (app, bodies.collect())
}

fn learned(printed: &str) -> Value {
    serde_json::from_str(printed.lines().last().unwrap_or_default()).unwrap_or_else(|_| panic!("{printed}"))
}

async fn apps(app: &TestApp) -> Value {
    let (_, answer) = app.api("GET", "/connectors", None).await;
    answer["connectors"].as_array().unwrap().iter().map(|app| app["id"].clone()).collect()
}

#[tokio::test]
async fn linter_finds_nothing_in_the_document() {
    let app = TestApp::spawn_with(|settings| {
        settings.server.public_url = "https://connect.acme.test".parse().unwrap();
    })
    .await;
    let (folder, file) = document(&app).await;
    let lint = || {
        let mut linter = node("@redocly/cli/bin/cli.js");
        linter.args(["lint", "--extends=recommended", "--format=json"]).arg(&file).current_dir(folder.path());
        linter.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
        linter
    };
    let found: Value = serde_json::from_str(&said(lint()).await).unwrap();
    assert_eq!(found["totals"], json!({ "errors": 0, "warnings": 0, "ignored": 0 }), "{found}");
    let broken = std::fs::read_to_string(&file).unwrap().replace("\"servers\"", "\"x-servers\"");
    std::fs::write(&file, broken).unwrap();
    assert!(!lint().output().unwrap().status.success(), "the linter finds what is missing");
}

#[tokio::test]
async fn openapi_typescript_tells_the_events_apart() {
    let app = TestApp::spawn().await;
    let (folder, file) = document(&app).await;
    let mut generator = node("openapi-typescript/bin/cli.js");
    generator.arg(&file).arg("-o").arg(folder.path().join("schema.d.ts")).current_dir(folder.path());
    said(generator).await;
    compiled(&folder, "types.ts").await;
}

#[tokio::test]
async fn client_of_hey_api_works() {
    let (app, _) = app().await;
    let (folder, file) = document(&app).await;
    let mut generator = node("@hey-api/openapi-ts/bin/run.js");
    generator.arg("-i").arg(&file).arg("-o").arg(folder.path().join("client"));
    generator.args(["-c", "@hey-api/client-fetch", "--silent", "--no-log-file"]).current_dir(folder.path());
    said(generator).await;
    compiled(&folder, "calls.ts").await;
    let mut host = Command::new("node");
    host.arg(folder.path().join("js/calls.js")).env("GANGWAY_URL", &app.url).env("GANGWAY_API_KEY", HOST_KEY);
    let expected =
        json!({ "state": "waiting", "refused": "connector", "apps": apps(&app).await, "connections": ["slack"] });
    assert_eq!(learned(&said(host).await), expected);
}

#[tokio::test]
async fn client_of_openapi_python_client_works() {
    let (app, events) = app().await;
    let (folder, file) = document(&app).await;
    let python = |program: &str| {
        let mut command = Command::new(judges().join("venv/bin").join(program));
        command.current_dir(folder.path()).env("PYTHONDONTWRITEBYTECODE", "1").env("NO_PROXY", "*");
        command
    };
    let mut generator = python("openapi-python-client");
    generator.args(["generate", "--meta", "none", "--fail-on-warning", "--path"]).arg(&file);
    generator.arg("--config").arg(judges().join("clients/python-client.yml"));
    generator.arg("--output-path").arg(folder.path().join("gangway_client"));
    said(generator).await;
    let mut host = python("python");
    host.arg(judges().join("clients/calls.py")).env("PYTHONPATH", folder.path()).env("EVENTS", events.to_string());
    host.env("GANGWAY_URL", &app.url).env("GANGWAY_API_KEY", HOST_KEY);
    let learned = learned(&said(host).await);
    let credential = &app.connections("jane").await[0]["credential_id"];
    let expected = json!({
        "state": "waiting", "refused": "connector", "apps": apps(&app).await, "connections": ["slack"],
        "events": [credential, credential],
    });
    assert_eq!(learned, expected);
}
