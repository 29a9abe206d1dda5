//! A user disconnects an app: a page that asks, a press, and the word that it is done once the upstream did it.

use gangway::sandbox::{Fault, Route};
use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;

use crate::{
    app::{HOST_ORIGIN, RETURN_URL, TestApp},
    browser::{Browser, Page},
};

/// The address of the user's newest connection, by the host's API.
pub(crate) async fn address(app: &TestApp, user: &str) -> String {
    let connections = app.connections(user).await;
    format!("/connections/{}/disconnect", connections.last().unwrap()["credential_id"].as_str().unwrap())
}

/// Reads the page that asks, and presses its button.
pub(crate) async fn press(browser: &mut Browser, address: &str) -> Page {
    let page = browser.get(address).await;
    assert!(page.heading().starts_with("Disconnect "), "{}", page.text());
    let pressed = browser.submit(&page, address, &[]).await;
    assert_eq!(pressed.status, 303, "{}", pressed.text());
    pressed
}

/// How often a deletion was asked for, in either form.
pub(crate) fn deletions(app: &TestApp) -> usize {
    app.sandbox.count(Route::DeleteUserCredential) + app.sandbox.count(Route::DeleteCredential)
}

/// What a page says, but for the reference that each has.
fn said(page: &Page) -> (u16, String) {
    (page.status, page.text().replace(&page.reference(), ""))
}

#[tokio::test]
async fn connection_is_disconnected_after_confirmation() {
    let app = TestApp::spawn_with(|settings| {
        let slack = gangway::config::ConnectorSettings {
            enabled: true,
            revoke_url: Some("https://slack.com/apps/manage".parse().unwrap()),
            consent_name: Some("Notes Link".to_owned()),
            ..gangway::config::ConnectorSettings::default()
        };
        settings.connectors.each.insert("slack".to_owned(), slack);
    })
    .await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let address = address(&app, "jane").await;
    let page = jane.get(&address).await;
    assert_eq!((page.status, page.heading().as_str()), (200, "Disconnect Slack?"));
    assert!(page.text().contains("Acme Notes will no longer be able to use Jane's Slack."), "{}", page.text());
    assert!(page.text().contains("Slack may go on listing Notes Link until you remove it there."), "{}", page.text());
    assert_eq!(page.all("form button.primary"), ["Disconnect"]);
    assert_eq!(page.attributes("form a", "href"), ["/connectors/slack"]);
    assert_eq!((deletions(&app), app.connections("jane").await.len()), (0, 1), "nothing happened yet");

    let pressed = jane.submit(&page, &address, &[]).await;
    assert_eq!((pressed.status, pressed.location()), (303, address.as_str()));
    let done = jane.get(&address).await;
    assert_eq!((done.status, done.heading().as_str()), (200, "Slack is disconnected"));
    assert_eq!(
        (done.all("a.primary"), done.attributes("a.primary", "href")[0].as_str()),
        (vec!["Back to Acme Notes".to_owned()], RETURN_URL)
    );
    assert!(done.all("a.button").contains(&"Remove access at Slack too".to_owned()));
    assert_eq!((app.held("jane").len(), deletions(&app)), (0, 1));
    assert!(app.connections("jane").await.is_empty());
    assert!(!jane.get("/connectors").await.text().contains("Jane's Slack"));

    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!((attempt["state"].as_str(), attempt["reason"].as_str()), (Some("linked"), Some("new")));
    assert_eq!(attempt["timeline"].as_array().unwrap().last().unwrap()["event"], "removed");
    assert_eq!(app.events("jane").await, ["connection.linked", "link_attempt.ended", "connection.removed"]);
    // The page that said that it is connected, opened once more, does not say so any longer.
    let before = jane.get(&format!("/attempts/{}", attempt["id"].as_str().unwrap())).await;
    assert_eq!((before.status, before.location()), (303, address.as_str()));
}

