//! The browser's return: only Gangway's response counts.

use serde_json::json;

use super::{World, attempt};

const BACK: &str = "/connections?gangway_attempt_id=a1&gangway_state=linked";

/// The notice after a return whose URL claims success, with that response from Gangway.
async fn notice(status: u16, answer: serde_json::Value) -> String {
    let mut world = World::start().await;
    world.gangway_lists("jane", json!([])).await;
    world.gangway_says("GET", "/link-attempts/a1", status, answer).await;
    world.open(BACK).await.text(".notice h2")
}

#[actix_web::test]
async fn jane_comes_back_and_sees_slack_connected() {
    let mut world = World::start().await;
    world.gangway_says("GET", "/link-attempts/a1", 200, attempt("jane", "linked", Some("new"))).await;
    world
        .gangway_lists(
            "jane",
            json!([{
                "credential_id": "c1", "connector": "slack", "name": "Jane's Slack", "origin": "linked",
                "attempt_id": "a1", "created_at": "2026-03-03T14:00:00Z", "updated_at": "2026-03-03T14:00:00Z",
            }]),
        )
        .await;
    let page = world.open(BACK).await;
    assert_eq!(page.text(".notice.good h2"), "Slack is connected");
    assert_eq!(page.text(".connected .what"), "Slack Connected as Jane's Slack");
    assert_eq!(page.text(".connected .since"), "since 3 March 2026");
    assert!(page.text(".drawer").contains("/api/v1/link-attempts/a1"));
}

#[actix_web::test]
async fn an_address_that_claims_success_proves_nothing() {
    for (state, reason, says) in [
        ("linked", Some("key_saved"), "Slack key is saved"),
        ("denied", Some("canceled"), "Slack was not connected"),
        ("denied", Some("admin_approval"), "Slack was not connected"),
        ("failed", Some("not_confirmed"), "Slack was not connected"),
        ("failed", Some("superseded"), "Slack was not connected"),
        ("expired", Some("no_return"), "Slack was not connected"),
        ("unverified", Some("foreign_return"), "Slack was not connected"),
        ("pending", None, "Slack is not confirmed yet"),
        ("a_later_word", None, "Slack is not confirmed yet"),
    ] {
        assert_eq!(notice(200, attempt("jane", state, reason)).await, says, "{state} {reason:?}");
    }
}

#[actix_web::test]
async fn another_users_attempt_is_not_janes() {
    assert_eq!(notice(200, attempt("sam", "linked", Some("new"))).await, "That was another account's connection");
}

#[actix_web::test]
async fn an_unknown_attempt_and_a_broken_answer_are_no_success() {
    let problem = json!({"type": "about:blank", "title": "Not found", "status": 404, "detail": "No such attempt."});
    assert_eq!(notice(404, problem).await, "Nothing was connected");
    assert_eq!(notice(200, json!({"state": "linked"})).await, "We do not know yet whether it worked");
    assert_eq!(notice(500, json!("oops")).await, "We do not know yet whether it worked");
}

#[actix_web::test]
async fn an_id_cannot_lead_the_server_to_another_call() {
    let mut world = World::start().await;
    world.gangway_lists("jane", json!([])).await;
    world.gangway_says("GET", "/users/sam/connections", 200, attempt("jane", "linked", None)).await;
    let page = world.open("/connections?gangway_attempt_id=..%2Fusers%2Fsam%2Fconnections").await;
    assert_ne!(page.text(".notice h2"), "Slack is connected");
    let asked = world.gangway.received_requests().await.unwrap();
    assert!(asked.iter().all(|call| !call.url.path().contains("/sam/")), "{asked:?}");
}

#[actix_web::test]
async fn a_visit_without_a_return_asks_for_no_attempt() {
    let mut world = World::start().await;
    world.gangway_lists("jane", json!([])).await;
    let page = world.open("/connections?gangway_state=linked").await;
    assert!(page.texts(".notice").is_empty());
    assert_eq!(page.texts(".drawer .path"), ["/api/v1/users/jane/connections", "/api/v1/connectors"]);
}
