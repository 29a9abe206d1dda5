//! Every curl of docs/host-guide.md does what the guide says, in the order in which it says it.

use std::{
    path::Path,
    process::{Command, ExitStatus},
};

use gangway::config::VerifyCompletion;
use serde_json::{Value, json};

use crate::{
    app::{API_KEY, HOST_KEY, TestApp},
    program::Program,
    receiver::Receiver,
};

/// The guide's commands that call Gangway and Alloy, and what a reader has at hand for them.
struct Reader {
    gangway: String,
    alloy: String,
    curls: std::vec::IntoIter<String>,
    noted: Vec<(&'static str, String)>,
}

impl Reader {
    fn new(app: &TestApp) -> Self {
        let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/host-guide.md");
        let guide = std::fs::read_to_string(guide).unwrap();
        let blocks = guide.split("\n```").skip(1).step_by(2);
        let blocks = blocks.filter_map(|block| block.strip_prefix("sh\n")).filter(|block| block.contains("curl "));
        Self {
            gangway: app.url.clone(),
            alloy: app.sandbox.base_url().to_owned(),
            curls: blocks.map(str::to_owned).collect::<Vec<_>>().into_iter(),
            noted: Vec::new(),
        }
    }

    /// Keeps a value that the guide's commands name.
    fn note(&mut self, name: &'static str, value: &str) {
        self.noted.push((name, value.to_owned()));
    }

    /// The next command, which is to call that address.
    fn next(&mut self, address: &str) -> String {
        let curl = self.curls.next().expect("the guide has one more");
        let called = ["$GANGWAY_URL/api/v1", "$GANGWAY_URL", "$ALLOY_URL"].map(|at| format!("{at}{address}\""));
        assert!(called.iter().any(|called| curl.contains(called)), "{address}: {curl}");
        curl
    }

    /// Runs it as it stands there; what is refused is a failure.
    async fn run(&self, curl: &str) -> Value {
        let (status, told) = self.output(curl).await;
        assert!(status.success(), "{curl}: {told}");
        if told.is_empty() { Value::Null } else { serde_json::from_str(&told).unwrap() }
    }

    async fn output(&self, curl: &str) -> (ExitStatus, String) {
        let script = format!("set -euo pipefail; curl() {{ command curl --fail-with-body \"$@\"; }}\n{curl}");
        let mut command = Command::new("bash");
        command.args(["-c", &script]).env("GANGWAY_URL", &self.gangway).env("GANGWAY_API_KEY", HOST_KEY);
        command.env("ALLOY_URL", &self.alloy).env("ALLOY_API_KEY", API_KEY);
        command.envs(self.noted.iter().map(|(name, value)| (name, value)));
        let (status, lines) = Program::start(command).ended().await;
        (status, lines.concat())
    }

    async fn run_next(&mut self, address: &str) -> Value {
        let curl = self.next(address);
        self.run(&curl).await
    }
}

async fn app(receiver: &Receiver) -> TestApp {
    TestApp::spawn_with(|settings| {
        settings.host.verify_completion = VerifyCompletion::Links;
        receiver.is_of(settings);
    })
    .await
}

#[tokio::test]
async fn every_curl_of_the_guide_does_what_it_says() {
    let receiver = Receiver::listen();
    let app = app(&receiver).await;
    let mut reader = Reader::new(&app);

    let session = reader.run_next("/connect-sessions").await;
    reader.note("WATCH", session["watch"].as_str().unwrap());
    let (mut jane, page) = app.opened(&session).await;
    assert_eq!(jane.submit(&page, "/start", &[]).await.status, 307);
    let back = jane.link_and_allow(&app.sandbox, "slack").await;
    let address = url::Url::parse(back.location()).unwrap();
    let brought = |name| address.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned();
    assert_eq!(brought("gangway_state"), "pending");
    reader.note("CODE", &brought("gangway_completion"));
    let completed = reader.run_next("/link-attempts/complete").await;
    assert_eq!(completed["state"], "linked", "{completed}");
    reader.note("ATTEMPT", &brought("gangway_attempt_id"));
    reader.note("CREDENTIAL", completed["credential_id"].as_str().unwrap());
    let connections = reader.run_next("/users/user-1/connections").await;
    assert_eq!(connections["connections"][0]["credential_id"], completed["credential_id"]);

    assert_eq!(reader.run_next("/webhook-deliveries/test").await["delivered"], true);
    let attempt = reader.run_next("/link-attempts/$ATTEMPT?wait=30").await;
    assert_eq!((&attempt["state"], &attempt["id"]), (&json!("linked"), &completed["id"]));
    let attempts = reader.run_next("/link-attempts?user=user-1&limit=20").await;
    assert_eq!(attempts["link_attempts"][0], attempt);
    let outcome = reader.run_next("/embed/outcome?wait=25&seen=4").await;
    assert_eq!((&outcome["outcome"], &outcome["attempts"][0]["id"]), (&json!("linked"), &attempt["id"]));
    assert_eq!(reader.run_next("/users/user-1/connections").await, connections);
    let user = reader.run_next("/users/user-1").await;
    assert_eq!(user["alloy_user_id"], connections["connections"][0]["alloy_user_id"]);

    let anew = uses_it(&app, &mut reader, &connections["connections"][0]).await;
    reader.note("SESSION", anew["id"].as_str().unwrap());

    assert_eq!(reader.run_next("/users/user-1/connections/$CREDENTIAL").await, Value::Null);
    assert!(app.connections("user-1").await.is_empty());
    reader.run_next("/connect-sessions/$SESSION").await;
    let (_, ended) = app.api("GET", &format!("/connect-sessions/{}", anew["id"].as_str().unwrap()), None).await;
    assert_eq!(ended["state"], "ended");
    reader.run_next("/users/user-1?credentials=delete").await;
    assert_eq!(app.api("GET", &format!("/link-attempts/{}", brought("gangway_attempt_id")), None).await.0, 404);

    let curl = reader.next("/connect-sessions");
    assert_eq!(reader.run(&curl).await, reader.run(&curl).await);
    assert_eq!(reader.curls.next(), None, "the guide has no other curl");
}

/// The chapter "Use it"; gives the session that asks for the connection to be made anew.
async fn uses_it(app: &TestApp, reader: &mut Reader, connection: &Value) -> Value {
    let alloy_user = app.sandbox.user("gangway-user-1").unwrap().user_id;
    assert_eq!((&connection["alloy_user_id"], &connection["status"]), (&json!(alloy_user), &json!("connected")));
    reader.note("ALLOY_USER", &alloy_user);
    let resources = reader.run_next("/connectors/slack/resources").await;
    assert!(resources.to_string().contains(r#""id":"chat_postMessage""#), "{resources}");
    let execute = reader.next("/connectors/slack/actions/chat_postMessage/execute");
    assert_eq!(reader.run(&execute).await["responseData"]["ok"], true);
    assert_eq!(app.sandbox.messages().last().unwrap().text, "Hello from Acme Notes");

    reader.run_next("/sandbox/revoke").await;
    let call = app.sandbox.calls().len();
    let refused = reader.output(&execute).await;
    assert!(!refused.0.success() && refused.1.contains("AUTHENTICATION_FAILED"), "{refused:?}");
    assert_eq!(app.sandbox.calls().len(), call + 1);
    assert_eq!(reader.run_next("/users/user-1/connections/$CREDENTIAL/refused").await, Value::Null);
    assert_eq!(app.connections("user-1").await[0]["status"], "needs_reconnect");
    reader.run_next("/connect-sessions").await
}