#[tokio::test]
async fn connection_of_another_user_is_not_found() {
    let app = TestApp::spawn().await;
    let mut sam = app.arrived_with(json!({ "user": { "id": "sam" } })).await;
    sam.link_and_allow(&app.sandbox, "slack").await;
    let theirs = address(&app, "sam").await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let page = jane.get(&address(&app, "jane").await).await;
    let token = page.form(&address(&app, "jane").await).remove(0).1;
    let nothing = jane.get("/connections/67a37f29e0aa276e50d7253a/disconnect").await;
    assert_eq!(nothing.status, 404);
    for path in [theirs.as_str(), "/connections/x%20y/disconnect", "/connections/..%2Fx/disconnect"] {
        assert_eq!(said(&jane.get(path).await), said(&nothing), "{path}");
        assert_eq!(said(&jane.post(path, &[("form_token", &token)]).await), said(&nothing), "{path}");
    }
    assert_eq!((deletions(&app), app.connections("sam").await.len()), (0, 1));
    // Once it is disconnected, too.
    press(&mut sam, &theirs).await;
    assert_eq!(said(&jane.get(&theirs).await), said(&nothing));
    assert_eq!(said(&jane.post(&theirs, &[("form_token", &token)]).await), said(&nothing));
    assert_eq!(app.connections("jane").await.len(), 1);
}

#[tokio::test]
async fn session_for_some_apps_cannot_disconnect_others() {
    let app = TestApp::spawn().await;
    app.arrived().await.link_and_allow(&app.sandbox, "slack").await;
    let slack = address(&app, "jane").await;
    let mut jane = app.arrived_with(json!({ "connectors": ["notion"] })).await;
    let token = jane.get("/connectors/notion").await.form("/connectors/notion/link").remove(0);
    assert_eq!(jane.get(&slack).await.status, 404);
    assert_eq!(jane.post(&slack, &[(token.0.as_str(), token.1.as_str())]).await.status, 404);
    assert_eq!((deletions(&app), app.connections("jane").await.len()), (0, 1));
}

#[tokio::test]
async fn disconnecting_needs_our_own_form() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let address = address(&app, "jane").await;
    let token = jane.get(&address).await.form(&address).remove(0).1;
    let mut sam = app.arrived_with(json!({ "user": { "id": "sam" } })).await;
    let theirs = sam.get("/connectors/slack").await.form("/connectors/slack/link").remove(0).1;
    assert_eq!(jane.post(&address, &[]).await.status, 403);
    assert_eq!(jane.post(&address, &[("form_token", &theirs)]).await.status, 403);
    for origin in [HOST_ORIGIN, "https://evil.test"] {
        assert_eq!(jane.post_from(origin, &address, &[("form_token", &token)]).await.status, 403);
    }
    assert_eq!(jane.send(Method::HEAD, &address, &[], None).await.status, 200);
    let ours = [("sec-fetch-site", "same-origin")];
    assert_eq!(jane.send(Method::DELETE, &address, &ours, None).await.status, 405);
    assert_eq!(app.browser().get(&address).await.status, 401);
    assert_eq!((deletions(&app), app.connections("jane").await.len()), (0, 1));
    assert_eq!(jane.get(&address).await.heading(), "Disconnect Slack?", "nothing was kept either");
}

#[tokio::test]
async fn double_submission_is_one_deletion_and_one_event() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let address = address(&app, "jane").await;
    let page = jane.get(&address).await;
    let presses = (0..20).map(|_| {
        let (mut tab, page, address) = (jane.clone(), page.clone(), address.clone());
        tokio::spawn(async move {
            let pressed = tab.submit(&page, &address, &[]).await;
            assert_eq!(pressed.status, 303, "{}", pressed.text());
            // Whoever comes while another is at it waits for that.
            assert_eq!(tab.get(pressed.location()).await.heading(), "Slack is disconnected");
        })
    });
    for press in futures_util::future::join_all(presses).await {
        press.unwrap();
    }
    assert_eq!(deletions(&app), 1);
    assert_eq!(app.events("jane").await, ["connection.linked", "link_attempt.ended", "connection.removed"]);
}

