//! A forwarded link: the attacker forwards the link of one attempt and opens the return of another.

use gangway::sandbox::Fault;
use time::Duration;

use crate::{app::TestApp, browser::Browser, provider::redirect_uri};

/// X has begun, cancelled, and begun anew: X's browser, the link that Y gets, and X's own.
async fn two_links(app: &TestApp) -> (Browser, String, String) {
    let mut x = app.arrived().await;
    let first = x.leave_for("slack").await;
    x.come_back(&format!("{}?error=access_denied", redirect_uri(&first))).await;
    assert_eq!(app.last_attempt("jane", "slack").await["reason"], "access_denied");
    let second = x.leave_for("slack").await;
    assert_ne!(redirect_uri(&first), redirect_uri(&second));
    (x, first, second)
}

#[tokio::test]
async fn credential_of_cancelled_link_confirms_no_other() {
    let app = TestApp::spawn().await;
    let (mut x, first, second) = two_links(&app).await;
    app.sandbox.switch_on(Fault::ListLag.with(2));
    let back = app.sandbox.approve(&first).unwrap().unwrap();
    app.browser().navigate(&back, "cross-site").await;
    app.pass_everywhere(Duration::seconds(3));
    assert_eq!(x.come_back(&redirect_uri(&second)).await.heading(), "Checking with Slack…");
    app.until("the deletion", async || app.held("jane").is_empty()).await;
    let events = app.events("jane").await;
    assert!(!events.contains(&"connection.linked".to_owned()), "{events:?}");
    // The first attempt had ended before, and says now what really came of it.
    assert!(events.contains(&"connection.unverified".to_owned()), "{events:?}");
    // X's own way is open all the same.
    app.pass_everywhere(Duration::seconds(10));
    let own = app.sandbox.approve(&second).unwrap().unwrap();
    app.pass_everywhere(Duration::seconds(3));
    assert_eq!(x.come_back(&own).await.heading(), "Slack is connected");
    assert_eq!(app.connections("jane").await.len(), 1);
}

#[tokio::test]
async fn foreign_return_revokes_what_it_had_confirmed() {
    let app = TestApp::spawn().await;
    let (mut x, first, second) = two_links(&app).await;
    let back = app.sandbox.approve(&first).unwrap().unwrap();
    // X is quicker than Y's browser.
    assert_eq!(x.come_back(&redirect_uri(&second)).await.heading(), "Slack is connected");
    let visitor = app.browser().navigate(&back, "cross-site").await;
    assert_eq!(visitor.status, 403);
    app.until("the deletion", async || app.held("jane").is_empty()).await;
    assert!(app.connections("jane").await.is_empty());
    assert_eq!(x.come_back(&redirect_uri(&second)).await.heading(), "Slack is not connected");
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!((attempt["state"].as_str(), attempt["reason"].as_str()), (Some("unverified"), Some("foreign_return")));
}

#[tokio::test]
async fn new_attempt_does_not_hide_a_foreign_return() {
    let app = TestApp::spawn().await;
    let mut x = app.arrived().await;
    let first = x.leave_for("slack").await;
    app.sandbox.switch_on(Fault::ListLag.with(5));
    let back = app.sandbox.approve(&first).unwrap().unwrap();
    app.browser().navigate(&back, "cross-site").await;
    let second = x.leave_for("slack").await;
    assert_ne!(redirect_uri(&first), redirect_uri(&second), "it is another attempt");
    x.navigate(&redirect_uri(&second), "cross-site").await;
    app.pass_everywhere(Duration::seconds(6));
    app.until("the deletion", async || app.held("jane").is_empty()).await;
    let events = app.events("jane").await;
    assert!(!events.contains(&"connection.linked".to_owned()), "{events:?}");
    assert_eq!(app.last_attempt("jane", "slack").await["state"], "pending");
}

#[tokio::test]
async fn second_foreign_return_counts_too() {
    let app = TestApp::spawn().await;
    let mut x = app.arrived().await;
    let first = x.leave_for("slack").await;
    let back = app.sandbox.approve(&first).unwrap().unwrap();
    app.browser().navigate(&back, "cross-site").await;
    app.until("the deletion", async || app.held("jane").is_empty()).await;
    app.pass_everywhere(Duration::seconds(10));
    let second = x.leave_for("slack").await;
    // Y allows it once more by the old link, and X opens the new return at once.
    app.sandbox.approve(&first).unwrap();
    assert_eq!(x.come_back(&redirect_uri(&second)).await.heading(), "Slack is connected");
    app.browser().navigate(&back, "cross-site").await;
    app.until("the second deletion", async || app.held("jane").is_empty()).await;
    assert!(app.connections("jane").await.is_empty());
}
