//! The host publishes its keys at an address of its own, which may change them, be away, or talk nonsense.

use gangway::clock::{Clock as _, SystemClock};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use time::Duration;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::{
    app::TestApp,
    signer::{AUDIENCE, ISSUER, Signer, claims, posted, was_let_in},
};

/// The host's address of keys, which answers so.
async fn publishes(server: &MockServer, answer: ResponseTemplate) {
    server.reset().await;
    Mock::given(any()).respond_with(answer).mount(server).await;
}

fn set(keys: &[Value]) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "keys": keys }))
}

async fn with_published_keys(server: &MockServer) -> TestApp {
    TestApp::spawn_with(|settings| {
        settings.server.public_url = AUDIENCE.parse().unwrap();
        settings.host.token_issuer = Some(ISSUER.to_owned());
        settings.host.token_jwks_url = Some(format!("{}/jwks.json", server.uri()).parse().unwrap());
    })
    .await
}

#[tokio::test]
async fn published_keys_are_fetched_once_renewed_and_survive_an_outage() {
    let (old, new) = (Signer::new(Algorithm::RS256), Signer::new(Algorithm::EdDSA));
    let server = MockServer::start().await;
    let app = with_published_keys(&server).await;
    let asked = async || server.received_requests().await.unwrap().len();
    // The clock of the server moves, and so must the token's times.
    let mut passed = Duration::ZERO;
    let token = |signer: &Signer, id: &str, passed: Duration| {
        let now = (SystemClock.now() + passed).unix_timestamp();
        signer.sign_as(id, &claims(&json!({ "iat": now, "exp": now + 120 })))
    };
    let mut pass = |time: Duration| {
        app.clock.pass(time);
        passed += time;
        passed
    };

    // Nobody has ever seen the keys: that is no fault of whoever comes.
    publishes(&server, ResponseTemplate::new(500)).await;
    let page = posted(&app, &token(&old, "old", Duration::ZERO)).await;
    assert_eq!((page.status, page.set_cookies().len()), (503, 0));

    let foreign = json!({ "kty": "oct", "k": "c2VjcmV0", "kid": "symmetric" });
    publishes(&server, set(&[foreign, json!({ "kty": "new-kind" }), old.jwk("old")])).await;
    let now = pass(Duration::seconds(10));
    for _ in 0..3 {
        assert!(was_let_in(&posted(&app, &token(&old, "old", now)).await));
    }
    assert_eq!(asked().await, 1);
    let symmetric = encode(
        &Header { kid: Some("symmetric".to_owned()), ..Header::default() },
        &claims(&json!({})),
        &EncodingKey::from_secret(b"secret"),
    );
    assert_eq!(posted(&app, &symmetric.unwrap()).await.status, 410);

    // A key that is new is found soon, and made-up ids cause no flood.
    publishes(&server, set(&[old.jwk("old"), new.jwk("new")])).await;
    let now = pass(Duration::seconds(31));
    assert!(was_let_in(&posted(&app, &token(&new, "new", now)).await));
    for made_up in 0..5 {
        assert_eq!(posted(&app, &token(&new, &format!("made up {made_up}"), now)).await.status, 410);
    }
    assert_eq!(asked().await, 1);

    // Away, nonsense or empty: what is known goes on working, for a day.
    for answer in [
        ResponseTemplate::new(503),
        ResponseTemplate::new(302).insert_header("location", "http://127.0.0.1:9/"),
        ResponseTemplate::new(200).set_body_string("<html>"),
        set(&[]),
        ResponseTemplate::new(200).set_body_string("x".repeat(100_000)),
    ] {
        publishes(&server, answer).await;
        let now = pass(Duration::minutes(15));
        assert!(was_let_in(&posted(&app, &token(&new, "new", now)).await));
        assert_eq!(asked().await, 1);
    }
    let now = pass(Duration::hours(24));
    assert_eq!(posted(&app, &token(&new, "new", now)).await.status, 503);

    // What is taken away stops working.
    publishes(&server, set(&[new.jwk("new")])).await;
    let now = pass(Duration::minutes(2));
    assert!(was_let_in(&posted(&app, &token(&new, "new", now)).await));
    assert_eq!(posted(&app, &token(&old, "old", now)).await.status, 410);
}
