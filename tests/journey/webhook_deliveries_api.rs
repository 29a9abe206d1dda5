//! The host's server looks at what became of its events.

use std::cmp::Reverse;

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::receiver::Receiver;

#[tokio::test]
async fn deliveries_are_listed_by_page_state_and_user() {
    let receiver = Receiver::listen();
    let app = receiver.with_app().await;
    for user in ["jane", "sam", "jane", "jane", "sam"] {
        app.happens_to(user).await;
    }
    app.until("all", async || app.deliveries("?state=delivered").await.len() == 5).await;
    let mut pages = Vec::new();
    let mut address = "/webhook-deliveries?limit=2".to_owned();
    loop {
        let (status, answer) = app.api("GET", &address, None).await;
        assert_eq!(status, 200, "{answer}");
        pages.push(answer["webhook_deliveries"].as_array().unwrap().clone());
        let Some(next) = answer["next"].as_str() else { break };
        address = format!("/webhook-deliveries?limit=2&cursor={next}");
    }
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    assert_eq!(pages.concat(), app.deliveries("").await, "all of it, and each once");
    let time = |one: &Value| OffsetDateTime::parse(one["created_at"].as_str().unwrap(), &Rfc3339).unwrap();
    assert!(pages.concat().is_sorted_by_key(|one| Reverse(time(one))), "{pages:?}");
    assert_eq!(app.deliveries("?user=sam&state=delivered").await.len(), 2);
    assert_eq!(app.deliveries("?user=nobody").await, Vec::<Value>::new());
    let one = &pages[0][0];
    assert_eq!(one["type"], "link_attempt.ended");
    assert_eq!((&one["user"], &one["sequence"]), (&json!({ "id": "sam" }), &json!(2)));
    assert_eq!((&one["tries"][0]["status"], &one["tries"][0]["error"]), (&json!(204), &Value::Null));
    assert!(one["delivered_at"].is_string() && one["attempt_id"].is_string() && one["next_at"].is_null());
}

#[tokio::test]
async fn invalid_queries_are_named_and_key_is_required() {
    let app = Receiver::listen().with_app().await;
    for (query, field) in [("page=2", "page"), ("limit=0", "limit"), ("state=lost", "state"), ("cursor=%00", "cursor")]
    {
        let (status, problem) = app.api("GET", &format!("/webhook-deliveries?{query}"), None).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
    }
    for id in ["x", "00000000-0000-0000-0000-000000000000"] {
        assert_eq!(app.api("POST", &format!("/webhook-deliveries/{id}/replay"), None).await.0, 404, "{id}");
    }
    assert_eq!(app.api("GET", "/webhook-deliveries/test", None).await.0, 405);
    for (method, path) in [("GET", ""), ("POST", "/test"), ("POST", "/x/replay")] {
        let answer = app.request(method, &format!("/api/v1/webhook-deliveries{path}")).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{method} {path}");
    }
}
