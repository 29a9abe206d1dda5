//! Findings of the online checks. A mock server on this machine replaces Alloy.

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc2822, macros::datetime};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path},
};

use super::{rendered, settings};
use crate::{
    cli::check::online,
    config::{Finding, Fix, Severity},
    domain::clock::Clock,
};

const NOW: OffsetDateTime = datetime!(2026-03-03 12:00 UTC);

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> OffsetDateTime {
        NOW
    }
}

/// Findings of the online checks with that server as Alloy and as our own address.
async fn found(alloy: &MockServer, file: &str) -> Vec<Finding> {
    let addresses = format!("server.public_url = '{0}'\nalloy.base_url = '{0}'", alloy.uri());
    let found = online(&settings(&[&addresses, file]), &Stopped).await;
    assert!(!rendered(&found).contains("canary"), "{found:?}");
    found
}

fn answer(status: u16) -> ResponseTemplate {
    dated(status, Duration::ZERO)
}

fn dated(status: u16, apart: Duration) -> ResponseTemplate {
    let date = (NOW + apart).format(&Rfc2822).unwrap().replace("+0000", "GMT");
    ResponseTemplate::new(status).insert_header("date", date.as_str())
}

fn html(verb: &str) -> ResponseTemplate {
    answer(404).set_body_raw(format!("<pre>Cannot {verb} /connectors</pre>"), "text/html")
}

async fn serve(alloy: &MockServer, verb: &str, at: &str, answer: ResponseTemplate) {
    Mock::given(method(verb)).and(path(at)).respond_with(answer).mount(alloy).await;
}

async fn with_catalogue(ids: &[&str]) -> MockServer {
    let alloy = MockServer::start().await;
    let entries: Vec<Value> = ids.iter().map(|id| json!({"id": id, "name": id})).collect();
    Mock::given(method("GET"))
        .and(path("/connectors"))
        .and(header("authorization", "Bearer sk-canary-0123456789abcdef"))
        .and(header("x-api-version", "2025-09"))
        .respond_with(answer(200).set_body_json(json!({"connectors": entries})))
        .mount(&alloy)
        .await;
    alloy
}

fn line(finding: &Finding) -> &str {
    match &finding.fix {
        Some(Fix::Line(line) | Fix::Heading(line) | Fix::Command(line)) => line,
        None => "",
    }
}

#[tokio::test]
async fn working_alloy_has_no_findings() {
    let alloy = with_catalogue(&["slack", "zohoCRM"]).await;
    serve(
        &alloy,
        "GET",
        "/connectors/slack/credentials/metadata",
        answer(200).set_body_json(json!({"metadata": [{"authenticationType": "oauth2"}]})),
    )
    .await;
    assert_eq!(found(&alloy, "connectors = { allowed = ['Slack', 'zohocrm'] }").await, []);
}

#[tokio::test]
async fn key_version_and_url_errors_are_distinguished() {
    let cases = [
        (
            answer(401).set_body_json(json!({"message": "Invalid Authorization"})),
            answer(401),
            "",
            "alloy.api_key",
            "YOUR-ALLOY-KEY",
        ),
        (html("GET"), html("POST"), "alloy.api_version = '2024-01'", "alloy.api_version", r#"api_version = "2025-09""#),
        (html("GET"), html("POST"), "", "alloy.base_url", r#"base_url = "https://production.runalloy.com""#),
        (html("GET"), answer(401), "", "alloy.api_key", "YOUR-ALLOY-KEY"),
        (answer(200).set_body_string("hello"), answer(200), "", "alloy.base_url", "production"),
        (
            answer(302).insert_header("location", "https://me:canary@elsewhere.test/"),
            answer(302),
            "",
            "alloy.base_url",
            "production",
        ),
        (html("GET"), answer(400), "", "connectors.slack.name", r#"name = "Slack""#),
    ];
    for (get, post, file, setting, fix) in cases {
        let alloy = MockServer::start().await;
        serve(&alloy, "GET", "/connectors", get).await;
        serve(&alloy, "POST", "/connectors/slack/credentials", post).await;
        let found = found(&alloy, file).await;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].setting.as_str(), found[0].severity), (setting, Severity::Error));
        assert!(line(&found[0]).contains(fix), "{:?}", found[0]);
    }
}

#[tokio::test]
async fn missing_catalogue_is_a_note_with_named_apps() {
    let alloy = MockServer::start().await;
    serve(&alloy, "GET", "/connectors", html("GET")).await;
    serve(&alloy, "POST", "/connectors/slack/credentials", answer(400)).await;
    let found = found(&alloy, "connectors.slack.name = 'Slack'").await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].setting.as_str(), found[0].severity), ("connectors", Severity::Note));
}

