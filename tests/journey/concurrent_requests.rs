//! Fifty simultaneous equal requests have one effect, on both databases.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use gangway::sandbox::Route;

use crate::{
    app::{HOST_ORIGIN, TestApp},
    provider::redirect_uri,
};

/// Makes of each story one test per database.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::app::TestApp::spawn().await).await;
            })+
        }

        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::app::TestApp::spawn_on_postgres().await).await;
            })+
        }
    };
}

on_both!(redeems, callbacks, starts, foreign_returns, returns_of_all_kinds);

async fn redeems(app: TestApp) {
    let session = app.session_with(serde_json::json!({})).await;
    let code = session["start_code"].as_str().unwrap();
    let presses = (0..50).map(|_| {
        let mut browser = app.browser();
        async move { browser.post_from(HOST_ORIGIN, "/start", &[("code", code)]).await.status }
    });
    let answers = join_all(presses).await;
    assert_eq!(answers.iter().filter(|status| **status == 303).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 410).count(), 49, "{answers:?}");
}

async fn callbacks(app: TestApp) {
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    let returns = (0..50).map(|_| {
        let (mut tab, back) = (browser.clone(), &back);
        async move { tab.come_back(back).await.heading() }
    });
    let headings: BTreeSet<String> = join_all(returns).await.into_iter().collect();
    assert_eq!(headings.into_iter().collect::<Vec<_>>(), ["Slack is connected"]);
    assert_eq!(browser.come_back(&back).await.heading(), "Slack is connected");
    assert_eq!(app.events("jane").await, ["connection.linked", "link_attempt.ended"]);
    assert_eq!(app.connections("jane").await.len(), 1);
}

async fn starts(app: TestApp) {
    let browser = app.arrived().await;
    let presses = (0..50).map(|_| {
        let mut tab = browser.clone();
        async move { tab.leave_for("slack").await }
    });
    let states: BTreeSet<String> = join_all(presses).await.iter().map(|link| redirect_uri(link)).collect();
    assert_eq!(states.len(), 1, "{states:?}");
    assert_eq!(app.sandbox.count(Route::CreateUser), 1);
    assert_eq!(app.events("jane").await, [""; 0]);
}

async fn foreign_returns(app: TestApp) {
    let leaving = app.arrived().await.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    let returns = (0..50).map(|_| {
        let (mut stranger, back) = (app.browser(), &back);
        async move { stranger.navigate(back, "cross-site").await.status }
    });
    assert!(join_all(returns).await.iter().all(|status| *status == 403));
    let ended = ["connection.unverified", "link_attempt.ended", "connection.removed"];
    app.until("the deletion", async || app.events("jane").await == ended).await;
    assert_eq!(app.sandbox.count(Route::DeleteUserCredential), 1);
}

/// Who began is among them, and may be linked for a moment.
async fn returns_of_all_kinds(app: TestApp) {
    let mut x = app.arrived().await;
    let leaving = x.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    let returns = (0..50).map(|which| {
        let (mut browser, back) = (if which % 5 == 0 { x.clone() } else { app.browser() }, &back);
        async move { browser.navigate(back, "cross-site").await.status }
    });
    join_all(returns).await;
    app.until("the deletion", async || app.events("jane").await.contains(&"connection.removed".to_owned())).await;
    let events = app.events("jane").await;
    assert_eq!(events.iter().filter(|kind| *kind == "connection.unverified").count(), 1, "{events:?}");
    assert_eq!(app.sandbox.count(Route::DeleteUserCredential), 1);
    assert!(app.connections("jane").await.is_empty());
}
