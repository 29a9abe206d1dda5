//! One person, one browser, one app, several accounts: each that was allowed is connected by itself, and the host is
//! told of each.

use std::collections::BTreeSet;

use gangway::{
    config::VerifyCompletion,
    sandbox::{Fault, Route},
};
use serde_json::{Value, json};
use time::Duration;

use crate::{
    app::{RETURN_URL, TestApp},
    browser::{Browser, Page},
    provider::redirect_uri,
};

async fn leave_for_shop(browser: &mut Browser, shop: &str) -> String {
    browser.link("shopify", &[("data.shopName", shop)]).await.location().to_owned()
}

fn approve(app: &TestApp, leaving: &str) -> String {
    app.sandbox.approve(leaving).unwrap().unwrap()
}

/// All attempts of the user, oldest first.
async fn attempts(app: &TestApp) -> Vec<Value> {
    let (status, listed) = app.api("GET", "/link-attempts?user=jane", None).await;
    assert_eq!(status, 200, "{listed}");
    let mut attempts = listed["link_attempts"].as_array().unwrap().clone();
    attempts.reverse();
    attempts
}

/// As many attempts as credentials, each linked with its own, and the host is told of each.
async fn each_is_connected(app: &TestApp, count: usize) {
    let attempts = attempts(app).await;
    let ids = |values: &[Value]| values.iter().map(|one| one["credential_id"].to_string()).collect::<BTreeSet<_>>();
    assert!(attempts.iter().all(|attempt| attempt["state"] == "linked"), "{attempts:?}");
    let connections = app.connections("jane").await;
    assert_eq!((attempts.len(), ids(&attempts).len(), connections.len()), (count, count, count));
    assert_eq!((ids(&connections), app.held("jane").len()), (ids(&attempts), count));
    for connection in &connections {
        let own = attempts.iter().find(|attempt| attempt["id"] == connection["attempt_id"]).unwrap();
        assert_eq!(own["credential_id"], connection["credential_id"]);
    }
    assert_eq!(app.events("jane").await, ["connection.linked", "link_attempt.ended"].repeat(count));
}

#[tokio::test]
async fn two_shops_are_connected_in_any_order() {
    for reversed in [false, true] {
        let app = TestApp::spawn().await;
        let mut browser = app.arrived().await;
        let mut leaving = Vec::new();
        for shop in ["one", "two"] {
            leaving.push(leave_for_shop(&mut browser, shop).await);
        }
        assert_ne!(redirect_uri(&leaving[0]), redirect_uri(&leaving[1]));
        let mut returns: Vec<String> = leaving.iter().map(|leaving| approve(&app, leaving)).collect();
        if reversed {
            returns.reverse();
        }
        for back in &returns {
            assert_eq!(browser.come_back(back).await.heading(), "Shopify is connected");
        }
        each_is_connected(&app, 2).await;
        let page = browser.get("/connectors/shopify").await;
        assert_eq!(page.all(".accounts li").len(), 2, "{}", page.text());
    }
}

#[tokio::test]
async fn shop_is_connected_while_the_other_tab_stays_open() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let one = leave_for_shop(&mut browser, "one").await;
    let two = leave_for_shop(&mut browser, "two").await;
    // The browser of the second tab never returns.
    let back = approve(&app, &one);
    app.pass_everywhere(Duration::seconds(20));
    assert_eq!(browser.come_back(&back).await.heading(), "Shopify is connected");
    app.pass_everywhere(Duration::minutes(66));
    let [first, second] = attempts(&app).await.try_into().unwrap();
    assert_eq!((&first["state"], &first["reason"]), (&json!("linked"), &json!("new")));
    app.until("the end of the other", async || attempts(&app).await[1]["state"] == "expired").await;
    assert_eq!(app.connections("jane").await[0]["credential_id"], first["credential_id"]);
    assert_eq!((second["credential_id"].clone(), app.held("jane").len()), (json!(null), 1));
    drop(two);
}

#[tokio::test]
async fn canceled_shop_does_not_take_the_other() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let one = leave_for_shop(&mut browser, "one").await;
    let two = leave_for_shop(&mut browser, "two").await;
    let page = browser.come_back(&format!("{}?error=access_denied", redirect_uri(&one))).await;
    assert_eq!(page.heading(), "Shopify is not connected");
    assert_eq!(browser.come_back(&approve(&app, &two)).await.heading(), "Shopify is connected");
    let [first, second] = attempts(&app).await.try_into().unwrap();
    assert_eq!((&first["state"], &second["state"]), (&json!("denied"), &json!("linked")));
}

