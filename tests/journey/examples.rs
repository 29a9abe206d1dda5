//! The examples of docs/examples do what docs/host-guide.md says of them, each in its language, from the button to the
//! event.

use std::process::Command;

use gangway::{
    config::VerifyCompletion,
    domain::clock::{Clock as _, SystemClock},
};
use serde_json::json;
use standardwebhooks::Webhook;

use crate::{
    acme::{Acme, example, python, typescript},
    app::{API_KEY, HOST_KEY, HOST_ORIGIN, TestApp},
    browser::{Browser, Page},
    program::Program,
    provider::press,
    receiver::SECRETS,
};

/// The example in that language; the tests are the same for both.
macro_rules! in_each_language {
    ($($story:ident),+) => {
        mod typescript_example {
            $(#[tokio::test] async fn $story() { super::$story("host.ts").await; })+
        }
        mod python_example {
            $(#[tokio::test] async fn $story() { super::$story("host.py").await; })+
        }
    };
}

pub(crate) use in_each_language;

in_each_language!(
    slack_is_connected_and_disconnected,
    only_what_gangway_signed_counts_and_once,
    the_host_says_who_came_back,
    what_was_not_connected_is_told_with_its_reason
);

async fn slack_is_connected_and_disconnected(name: &str) {
    let acme = Acme::open(name, |_| ()).await;
    assert!(acme.home().await.text().contains("Nothing yet"));
    let last = acme.arrived().await.link_and_allow(&acme.app.sandbox, "slack").await;
    let page = acme.back(&last).await;
    assert_eq!(page.all("[role=status]"), ["Slack is connected."]);
    assert_eq!(acme.app.connections("user-1").await.len(), 1);
    let told = ["connection.linked slack", "link_attempt.ended slack"];
    acme.app.until("the events", async || acme.told().await == told).await;

    let mut host = acme.browser();
    let credential = page.attributes("form[action='/disconnect'] button", "value").remove(0);
    let forged = host.post_from("https://evil.example", "/disconnect", &[("credential", &credential)]).await;
    assert_eq!(forged.status, 403);
    let done = host.submit(&page, "/disconnect", &[("credential", &credential)]).await;
    assert_eq!((done.status, done.location()), (303, "/"));
    assert!(acme.home().await.text().contains("Nothing yet"));
    acme.app.until("the deletion", async || acme.app.held("user-1").is_empty()).await;
    let told = [told.as_slice(), &["connection.removed slack"]].concat();
    acme.app.until("the third event", async || acme.told().await == told).await;

    acme.app.server.stop(true).await;
    let page = host.get("/").await;
    assert_eq!((page.status, page.all("[role=alert]").len()), (502, 1), "it says so when Gangway is away");
}

/// Posts an event to the host as somebody would who knows that secret.
async fn post(acme: &Acme, secret: &str, id: &str, age: i64, change: impl FnOnce(String) -> String) -> u16 {
    let at = SystemClock.now().unix_timestamp() - age;
    let body = json!({ "type": "connection.linked", "data": { "user_id": "user-1", "connector": id } }).to_string();
    let signature = Webhook::new(secret).unwrap().sign(id, at, body.as_bytes()).unwrap();
    let request = reqwest::Client::builder().no_proxy().build().unwrap().post(format!("{}/hooks", acme.url));
    let headers = [("id", id.to_owned()), ("timestamp", at.to_string()), ("signature", format!("v1,AAAA {signature}"))];
    let signed =
        headers.iter().fold(request, |request, (name, value)| request.header(format!("webhook-{name}"), value));
    signed.body(change(body)).send().await.unwrap().status().as_u16()
}

async fn only_what_gangway_signed_counts_and_once(name: &str) {
    let acme = Acme::open(name, |_| ()).await;
    let [stranger, ours] = SECRETS;
    let as_it_is = |body| body;
    assert_eq!(post(&acme, ours, "first", 0, as_it_is).await, 204);
    assert_eq!(post(&acme, ours, "tampered", 0, |body| body.replace("linked", "removed")).await, 401);
    assert_eq!(post(&acme, stranger, "stranger", 0, as_it_is).await, 401);
    assert_eq!(post(&acme, ours, "stale", 301, as_it_is).await, 401);
    assert_eq!(post(&acme, ours, "early", -310, as_it_is).await, 401);
    assert_eq!(post(&acme, ours, "first", 0, as_it_is).await, 204);
    assert_eq!(acme.told().await, ["connection.linked first"]);
    let bare = acme.browser().send(reqwest::Method::POST, "/hooks", &[], Some(&[])).await;
    assert_eq!(bare.status, 401, "without any signature");

    // Gangway itself sends once more what it has sent.
    acme.app.happens_to("user-1").await;
    let delivered = async |tries| {
        let found = acme.app.deliveries("?user=user-1&state=delivered").await;
        found.first().filter(|one| one["tries"].as_array().unwrap().len() == tries).map(|one| one["id"].clone())
    };
    acme.app.until("the event", async || delivered(1).await.is_some()).await;
    let id = delivered(1).await.unwrap();
    let (status, _) = acme.app.api("POST", &format!("/webhook-deliveries/{}/replay", id.as_str().unwrap()), None).await;
    assert_eq!(status, 202);
    acme.app.until("the repeat", async || delivered(2).await.is_some()).await;
    assert_eq!(acme.told().await, ["connection.linked first", "link_attempt.ended slack"]);
    let (status, answer) = acme.app.api("POST", "/webhook-deliveries/test", None).await;
    assert_eq!((status, &answer["delivered"]), (200, &json!(true)), "{answer}");
    assert_eq!(acme.told().await.len(), 2, "a test says nothing of any user");
}

async fn the_host_says_who_came_back(name: &str) {
    let acme = Acme::open(name, |settings| settings.host.verify_completion = VerifyCompletion::Always).await;
    let last = acme.arrived().await.link_and_allow(&acme.app.sandbox, "slack").await;
    assert!(last.location().contains("&gangway_completion="), "{}", last.location());
    assert!(acme.app.connections("user-1").await.is_empty());
    let redeemed = acme.back(&last).await;
    assert_eq!(redeemed.status, 303, "{}", redeemed.text());
    assert!(!redeemed.location().contains("gangway_completion"), "the code stays in no address bar");
    let page = acme.back(&redeemed).await;
    assert_eq!(page.all("[role=status]"), ["Slack is connected."]);
    let attempt = acme.app.last_attempt("user-1", "slack").await;
    let steps = attempt["timeline"].as_array().unwrap();
    assert!(steps.iter().any(|step| step["event"] == "completed"), "{attempt}");
}

async fn what_was_not_connected_is_told_with_its_reason(name: &str) {
    let acme = Acme::open(name, |_| ()).await;
    let mut browser = acme.arrived().await;
    let leaving = browser.leave_for("slack").await;
    let back = press(&acme.app.sandbox, &leaving, "Cancel").await.unwrap();
    let denied = browser.come_back(&back).await;
    let away = denied.attributes("a.button", "href");
    let home = away.iter().find(|address| address.starts_with(&acme.url)).expect("a way back to the host");
    let page = acme.browser().navigate(home, "cross-site").await;
    let said = page.all("[role=status]").remove(0);
    assert!(said.starts_with("Slack is not connected. It was cancelled"), "{said}");
    let attempt = acme.app.last_attempt("user-1", "slack").await;
    assert!(
        said.ends_with(&format!("(access_denied, reference {})", attempt["reference"].as_str().unwrap())),
        "{said}"
    );

    // Whoever types another user's attempt, or one that is none, learns nothing and is not told that it worked.
    let sam = json!({ "user": { "id": "sam" } });
    acme.app.session_with(sam.clone()).await;
    acme.app.happens_to("sam").await;
    let other = acme.app.last_attempt("sam", "slack").await;
    let typed = format!("/?gangway_attempt_id={}&gangway_state=linked", other["id"].as_str().unwrap());
    let page = acme.browser().get(&typed).await;
    assert!(page.text().contains("begun by another user"), "{}", page.text());
    let [path, words] = [format!("..%2Flink-attempts%2F{}", other["id"].as_str().unwrap()), "two%20words".to_owned()];
    for id in [path, words] {
        let page = acme.browser().get(&format!("/?gangway_attempt_id={id}&gangway_state=linked")).await;
        assert_eq!((page.status, page.text().contains("is connected")), (502, false), "{}", page.text());
    }
}

/// The example for the shell, with these words.
pub(crate) fn shell(app: &TestApp, words: &[&str]) -> Program {
    let mut command = Command::new("bash");
    command.arg(example("host.sh")).args(words).env("GANGWAY_URL", &app.url).env("GANGWAY_API_KEY", HOST_KEY);
    command.env("ALLOY_URL", app.sandbox.base_url()).env("ALLOY_API_KEY", API_KEY);
    Program::start(command)
}

/// What it printed, if it went well.
pub(crate) async fn said(program: Program) -> String {
    let (status, lines) = program.ended().await;
    assert!(status.success(), "{lines:?}");
    lines.join("\n")
}

/// The shell example asks for a link, and somebody opens it.
async fn opened(app: &TestApp) -> (Program, Browser) {
    let mut program = shell(app, &["connect"]);
    let line = program.line().await.unwrap();
    assert!(line.starts_with("Open this link in a browser. It works once, until 20"), "{line}");
    let link = program.line().await.unwrap();
    let mut browser = app.browser();
    let page = browser.navigate(&link, "none").await;
    assert_eq!(browser.submit(&page, "/start", &[]).await.status, 307, "{}", page.text());
    (program, browser)
}

#[tokio::test]
async fn the_shell_connects_lists_and_takes_away() {
    let app = TestApp::spawn().await;
    let (mut program, mut browser) = opened(&app).await;
    let leaving = browser.leave_for("slack").await;
    assert!(program.line().await.unwrap().starts_with("It is begun."));
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    browser.come_back(&back).await;
    let credential = app.connections("user-1").await[0]["credential_id"].as_str().unwrap().to_owned();
    let linked = format!("slack is connected for user-1. Its credential_id is {credential}");
    assert_eq!(said(program).await, linked);
    assert!(said(shell(&app, &["connections"])).await.contains(&credential));
    assert_eq!(said(shell(&app, &["disconnect", &credential])).await, format!("{credential} is taken away."));
    assert!(app.connections("user-1").await.is_empty() && app.held("user-1").is_empty());

    let (status, lines) = shell(&app, &["disconnect", "no-such-thing"]).ended().await;
    assert!(!status.success() && lines.concat().contains("Nothing is there."), "{lines:?}");
    assert_eq!(shell(&app, &["what"]).ended().await.0.code(), Some(2));
}

#[tokio::test]
async fn the_shell_says_who_came_back_and_why_it_was_not_connected() {
    let app = TestApp::spawn_with(|settings| settings.host.verify_completion = VerifyCompletion::Links).await;
    let (program, mut browser) = opened(&app).await;
    let page = browser.link_and_allow(&app.sandbox, "slack").await;
    let address = url::Url::parse(page.location()).unwrap();
    let code = address.query_pairs().find(|(name, _)| name == "gangway_completion").unwrap().1;
    let told = said(shell(&app, &["complete", &code])).await;
    assert!(told.starts_with("Gangway knows now that it was user-1: linked."), "{told}");
    assert!(told.contains("?gangway_attempt_id="), "{told}");
    assert!(said(program).await.ends_with(&app.connections("user-1").await[0]["credential_id"].as_str().unwrap()));

    let (program, mut browser) = opened(&app).await;
    let leaving = browser.leave_for("slack").await;
    let back = press(&app.sandbox, &leaving, "Cancel").await.unwrap();
    browser.come_back(&back).await;
    let (status, lines) = program.ended().await;
    let attempt = app.last_attempt("user-1", "slack").await;
    let reference = attempt["reference"].as_str().unwrap();
    assert_eq!(status.code(), Some(1));
    let last = format!("slack is not connected: denied, because of access_denied. The reference is {reference}");
    assert_eq!(lines.last(), Some(&last));
}

#[tokio::test]
async fn the_button_with_a_token_hands_over() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("acme.pem");
    let openssl = |words: &str| {
        let output = Command::new("openssl").args(words.split(' ')).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    openssl("genpkey -algorithm ed25519 -out acme.pem");
    let public = openssl("pkey -in acme.pem -pubout");
    let app = TestApp::spawn_with(|settings| {
        settings.host.token_issuer = Some(HOST_ORIGIN.to_owned());
        settings.host.token_keys = vec![public];
        settings.host.return_urls = vec![HOST_ORIGIN.parse().unwrap()];
    });
    let app = app.await;
    for mut command in [typescript("hand_over.ts"), python("hand_over.py")] {
        command.env("GANGWAY_PUBLIC_URL", &app.url).env("ACME_URL", HOST_ORIGIN).env("ACME_KEY_FILE", &file);
        let body = said(Program::start(command)).await;
        let page = Page { status: 200, headers: reqwest::header::HeaderMap::default(), body };
        let token = page.form(&format!("{}/start", app.url)).remove(0).1;
        let mut browser = app.browser();
        let arriving = browser.post_from(HOST_ORIGIN, "/start", &[("token", &token)]).await;
        assert_eq!((arriving.status, arriving.location()), (303, "/connectors/slack?arrived=1"));
        let connected = browser.link_and_allow(&app.sandbox, "slack").await;
        assert_eq!(connected.heading(), "Slack is connected");
    }
    assert_eq!(app.connections("user-1").await.len(), 2);
}
