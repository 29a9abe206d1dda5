//! Events from Gangway.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;

use super::{WEBHOOK_SECRET, World};

const OTHER_SECRET: &str = "whsec_c29tZWJvZHktZWxzZXMtc2VjcmV0LWhlcmU=";

/// Sends an event of Jane's, signed `age` seconds ago with these secrets.
async fn arrives(world: &World, id: &str, age: i64, secrets: &[&str]) -> u16 {
    let body = json!({ "type": "connection.linked", "data": { "user_id": "jane", "connector": "slack" } }).to_string();
    let timestamp = super::super::webhook::now() - age;
    let sign = |secret: &&str| {
        let key = STANDARD.decode(secret.trim_start_matches("whsec_")).unwrap();
        let signed = Hmac::<Sha256>::new_from_slice(&key).unwrap().chain_update(format!("{id}.{timestamp}.{body}"));
        format!("v1,{}", STANDARD.encode(signed.finalize().into_bytes()))
    };
    let signatures: Vec<String> = secrets.iter().map(sign).collect();
    let request = world.http.post(format!("{}/webhooks", world.acme));
    let request = request.header("webhook-id", id).header("webhook-timestamp", timestamp);
    let request = request.header("webhook-signature", signatures.join(" ")).header("content-type", "application/json");
    request.body(body).send().await.unwrap().status().as_u16()
}

#[actix_web::test]
async fn a_signed_event_is_shown_once_and_to_its_user_only() {
    let mut world = World::start().await;
    world.gangway_lists("jane", json!([])).await;
    assert_eq!(arrives(&world, "one", 0, &[OTHER_SECRET, WEBHOOK_SECRET]).await, 204);
    assert_eq!(arrives(&world, "one", 1, &[WEBHOOK_SECRET]).await, 204, "once more with the same id");
    let page = world.open("/connections").await;
    assert_eq!(page.texts(".drawer .path"), ["/api/v1/users/jane/connections", "/api/v1/connectors", "/webhooks"]);
    assert!(page.text("#curl-3").contains("webhook-id: one"), "{}", page.text("#curl-3"));
    assert!(page.text("#curl-3").contains("connection.linked"));
    world.gangway_lists("sam", json!([])).await;
    world.press("/sign-in", "user=sam&page=connections").await;
    assert_eq!(
        world.open("/connections").await.texts(".drawer .path"),
        ["/api/v1/users/sam/connections", "/api/v1/connectors"]
    );
}

#[actix_web::test]
async fn what_is_not_signed_or_was_signed_long_ago_is_not_believed() {
    let mut world = World::start().await;
    world.gangway_lists("jane", json!([])).await;
    for (age, secrets) in [(0, &[][..]), (0, &[OTHER_SECRET]), (301, &[WEBHOOK_SECRET]), (-301, &[WEBHOOK_SECRET])] {
        assert_eq!(arrives(&world, "two", age, secrets).await, 401, "{age} {secrets:?}");
    }
    assert_eq!(
        world.open("/connections").await.texts(".drawer .path"),
        ["/api/v1/users/jane/connections", "/api/v1/connectors"]
    );
}