#[tokio::test]
async fn two_workspaces_of_one_attempt_are_connected() {
    for late in [false, true] {
        let app = TestApp::spawn().await;
        let mut browser = app.arrived().await;
        let mut second_tab = browser.clone();
        let tabs = [browser.leave_for("slack").await, second_tab.leave_for("slack").await];
        assert_eq!(redirect_uri(&tabs[0]), redirect_uri(&tabs[1]), "one attempt, continued");
        if late {
            app.sandbox.switch_on(Fault::ListLag.with(1).on(Route::ListUserCredentials));
        }
        let mut pages = Vec::new();
        for leaving in &tabs {
            let back = approve(&app, leaving);
            let returned = browser.navigate(&back, "cross-site").await;
            pages.push(returned.location().to_owned());
            assert_eq!(browser.get(returned.location()).await.heading(), "Slack is connected");
        }
        assert_ne!(pages[0], pages[1], "each has its own page");
        each_is_connected(&app, 2).await;
        let [first, second] = attempts(&app).await.try_into().unwrap();
        assert_eq!((&second["session_id"], &second["replaces"]), (&first["session_id"], &json!(null)));
        assert_ne!(second["reference"], first["reference"]);
        let steps = second["timeline"].as_array().unwrap().iter().map(|step| step["event"].as_str().unwrap());
        assert_eq!(steps.collect::<Vec<_>>(), ["began", "returned", "ended"]);
        assert_eq!(pages[1], format!("/attempts/{}", second["id"].as_str().unwrap()));
    }
}

#[tokio::test]
async fn workspaces_allowed_before_either_returned_are_connected() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    let returns: Vec<String> = (0..3).map(|_| approve(&app, &leaving)).collect();
    for back in &returns {
        assert_eq!(browser.come_back(back).await.heading(), "Slack is connected");
    }
    each_is_connected(&app, 3).await;
}

#[tokio::test]
async fn further_account_is_found_by_the_reconciler() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.link_and_allow(&app.sandbox, "slack").await;
    let leaving = browser.leave_for("slack").await;
    browser.come_back(&approve(&app, &leaving)).await;
    app.sandbox.switch_on(Fault::ListLag.with(60).on(Route::ListUserCredentials));
    let back = approve(&app, &leaving);
    // The browser is closed before the list shows it.
    assert_eq!(browser.come_back(&back).await.heading(), "Slack is connected");
    assert_eq!(attempts(&app).await.len(), 2);
    app.pass_everywhere(Duration::seconds(61));
    app.until("the third attempt", async || attempts(&app).await.len() == 3).await;
    each_is_connected(&app, 3).await;
}

#[tokio::test]
async fn host_completes_each_workspace() {
    let app = TestApp::spawn_with(|settings| settings.host.verify_completion = VerifyCompletion::Always).await;
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    let completion = |page: Page| {
        assert!(page.location().starts_with(RETURN_URL), "{}", page.location());
        let url = url::Url::parse(page.location()).unwrap();
        url.query_pairs().into_owned().find(|(name, _)| name == "gangway_completion").unwrap().1
    };
    let mut codes = Vec::new();
    for _ in 0..2 {
        codes.push(completion(browser.come_back(&approve(&app, &leaving)).await));
    }
    assert!(app.connections("jane").await.is_empty() && app.events("jane").await.is_empty());
    for code in codes {
        let body = json!({ "completion": code, "user_id": "jane" });
        let (status, attempt) = app.api("POST", "/link-attempts/complete", Some(body)).await;
        assert_eq!((status, &attempt["state"]), (200, &json!("linked")));
    }
    each_is_connected(&app, 2).await;
}

#[tokio::test]
async fn foreign_return_at_one_shop_spares_the_other() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let one = leave_for_shop(&mut jane, "one").await;
    app.pass_everywhere(Duration::minutes(2));
    assert_eq!(app.browser().navigate(&approve(&app, &one), "cross-site").await.status, 403);
    app.pass_everywhere(Duration::minutes(2));
    let two = leave_for_shop(&mut jane, "two").await;
    assert_eq!(jane.come_back(&approve(&app, &two)).await.heading(), "Shopify is connected");
    let [first, second] = attempts(&app).await.try_into().unwrap();
    assert_eq!((&first["state"], &first["reason"]), (&json!("unverified"), &json!("foreign_return")));
    assert_eq!(second["state"], "linked");
    app.until("the deletion", async || app.held("jane").len() == 1).await;
}

#[tokio::test]
async fn foreign_return_revokes_every_workspace_of_the_attempt() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let leaving = jane.leave_for("slack").await;
    for _ in 0..2 {
        jane.come_back(&approve(&app, &leaving)).await;
    }
    assert_eq!(app.connections("jane").await.len(), 2);
    assert_eq!(app.browser().navigate(&redirect_uri(&leaving), "cross-site").await.status, 403);
    let ended = attempts(&app).await;
    assert!(ended.iter().all(|attempt| attempt["reason"] == "foreign_return"), "{ended:?}");
    assert!(app.connections("jane").await.is_empty());
    app.until("the deletions", async || app.held("jane").is_empty()).await;
}

#[tokio::test]
async fn keys_of_two_accounts_are_saved_each() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.get("/connectors/shippo").await;
    app.sandbox.switch_on(Fault::Slow.with(1).on(Route::CreateCredential));
    let save = async |key: &str| {
        let saved = browser.clone().link("shippo", &[("data.token", key)]).await;
        browser.clone().get(saved.location()).await.heading()
    };
    let (one, two) = tokio::join!(save("shippo_live_1"), save("shippo_live_2"));
    assert_eq!([one, two], ["Shippo key saved"; 2]);
    each_is_connected(&app, 2).await;
}

#[tokio::test]
async fn same_return_again_is_no_other_account() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    let back = approve(&app, &leaving);
    let first = browser.navigate(&back, "cross-site").await.location().to_owned();
    browser.get(&first).await;
    assert_eq!(browser.navigate(&back, "cross-site").await.location(), first);
    each_is_connected(&app, 1).await;
}
