//! Choose an app: what is there, what is found, and what is connected already.

use gangway::sandbox::{Fault, Route};
use serde_json::json;
use time::Duration;

use crate::app::TestApp;

#[tokio::test]
async fn one_look_upstream_is_enough_for_a_view() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.get("/connectors").await;
    app.sandbox.forget_calls();
    for path in ["/connectors", "/connectors?q=sl", "/connectors?category=CRM", "/connectors/slack"] {
        assert_eq!(browser.get(path).await.status, 200, "{path}");
    }
    // The metadata of the one app was not known yet; everything else is known or one list call.
    assert_eq!(app.sandbox.count(Route::ListUserCredentials), 4);
    assert_eq!(app.sandbox.count(Route::Metadata), 1);
    assert_eq!(app.sandbox.calls().len(), 5, "{:?}", app.sandbox.calls());
}

#[tokio::test]
async fn an_app_is_found_by_its_name_or_its_category() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let all = browser.get("/connectors").await.all("section ul.rows b");
    assert_eq!(all.len(), 30, "{all:?}");
    assert_eq!(browser.get("/connectors?q=SLA").await.all("section ul.rows b"), ["Slack"]);
    assert_eq!(browser.get("/connectors?q=google+cal").await.all("section ul.rows b"), ["Google Calendar"]);
    let crm = browser.get("/connectors?category=CRM").await;
    assert_eq!(crm.all("section ul.rows b"), ["HubSpot", "Pipedrive", "Salesforce", "Zoho CRM"]);
    assert_eq!(crm.all("nav.chips a[aria-current]"), ["CRM 4"]);
    let both = browser.get("/connectors?category=CRM&q=zoho").await;
    assert_eq!(both.all("section ul.rows b"), ["Zoho CRM"]);
}

#[tokio::test]
async fn where_nothing_is_found_all_apps_are_one_press_away() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    for query in ["zzz", "%3Cscript%3Ealert(1)%3C/script%3E", "%e2%80%aezzz", "zzz&q=slack&q="] {
        let page = browser.get(&format!("/connectors?q={query}")).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("No app matches"), "{}", page.text());
        assert!(!page.body.contains("<script>alert") && !page.body.contains('\u{202e}'));
        assert_eq!(page.attributes("a.primary", "href"), ["/connectors"]);
    }
}

#[tokio::test]
async fn connected_apps_come_first_with_their_account() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.link_and_allow(&app.sandbox, "slack").await;
    browser.link_and_allow(&app.sandbox, "slack").await;
    let page = browser.get("/connectors").await;
    assert_eq!(page.all("section h2")[0], "Connected");
    let first = page.all("section ul.rows a").into_iter().next().unwrap();
    assert!(first.starts_with("Slack Jane's Slack and 1 more · since") && first.ends_with("Manage"), "{first}");
    let manage = browser.get("/connectors/slack").await;
    assert!(manage.text().contains("Jane's Slack (2)"), "{}", manage.text());
    assert_eq!(manage.all("a").into_iter().filter(|text| text.starts_with("Reconnect")).count(), 2);
}

#[tokio::test]
async fn another_user_sees_nothing_of_it() {
    let app = TestApp::spawn().await;
    app.arrived().await.link_and_allow(&app.sandbox, "slack").await;
    let mut sam = app.arrived_with(json!({ "user": { "id": "sam" } })).await;
    let page = sam.get("/connectors").await;
    assert!(!page.text().contains("Jane"), "{}", page.text());
    assert_eq!(app.connections("sam").await.len(), 0);
}

#[tokio::test]
async fn while_the_list_is_down_the_page_says_that_it_does_not_know() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.link_and_allow(&app.sandbox, "slack").await;
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::ListUserCredentials));
    let page = browser.get("/connectors").await;
    assert_eq!((page.status, page.all("section ul.rows b").len()), (200, 30));
    assert!(page.text().contains("We cannot see right now which apps are connected"), "{}", page.text());
    assert!(!page.text().contains("Jane's Slack"), "{}", page.text());
    assert_eq!(browser.get("/connectors/slack").await.status, 200);
    let (status, problem) = app.api("GET", "/users/jane/connections", None).await;
    assert_eq!(
        (status, problem["type"].as_str()),
        (503, Some(format!("{}/problems/upstream-unavailable", app.url).as_str()))
    );
}

#[tokio::test]
async fn the_last_good_catalogue_lasts_through_an_outage() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.get("/connectors").await;
    browser.get("/connectors/shopify").await;
    app.sandbox.switch_on(Fault::ServerErrors);
    for _ in 0..3 {
        app.clock.pass(Duration::minutes(6));
        assert_eq!(browser.get("/connectors").await.all("section ul.rows b").len(), 30);
        assert_eq!(browser.get("/connectors/shopify").await.status, 200);
    }
}

#[tokio::test]
async fn without_any_catalogue_the_page_says_so_and_works_again_after() {
    let app = TestApp::spawn().await;
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::ListConnectors));
    let mut browser = app.arrived().await;
    let page = browser.get("/connectors").await;
    assert_eq!((page.status, page.all("a.primary").join("")), (503, "Try again".to_owned()));
    assert!(page.heading().contains("does not answer right now"), "{}", page.heading());
    app.sandbox.switch_all_off();
    assert_eq!(browser.get("/connectors").await.status, 200);
}
