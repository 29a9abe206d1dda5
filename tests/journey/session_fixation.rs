//! Session fixation: the attacker begins a link, and the victim's browser finishes it.

use gangway::sandbox::Fault;
use time::Duration;

use crate::{app::TestApp, browser::Browser};

const ENDED: [&str; 3] = ["connection.unverified", "link_attempt.ended", "connection.removed"];

/// X has begun with Slack: X's browser, and the link that X gives away.
async fn begun(app: &TestApp) -> (Browser, String) {
    let mut x = app.arrived().await;
    let link = x.leave_for("slack").await;
    (x, link)
}

#[tokio::test]
async fn foreign_credential_is_refused_and_deleted() {
    let app = TestApp::spawn().await;
    let (mut x, link) = begun(&app).await;
    let back = app.sandbox.approve(&link).unwrap().unwrap();
    assert_eq!(app.held("jane").len(), 1);
    let visitor = app.browser().navigate(&back, "cross-site").await;
    assert_eq!((visitor.status, visitor.heading().as_str()), (403, "This connection was not kept"));
    assert!(!visitor.text().contains("Jane") && !visitor.text().contains("is connected"), "{}", visitor.text());
    assert_eq!(app.held("jane"), Vec::<String>::new());
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!((attempt["state"].as_str(), attempt["reason"].as_str()), (Some("unverified"), Some("foreign_return")));
    assert!(attempt["timeline"].to_string().contains("removed"), "{attempt}");
    assert_eq!(app.events("jane").await, ENDED);
    let page = x.get(&format!("/attempts/{}", attempt["id"].as_str().unwrap())).await;
    assert_eq!(page.heading(), "Slack is not connected");
    assert!(app.connections("jane").await.is_empty());
}

#[tokio::test]
async fn lagging_list_shows_no_success() {
    let app = TestApp::spawn().await;
    app.sandbox.switch_on(Fault::ListLag.with(8));
    let (mut x, link) = begun(&app).await;
    let back = app.sandbox.approve(&link).unwrap().unwrap();
    let visitor = app.browser().navigate(&back, "cross-site").await;
    assert_eq!(visitor.heading(), "This connection could not be confirmed");
    let page = x.come_back(&back).await;
    assert_eq!(page.heading(), "Slack is not connected", "at once, and not after the list has shown it");
    app.pass_everywhere(Duration::seconds(9));
    app.until("the deletion", async || app.held("jane").is_empty()).await;
    app.until("the event", async || app.events("jane").await == ENDED).await;
    assert_eq!(app.browser().navigate(&back, "cross-site").await.heading(), "This connection was not kept");
}

#[tokio::test]
async fn bound_returns_do_not_outweigh_a_foreign_one() {
    let app = TestApp::spawn().await;
    let (mut x, link) = begun(&app).await;
    let callback = crate::provider::redirect_uri(&link);
    let often = |x: &Browser| {
        let tries = (0..10).map(|_| {
            let (mut tab, callback) = (x.clone(), callback.clone());
            async move { tab.navigate(&callback, "cross-site").await.status }
        });
        futures_util::future::join_all(tries)
    };
    app.sandbox.switch_on(Fault::ListLag.with(3));
    often(&x).await;
    let back = app.sandbox.approve(&link).unwrap().unwrap();
    often(&x).await;
    app.browser().navigate(&back, "cross-site").await;
    often(&x).await;
    app.pass_everywhere(Duration::seconds(10));
    assert_eq!(x.come_back(&back).await.heading(), "Slack is not connected");
    app.until("the deletion", async || app.held("jane").is_empty()).await;
    assert!(!app.events("jane").await.contains(&"connection.linked".to_owned()));
}

#[tokio::test]
async fn foreign_return_revokes_an_earlier_link() {
    let app = TestApp::spawn().await;
    let (mut x, link) = begun(&app).await;
    let back = app.sandbox.approve(&link).unwrap().unwrap();
    assert_eq!(x.come_back(&back).await.heading(), "Slack is connected");
    let visitor = app.browser().navigate(&back, "cross-site").await;
    assert_eq!(visitor.heading(), "This connection was not kept");
    assert_eq!(x.come_back(&back).await.heading(), "Slack is not connected");
    assert!(app.held("jane").is_empty() && app.connections("jane").await.is_empty());
    let events = app.events("jane").await;
    let (linked, unverified) = events.split_at(2);
    assert_eq!(linked, ["connection.linked", "link_attempt.ended"]);
    assert_eq!(unverified, ENDED);
}

#[tokio::test]
async fn foreign_return_after_deadline_revokes_nothing() {
    let app = TestApp::spawn().await;
    let (mut x, link) = begun(&app).await;
    let back = app.sandbox.approve(&link).unwrap().unwrap();
    assert_eq!(x.come_back(&back).await.heading(), "Slack is connected");
    app.clock.pass(Duration::minutes(66));
    assert_eq!(app.browser().navigate(&back, "cross-site").await.status, 404);
    assert_eq!(app.connections("jane").await.len(), 1);
}

#[tokio::test]
async fn user_connects_again_after_own_foreign_return() {
    let app = TestApp::spawn().await;
    let (mut x, link) = begun(&app).await;
    let back = app.sandbox.approve(&link).unwrap().unwrap();
    app.browser().navigate(&back, "cross-site").await;
    app.pass_everywhere(Duration::seconds(10));
    assert_eq!(x.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
    app.pass_everywhere(Duration::minutes(3));
    assert_eq!(app.connections("jane").await.len(), 1);
    assert_eq!(app.held("jane").len(), 1);
}