#[tokio::test]
async fn external_connection_can_be_disconnected() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.get("/connectors").await;
    let user = app.sandbox.user("gangway-jane").unwrap().user_id;
    let made = app.sandbox.add_credential(&user, "notion").unwrap();
    let address = address(&app, "jane").await;
    press(&mut jane, &address).await;
    assert_eq!(jane.get(&address).await.heading(), "Notion is disconnected");
    assert!(app.held("jane").is_empty());
    let events = app.store.events(&gangway::domain::session::ExternalId::parse("jane").unwrap(), 0).await.unwrap();
    let [event] = events.as_slice() else { panic!("{events:?}") };
    let body: Value = serde_json::from_str(&event.body).unwrap();
    assert_eq!((&body["type"], &body["data"]["credential_id"]), (&json!("connection.removed"), &json!(made)));
    assert_eq!((&body["data"]["attempt_id"], &body["data"]["state"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn page_says_that_a_key_stays_valid() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.link("shippo", &[("data.token", "shippo_live_1")]).await;
    let address = address(&app, "jane").await;
    let words = "The key itself goes on working until you delete it at Shippo.";
    assert!(jane.get(&address).await.text().contains(words));
    press(&mut jane, &address).await;
    let done = jane.get(&address).await;
    assert!(done.text().contains(words), "{}", done.text());
    assert_eq!(done.heading(), "Shippo is disconnected");
}

#[tokio::test]
async fn reconnecting_creates_another_connection() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let first = address(&app, "jane").await;
    press(&mut jane, &first).await;
    app.pass_everywhere(Duration::minutes(2));
    assert_eq!(jane.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
    assert_eq!(app.connections("jane").await.len(), 1);
    let second = address(&app, "jane").await;
    assert_ne!(first, second);
    assert_eq!(jane.get(&first).await.heading(), "Slack is disconnected");
    press(&mut jane, &second).await;
    assert!(app.connections("jane").await.is_empty());
}

/// Connects Slack anew beside the connection that is there; gives the attempt's page.
async fn connected_anew(app: &TestApp, jane: &mut Browser) -> String {
    let replaces = app.connections("jane").await[0]["credential_id"].as_str().unwrap().to_owned();
    let page = jane.get(&format!("/connectors/slack?replaces={replaces}")).await;
    let leaving = jane.submit(&page, "/connectors/slack/link", &[]).await;
    let back = app.sandbox.approve(leaving.location()).unwrap().unwrap();
    let returned = jane.navigate(&back, "cross-site").await;
    assert!(jane.get(returned.location()).await.text().contains("The earlier connection Jane's Slack is still there."));
    returned.location().to_owned()
}

#[tokio::test]
async fn replaced_connection_is_removed_from_its_page() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let earlier = address(&app, "jane").await;
    let own = app.last_attempt("jane", "slack").await["id"].as_str().unwrap().to_owned();
    let attempt = connected_anew(&app, &mut jane).await;
    let id = attempt.trim_start_matches("/attempts/").to_owned();
    let token = jane.get(&earlier).await.form(&earlier).remove(0).1;
    let pressed = jane.post(&earlier, &[("form_token", &token), ("attempt", &id)]).await;
    assert_eq!((pressed.status, pressed.location()), (303, attempt.as_str()));
    let page = jane.get(&attempt).await;
    assert_eq!(page.heading(), "Slack is connected");
    assert!(page.attributes("main form[action*=disconnect]", "action").is_empty(), "{}", page.text());
    assert_eq!(app.connections("jane").await.len(), 1);
    // Any other attempt is no way on from here.
    let mut sam = app.arrived_with(json!({ "user": { "id": "sam" } })).await;
    sam.link_and_allow(&app.sandbox, "slack").await;
    let theirs = app.last_attempt("sam", "slack").await["id"].as_str().unwrap().to_owned();
    for other in [theirs.as_str(), own.as_str(), "x", "", "https://evil.test", "67a37f29-e0aa-276e-50d7-253a67a37f29"] {
        let pressed = jane.post(&earlier, &[("form_token", &token), ("attempt", other)]).await;
        assert_eq!((pressed.status, pressed.location()), (303, earlier.as_str()), "{other}");
    }
}

#[tokio::test]
async fn lagging_list_shows_no_deleted_connection() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let user = app.sandbox.user("gangway-jane").unwrap().user_id;
    let slack = address(&app, "jane").await;
    let hosts = format!("/connections/{}/disconnect", app.sandbox.add_credential(&user, "notion").unwrap());
    app.sandbox.switch_on(Fault::DeletionLag.with(60));
    press(&mut jane, &slack).await;
    press(&mut jane, &hosts).await;
    app.sandbox.forget_calls();
    assert!(app.connections("jane").await.is_empty());
    let choose = jane.get("/connectors").await.text();
    assert!(!choose.contains("Jane's Slack") && !choose.contains("Jane's Notion"), "{choose}");
    assert_eq!(jane.get("/connectors/slack").await.heading(), "Connect Slack to Acme Notes");
    assert_eq!(jane.get(&hosts).await.heading(), "Notion is disconnected");
    assert!(app.sandbox.count(Route::ListUserCredentials) >= 3, "it was asked, and listed both");
}
