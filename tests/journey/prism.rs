//! Alloy's one documented endpoint, served by Prism from its OpenAPI description. Every other call is answered 404 or 405,
//! with JSON of another form than Alloy's.

use std::{path::Path, process::Command};

use gangway::config::ConnectorSettings;
use serde_json::json;
use time::Duration;

use crate::{app::TestApp, process::free_port, program::Program};

/// Prism, listening.
pub(crate) struct Prism {
    _program: Program,
    pub url: String,
}

impl Prism {
    pub(crate) async fn start() -> Self {
        let (judges, port) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges"), free_port());
        let mut command = Command::new("node");
        command.arg(judges.join("node_modules/@stoplight/prism-cli/dist/index.js"));
        command.args(["mock", "--host", "127.0.0.1", "--port", &port.to_string()]);
        command.arg(judges.join("alloy-openapi.yaml"));
        let mut program = Program::start(command);
        while !program.line().await.expect("Prism ended").contains("is listening on") {}
        Self { _program: program, url: format!("http://127.0.0.1:{port}") }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_endpoint_of_prism_is_enough_for_the_journey() {
    let prism = Prism::start().await;
    let app = TestApp::spawn_with(|settings| {
        settings.alloy.base_url = prism.url.parse().unwrap();
        settings.connectors.allowed = vec!["slack".to_owned(), "notion".to_owned()];
        let slack = ConnectorSettings { enabled: true, name: Some("Slack".to_owned()), ..ConnectorSettings::default() };
        settings.connectors.each.insert("slack".to_owned(), ConnectorSettings { id: "slack".to_owned(), ..slack });
    })
    .await;
    let user = json!({ "id": "jane", "alloy_user_id": "5eba51a03fe9631316668514" });
    let mut jane = app.arrived_with(json!({ "user": user })).await;
    assert_eq!(jane.get("/connectors").await.all("section ul.rows b"), ["Notion", "Slack"]);
    // Prism answers with the example of the description, which leads nowhere: the browser returns by our own address.
    let leaving = jane.leave_for("slack").await;
    assert!(leaving.starts_with("http://localhost:4040/api/strategy/connector/slack/authorize?"), "{leaving}");
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!(attempt["state"], "pending", "{attempt}");
    let page = jane.get(&format!("/attempts/{}", attempt["id"].as_str().unwrap())).await;
    assert_eq!(page.status, 200);
    app.clock.pass(Duration::minutes(66));
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!((&attempt["state"], &attempt["reason"]), (&json!("expired"), &json!("no_return")), "{attempt}");
    // A user whom Alloy is to make cannot be made, and that is said.
    let sam = app.arrived_with(json!({ "user": { "id": "sam" } })).await.get("/connectors/slack").await;
    assert_eq!(sam.status, 200);
}
