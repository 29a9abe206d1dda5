//! Arrive by a token that the host signed: it stands for a start code, goes the same way, and works once.

use gangway::domain::{
    clock::{Clock as _, SystemClock},
    session::ExternalId,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use sqlx::Connection as _;

use crate::{
    app::{HOST_ORIGIN, RETURN_URL, SESSION_KEY, TestApp},
    browser::Browser,
    process::Place,
    token_signer::{AUDIENCE, ISSUER, Signer, claims, posted, was_let_in},
};

async fn with_keys(keys: Vec<String>) -> TestApp {
    TestApp::spawn_with(|settings| {
        settings.server.public_url = AUDIENCE.parse().unwrap();
        settings.host.token_issuer = Some(ISSUER.to_owned());
        settings.host.token_keys = keys;
    })
    .await
}

#[tokio::test]
async fn a_token_of_each_kind_of_key_opens_a_session_for_whom_it_names() {
    for algorithm in [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA] {
        let host = Signer::new(algorithm);
        let app = with_keys(vec![host.public()]).await;
        let wanted = json!({
            "connectors": ["slack", "notion"], "connector": "slack", "return_url": RETURN_URL, "locale": "de",
            "role": "of no interest here",
        });
        let mut browser = app.browser();
        let token = host.sign(&claims(&wanted));
        let page = browser.post_from(HOST_ORIGIN, "/start", &[("token", &token)]).await;
        assert_eq!((page.status, page.location()), (303, "/connectors/slack?arrived=1"), "{algorithm:?}");
        let connect = browser.get("/connectors/slack").await;
        assert!(connect.text().contains("Jane Doe"), "{}", connect.text());
        assert!(connect.body.contains("lang=\"de\""));
        assert_eq!(browser.get("/connectors?language=en").await.all("ul.rows b"), ["Notion", "Slack"]);
    }
}

#[tokio::test]
async fn a_token_works_once_and_its_own_browser_comes_back_to_where_it_was() {
    let host = Signer::new(Algorithm::ES256);
    let app = with_keys(vec![host.public()]).await;
    let token = host.sign(&claims(&json!({})));
    let mut browser = app.browser();
    assert!(was_let_in(&browser.post_from(HOST_ORIGIN, "/start", &[("token", &token)]).await));
    let again = browser.post_from(HOST_ORIGIN, "/start", &[("token", &token)]).await;
    assert_eq!((again.status, again.location()), (303, "/connectors"));
    let elsewhere = posted(&app, &token).await;
    assert_eq!((elsewhere.status, elsewhere.heading().as_str()), (410, "This link no longer works"));
    assert!(elsewhere.set_cookies().is_empty());
    // Nor can the host name another user under the same id.
    let other = claims(&json!({ "sub": "mallory" }));
    let mut same_id = claims(&json!({}));
    same_id["jti"] = other["jti"].clone();
    assert!(was_let_in(&posted(&app, &host.sign(&other)).await));
    assert_eq!(posted(&app, &host.sign(&same_id)).await.status, 410);
}

#[tokio::test]
async fn a_token_stands_for_its_session_also_after_a_new_key_came_in_front() {
    let host = Signer::new(Algorithm::ES256);
    let app = with_keys(vec![host.public()]).await;
    let token = host.sign(&claims(&json!({})));
    let mut browser = app.browser();
    let page = browser.post_from("https://elsewhere.test", "/start", &[("token", &token)]).await;
    assert_eq!((page.status, page.set_cookies().len()), (200, 0), "only shown");
    let fresh = "a-fresh-session-key-of-at-least-32-bytes";
    let app = app.restart_with(|settings| settings.session.keys = [fresh, SESSION_KEY].map(Into::into).to_vec()).await;
    assert!(was_let_in(&posted(&app, &token).await));
}

#[tokio::test]
async fn fifty_browsers_with_one_token_make_one_session() {
    let host = Signer::new(Algorithm::EdDSA);
    let app = with_keys(vec![host.public()]).await;
    let token = host.sign(&claims(&json!({})));
    let pages = futures_util::future::join_all((0..50).map(|_| posted(&app, &token))).await;
    assert_eq!(pages.iter().filter(|page| was_let_in(page)).count(), 1);
    assert_eq!(pages.iter().filter(|page| page.status == 410).count(), 49);
}

#[tokio::test(flavor = "multi_thread")]
async fn simultaneous_posts_of_one_token_log_no_error() {
    let host = Signer::new(Algorithm::EdDSA);
    let settings = format!("host.token_issuer = '{ISSUER}'\nhost.token_keys = ['''\n{}''']", host.public());
    let process = Place::new(&settings).serve().await;
    let token = host.sign(&claims(&json!({ "aud": process.url })));
    // Every post finds no session, and then waits to create it.
    let mut database = sqlx::SqliteConnection::connect(&process.place.store).await.unwrap();
    sqlx::query("begin immediate").execute(&mut database).await.unwrap();
    let post = async || Browser::new(&process.url).post_from(HOST_ORIGIN, "/start", &[("token", &token)]).await;
    let release = async {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        sqlx::query("rollback").execute(&mut database).await.unwrap();
    };
    let (pages, ()) = tokio::join!(futures_util::future::join_all((0..4).map(|_| post())), release);
    assert_eq!(pages.iter().filter(|page| was_let_in(page)).count(), 1);
    assert!(!process.place.log().contains("\"level\":\"ERROR\""), "{}", process.place.log());
}

#[tokio::test]
async fn refused_token_binds_no_alloy_user() {
    let host = Signer::new(Algorithm::EdDSA);
    let app = with_keys(vec![host.public()]).await;
    let jane = ExternalId::parse("jane").unwrap();
    let alloy_user = json!({ "alloy_user_id": "5eba51a03fe9631316668514" });
    let mut wrong = claims(&alloy_user);
    wrong["return_url"] = json!("https://evil.test/");
    assert_eq!(posted(&app, &host.sign(&wrong)).await.status, 410);
    assert_eq!(app.store.alloy_user(&jane).await.unwrap(), None);
    // Nor does a token of a user who was erased since.
    let token = host.sign(&claims(&alloy_user));
    assert!(was_let_in(&posted(&app, &token).await));
    assert_eq!(app.api("DELETE", "/users/jane", None).await.0, 204);
    assert_eq!(posted(&app, &token).await.status, 410);
    assert_eq!(app.store.alloy_user(&jane).await.unwrap(), None);
}

#[tokio::test]
async fn a_page_of_anybody_else_shows_the_start_page_and_signs_nobody_in() {
    let host = Signer::new(Algorithm::ES256);
    let app = with_keys(vec![host.public()]).await;
    let token = host.sign(&claims(&json!({})));
    for origin in ["https://evil.test", "null", ""] {
        let page = app.browser().post_from(origin, "/start", &[("token", &token)]).await;
        assert_eq!((page.status, page.heading().as_str()), (200, "Connect your apps to Acme Notes"), "{origin}");
        assert!(page.set_cookies().is_empty() && page.text().contains("Jane Doe"), "{origin}");
        assert!(!page.body.contains(&token), "the page goes on with a code of its own");
    }
    // A link cannot carry a token: addresses are kept in histories and logs.
    assert_eq!(app.browser().get(&format!("/start?token={token}")).await.status, 410);
    let mut mallory = app.browser();
    assert!(was_let_in(
        &mallory
            .post_from(
                HOST_ORIGIN,
                "/start",
                &[("token", &host.sign(&claims(&json!({ "sub": "mallory", "name": "Mallory" }))))]
            )
            .await
    ));
    let page = mallory.post_from("https://evil.test", "/start", &[("token", &token)]).await;
    assert!(page.set_cookies().is_empty());
    assert!(!mallory.get("/connectors").await.text().contains("Jane Doe"));
}

#[tokio::test]
async fn no_token_is_accepted_that_the_host_did_not_sign_for_us_for_now() {
    let (host, stranger) = (Signer::new(Algorithm::ES256), Signer::new(Algorithm::ES256));
    let rsa = Signer::new(Algorithm::RS256);
    let app = with_keys(vec![host.public(), rsa.public()]).await;
    let now = SystemClock.now().unix_timestamp();
    let good = claims(&json!({}));
    let header = || Header::new(Algorithm::ES256);
    let without = |claim: &str| {
        let mut claims = good.clone();
        claims.as_object_mut().unwrap().remove(claim);
        host.sign(&claims)
    };
    let with = |more: Value| host.sign(&claims(&more));
    let symmetric = |secret: &[u8]| encode(&Header::default(), &good, &EncodingKey::from_secret(secret)).unwrap();
    let unsigned = {
        let signed = host.sign(&good);
        let body = signed.split('.').nth(1).unwrap();
        format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{body}.")
    };
    let flipped = {
        let mut signed = host.sign(&good).into_bytes();
        let middle = signed.len() / 2;
        signed[middle] = if signed[middle] == b'A' { b'B' } else { b'A' };
        String::from_utf8(signed).unwrap()
    };
    let own_key = Header { jwk: Some(serde_json::from_value(stranger.jwk("x")).unwrap()), ..header() };
    let own_address = Header { jku: Some("http://127.0.0.1:9/keys".to_owned()), ..header() };
    let wrong = [
        ("a stranger's signature", stranger.sign(&good)),
        ("a key in its own header", stranger.sign_with(&own_key, &good)),
        ("an address of keys in its header", stranger.sign_with(&own_address, &good)),
        ("no signature", unsigned),
        ("a changed byte", flipped),
        ("the public key as a secret", symmetric(host.public().as_bytes())),
        ("the public key as a secret, trimmed", symmetric(rsa.public().trim().as_bytes())),
        ("another algorithm of the same key", rsa.sign_with(&Header::new(Algorithm::RS512), &good)),
        ("an algorithm of the same family", rsa.sign_with(&Header::new(Algorithm::PS256), &good)),
        ("another kind of token", host.sign_with(&Header { typ: Some("at+jwt".to_owned()), ..header() }, &good)),
        ("what must be understood", host.sign_with(&Header { crit: Some(vec!["x".to_owned()]), ..header() }, &good)),
        ("another issuer", with(json!({ "iss": "https://app.acme.test/" }))),
        ("another audience", with(json!({ "aud": "https://elsewhere.test" }))),
        ("no issuer", without("iss")),
        ("no audience", without("aud")),
        ("no end", without("exp")),
        ("no user", without("sub")),
        ("no id", without("jti")),
        ("an end as text", with(json!({ "exp": "tomorrow" }))),
        ("an end beyond all time", with(json!({ "exp": 1e300 }))),
        ("over a minute ago", with(json!({ "iat": now - 300, "exp": now - 61 }))),
        ("too long a life", with(json!({ "exp": now + 3_600 }))),
        ("too long a life from its making", with(json!({ "iat": now - 3_600 }))),
        ("not yet", with(json!({ "nbf": now + 120 }))),
        ("made in the future", with(json!({ "iat": now + 120 }))),
        ("a user who cannot be one", with(json!({ "sub": "" }))),
        ("an app that cannot be one", with(json!({ "connectors": ["../admin"] }))),
        ("another way back", with(json!({ "return_url": "https://evil.test/" }))),
        ("no token at all", "x.y.z".to_owned()),
        ("a long one", "a".repeat(5_000)),
    ];
    for (what, token) in wrong {
        let page = posted(&app, &token).await;
        assert_eq!((page.status, page.heading().as_str()), (410, "This link no longer works"), "{what}");
        assert!(page.set_cookies().is_empty(), "{what}");
    }
    // Clocks are a minute apart at the most, and a list of audiences may have ours.
    for right in [json!({ "exp": now - 30 }), json!({ "iat": now + 30 }), json!({ "aud": ["x", AUDIENCE] })] {
        assert!(was_let_in(&posted(&app, &with(right.clone())).await), "{right}");
    }
}

#[tokio::test]
async fn without_an_issuer_in_the_settings_no_token_is_accepted() {
    let host = Signer::new(Algorithm::ES256);
    let app = TestApp::spawn_with(|settings| settings.host.token_keys = vec![host.public()]).await;
    assert_eq!(posted(&app, &host.sign(&claims(&json!({ "aud": app.url })))).await.status, 410);
}
