//! The host publishes its keys at an address of its own, which may change them, be away, or talk nonsense.

use std::{sync::Arc, time::Instant};

use gangway::domain::clock::{Clock as _, SystemClock};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use time::Duration;
use tokio::task::JoinHandle;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::{
    app::TestApp,
    token_signer::{AUDIENCE, ISSUER, Signer, claims, posted, was_let_in},
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

#[tokio::test]
async fn key_replaced_under_its_own_id_is_fetched_again() {
    let (old, new) = (Signer::new(Algorithm::RS256), Signer::new(Algorithm::RS256));
    let server = MockServer::start().await;
    let app = with_published_keys(&server).await;
    let asked = async || server.received_requests().await.unwrap().len();
    let token = |signer: &Signer| {
        let now = app.clock.now().unix_timestamp();
        signer.sign_as("only", &claims(&json!({ "iat": now, "exp": now + 120 })))
    };
    publishes(&server, set(&[old.jwk("only")])).await;
    assert!(was_let_in(&posted(&app, &token(&old)).await));
    publishes(&server, set(&[new.jwk("only")])).await;
    // As rarely as for an unknown id: not within half a minute of the last fetch.
    for _ in 0..3 {
        assert_eq!(posted(&app, &token(&new)).await.status, 410);
    }
    assert_eq!(asked().await, 0);
    app.clock.pass(Duration::seconds(31));
    assert!(was_let_in(&posted(&app, &token(&new)).await));
    assert_eq!(posted(&app, &token(&old)).await.status, 410, "the key that was replaced");
    for _ in 0..5 {
        assert_eq!(posted(&app, &token(&old)).await.status, 410);
    }
    assert_eq!(asked().await, 1, "signatures that do not fit cause no flood");
}

/// As many junk key ids at once, each in a task of its own.
fn junk(app: &Arc<TestApp>, signer: &Signer, count: usize, now: i64) -> Vec<JoinHandle<u16>> {
    let post = |place| {
        let token = signer.sign_as(&format!("junk {place}"), &claims(&json!({ "iat": now, "exp": now + 120 })));
        let app = Arc::clone(app);
        tokio::spawn(async move { posted(&app, &token).await.status })
    };
    (0..count).map(post).collect()
}

/// Answers after longer than any fetch may take.
fn stalls(signer: &Signer) -> ResponseTemplate {
    set(&[signer.jwk("own")]).set_delay(std::time::Duration::from_secs(30))
}

#[tokio::test]
async fn junk_key_ids_hold_up_no_known_key() {
    let signer = Signer::new(Algorithm::EdDSA);
    let server = MockServer::start().await;
    let app = Arc::new(with_published_keys(&server).await);
    let asked = async || server.received_requests().await.unwrap().len();
    let now = || app.clock.now().unix_timestamp();
    let good = || signer.sign_as("own", &claims(&json!({ "iat": now(), "exp": now() + 120 })));
    publishes(&server, set(&[signer.jwk("own")])).await;
    assert!(was_let_in(&posted(&app, &good()).await));

    // The keys are fresh, then stale: for each of both the address stalls, and junk waits for it.
    for passed in [Duration::seconds(31), Duration::minutes(11), Duration::hours(12)] {
        publishes(&server, stalls(&signer)).await;
        app.clock.pass(passed);
        let waiting = junk(&app, &signer, 12, now());
        app.until("a fetch", async || asked().await == 1).await;
        let began = Instant::now();
        for _ in 0..5 {
            assert!(was_let_in(&posted(&app, &good()).await), "after {passed}");
        }
        assert!(began.elapsed() < std::time::Duration::from_secs(3), "after {passed}: {:?}", began.elapsed());
        assert!(waiting.iter().all(|junk| !junk.is_finished()), "the fetch is over already");
        // A caller who goes away neither ends the fetch nor begins another.
        waiting[0].abort();
        for junk in waiting.into_iter().skip(1) {
            assert_eq!(junk.await.unwrap(), 410, "after {passed}");
        }
        for junk in junk(&app, &signer, 5, now()) {
            assert_eq!(junk.await.unwrap(), 410);
        }
        assert_eq!(asked().await, 1, "after {passed}");
        app.clock.pass(Duration::minutes(2));
    }
}

#[tokio::test]
async fn a_key_taken_away_is_noticed_by_the_first_token() {
    let (old, new) = (Signer::new(Algorithm::EdDSA), Signer::new(Algorithm::ES256));
    let server = MockServer::start().await;
    let app = with_published_keys(&server).await;
    publishes(&server, set(&[old.jwk("old"), new.jwk("new")])).await;
    let now = || app.clock.now().unix_timestamp();
    let token = |signer: &Signer, id| signer.sign_as(id, &claims(&json!({ "iat": now(), "exp": now() + 120 })));
    assert!(was_let_in(&posted(&app, &token(&old, "old")).await));
    publishes(&server, set(&[new.jwk("new")])).await;
    app.clock.pass(Duration::minutes(11));
    let both = (token(&old, "old"), token(&old, "old"));
    let (one, other) = futures_util::join!(posted(&app, &both.0), posted(&app, &both.1));
    assert_eq!((one.status, other.status), (410, 410));
    assert!(was_let_in(&posted(&app, &token(&new, "new")).await));
}
