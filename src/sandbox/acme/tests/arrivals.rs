//! Opening Gangway by form and by link.

use serde_json::json;

use super::{START_CODE, World};

#[actix_web::test]
async fn the_button_makes_a_session_for_jane_and_posts_its_code_to_gangway() {
    let mut world = World::start().await;
    world.gangway_makes_sessions().await;
    let page = world.press("/connect", "").await;

    assert_eq!(page.status, 200);
    assert_eq!(page.attribute("#handover", "action").as_deref(), Some("https://connect.acme.test/start"));
    assert_eq!(page.attribute("#handover", "method").as_deref(), Some("post"));
    assert_eq!(page.attribute("#handover input[name='code']", "value").as_deref(), Some(START_CODE));
    assert_eq!(page.text("#handover button"), "Continue", "without script, there is a button");
    assert!(page.policy.unwrap().contains("form-action 'self' https://connect.acme.test;"));

    let jane = json!({
        "user": {"id": "jane", "name": "Jane Doe", "email": "jane@acme.test"},
        "return_url": format!("{}/connections", world.acme),
    });
    assert_eq!(world.posted().await, [jane]);
}

#[actix_web::test]
async fn the_button_for_slack_asks_for_slack_and_the_straight_way_back() {
    let mut world = World::start().await;
    world.gangway_makes_sessions().await;
    world.gangway_lists("jane", json!([])).await;
    world.gangway_offers(&["slack"]).await;
    let page = world.open("/connections").await;
    assert_eq!(page.attribute("input[name='connector']", "value").as_deref(), Some("slack"));

    world.press("/connect", "connector=slack").await;
    let asked = world.posted().await;
    assert_eq!((&asked[0]["connector"], &asked[0]["after"]), (&json!("slack"), &json!("return")));
}

#[actix_web::test]
async fn a_link_is_shown_to_send_and_to_open() {
    let mut world = World::start().await;
    world.gangway_makes_sessions().await;
    let page = world.press("/connect-link", "").await;

    let link = format!("https://connect.acme.test/start?code={START_CODE}");
    assert_eq!(page.attribute("#link", "value").as_ref(), Some(&link));
    assert_eq!(page.attribute("main a.primary", "href").as_ref(), Some(&link));
    assert!(page.text("main").contains("Jane Doe and works once, until 14:05 UTC"), "{}", page.text("main"));
}

#[actix_web::test]
async fn a_refusal_is_told_with_its_reference_and_without_its_details() {
    let mut world = World::start().await;
    let problem = json!({
        "type": "about:blank", "title": "Unauthorized", "status": 401, "detail": "The key is none of host.api_keys.",
        "reference": "K7F3-92QD",
    });
    world.gangway_says("POST", "/connect-sessions", 401, problem).await;
    for at in ["/connect", "/connect-link"] {
        let page = world.press(at, "").await;
        assert_eq!(page.status, 502);
        assert_eq!(page.text("h1"), "Apps cannot be connected right now");
        assert!(page.text("main").contains("K7F3-92QD") && !page.text("main").contains("host.api_keys"));
        assert!(page.text(".drawer").contains("host.api_keys"), "the developer reads why");
    }
}

#[actix_web::test]
async fn without_gangway_the_pages_say_so_and_what_is_safe() {
    let mut world = World::without_gangway().await;
    let page = world.press("/connect", "").await;
    assert_eq!(page.status, 503);
    assert!(page.text("main").contains("What you have connected stays connected."), "{}", page.text("main"));

    let page = world.open("/connections").await;
    assert_eq!(page.status, 200);
    assert!(page.text(".unknown").contains("stays connected"), "{}", page.html);
    assert!(page.texts(".empty").is_empty(), "not knowing is not the same as nothing");
    assert_eq!(page.texts(".drawer .status"), ["no answer", "no answer", "no answer"]);
}