#[tokio::test]
async fn alloy_outage_is_warning_and_unreachable_is_error() {
    for (status, word) in
        [(503, "in trouble just now (503)"), (429, "too many calls"), (418, "does not document (418)")]
    {
        let alloy = MockServer::start().await;
        serve(&alloy, "GET", "/connectors", answer(status)).await;
        let found = found(&alloy, "").await;
        assert_eq!(found[0].severity, Severity::Warning);
        assert!(found[0].meaning.contains(word), "{found:?}");
    }
    let gone = closed_port();
    let file = format!(
        "server.public_url = 'http://{gone}'\nalloy.base_url = 'http://{gone}'\nstore.url = 'postgres://me:canary@{gone}/gangway'"
    );
    let found = online(&settings(&[&file]), &Stopped).await;
    let named: Vec<(&str, Severity)> =
        found.iter().map(|finding| (finding.setting.as_str(), finding.severity)).collect();
    assert_eq!(
        named,
        [("alloy.base_url", Severity::Error), ("store.url", Severity::Error), ("server.public_url", Severity::Note)]
    );
    assert!(!rendered(&found).contains("canary"), "{found:?}");
}

/// An address of this machine where nothing listens.
fn closed_port() -> std::net::SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

#[tokio::test]
async fn clock_difference_is_reported() {
    for (apart, current) in
        [(-300, Some("300 seconds ahead of Alloy's")), (61, Some("61 seconds behind Alloy's")), (60, None)]
    {
        let alloy = MockServer::start().await;
        let fine = dated(200, Duration::seconds(apart)).set_body_json(json!({"connectors": []}));
        serve(&alloy, "GET", "/connectors", fine).await;
        let found = found(&alloy, "").await;
        assert_eq!(found.first().map(|finding| finding.current.as_str()), current, "{found:?}");
    }
}

#[tokio::test]
async fn unknown_apps_are_named_with_nearest_spelling() {
    let alloy = with_catalogue(&["slack", "hubspot", "zohoCRM"]).await;
    let file = "connectors = { allowed = ['slak', 'hubspot', 'qqqq'], hub-spot = { name = 'HubSpot' } }";
    let found = found(&alloy, file).await;
    let rendered: Vec<(&str, &str, &str)> =
        found.iter().map(|finding| (finding.setting.as_str(), finding.meaning.as_str(), line(finding))).collect();
    let allowed = r#"allowed = ["slack","hubspot"]"#;
    assert_eq!(
        rendered,
        [
            ("connectors.allowed", "your Alloy account has no app slak; did you mean slack?", allowed),
            ("connectors.allowed", "your Alloy account has no app qqqq; it is not offered", allowed),
            (
                "connectors.hub-spot",
                "your Alloy account has no app hub-spot; did you mean hubspot?",
                "[connectors.hubspot]"
            ),
        ]
    );
}

#[tokio::test]
async fn missing_auth_config_is_named() {
    let alloy = with_catalogue(&["slack", "hubspot"]).await;
    let needs = json!({"metadata": [{"authenticationType": "oauth2", "authConfigRequired": true, "inputSchema": {}}]});
    serve(&alloy, "GET", "/connectors/slack/credentials/metadata", answer(200).set_body_json(&needs)).await;
    let either = json!({"metadata": [needs["metadata"][0], {"authenticationType": "apiKey"}]});
    serve(&alloy, "GET", "/connectors/hubspot/credentials/metadata", answer(200).set_body_json(either)).await;
    let missing = found(&alloy, "connectors.allowed = ['slack', 'hubspot']").await;
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert_eq!(missing[0].setting, "connectors.slack.auth_config_id");
    assert_eq!(line(&missing[0]), r#"auth_config_id = "YOUR-AUTH-CONFIG-ID""#);
    let set = "connectors = { allowed = ['slack'], slack = { auth_config_id = '67a37f29e0aa276e50d7253a' } }";
    assert_eq!(found(&alloy, set).await, []);
}

#[tokio::test]
async fn unreachable_receiver_is_named() {
    let (alloy, receiver) = (with_catalogue(&["slack"]).await, MockServer::start().await);
    let webhook = |url: &str, allow: bool| {
        format!("webhook = {{ url = '{url}', secrets = ['whsec_{}'], allow_private = {allow} }}", "a".repeat(32))
    };
    // The receiver's response does not matter.
    assert_eq!(found(&alloy, &webhook(&receiver.uri(), true)).await, []);
    let plain = receiver.uri().replace("http:", "https:");
    let closed = format!("http://{}/hooks", closed_port());
    for (url, meaning) in [
        (closed.as_str(), "there is no connection to it"),
        ("https://nowhere.invalid/hooks", "its name leads nowhere from here"),
        (&plain, "its certificate or its TLS is not as it should be"),
    ] {
        let found = found(&alloy, &webhook(url, true)).await;
        assert_eq!(found.len(), 1, "{url}: {found:?}");
        assert_eq!((found[0].setting.as_str(), found[0].severity), ("webhook.url", Severity::Warning));
        assert!(found[0].meaning.starts_with(meaning), "{url}: {found:?}");
    }
}
