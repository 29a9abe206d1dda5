//! The drawer that shows the calls.

use serde_json::json;

use super::{API_KEY, START_CODE, WATCH, World};

#[actix_web::test]
async fn each_call_is_shown_as_curl_with_its_answer_and_no_secret() {
    let mut world = World::start().await;
    world.gangway_makes_sessions().await;
    world.gangway_lists("jane", json!([])).await;
    world.gangway_offers(&["slack"]).await;
    world.press("/connect", "").await;
    let page = world.open("/connections").await;

    let paths = ["/api/v1/users/jane/connections", "/api/v1/connectors", "/api/v1/connect-sessions"];
    assert_eq!(page.texts(".drawer .path"), paths);
    assert_eq!(page.texts(".drawer .status"), ["200", "200", "201"]);
    let session = page.text("#curl-3");
    let gangway = world.gangway.uri();
    assert!(session.starts_with(&format!("curl -X POST '{gangway}/api/v1/connect-sessions'")), "{session}");
    assert!(session.contains("Bearer $GANGWAY_API_KEY") && session.contains("jane@acme.test"), "{session}");
    for secret in [API_KEY, START_CODE, WATCH] {
        assert!(!page.html.contains(secret), "{secret} is shown");
    }
}

#[actix_web::test]
async fn the_link_page_shows_the_link_and_its_drawer_masks_it() {
    let mut world = World::start().await;
    world.gangway_makes_sessions().await;
    let page = world.press("/connect-link", "").await;
    assert!(!page.text(".drawer").contains(START_CODE));
    assert!(page.text(".drawer").contains("\"expires_at\": \"2026-03-03T14:05:00Z\""), "{}", page.text(".drawer"));
}

#[actix_web::test]
async fn user_sees_only_their_own_last_twenty_calls() {
    let mut world = World::start().await;
    world.gangway_lists("jane", json!([])).await;
    world.gangway_lists("sam", json!([])).await;
    for _ in 0..24 {
        world.open("/connections").await;
    }
    assert_eq!(world.open("/connections").await.texts(".drawer .path").len(), 20);
    world.press("/sign-in", "user=sam&page=connections").await;
    let page = world.open("/connections").await;
    assert_eq!(page.texts(".drawer .path"), ["/api/v1/users/sam/connections", "/api/v1/connectors"]);
}

#[actix_web::test]
async fn an_answer_that_is_no_json_is_counted_and_not_shown() {
    let mut world = World::start().await;
    let page = world.open("/connections").await;
    assert_eq!(page.texts(".drawer .status"), ["404", "404"], "the stand-in knows no call yet");
    assert!(page.text(".drawer").contains("0 bytes that are no JSON."), "{}", page.text(".drawer"));
    assert!(page.text(".unknown").contains("We cannot see right now"));
}
