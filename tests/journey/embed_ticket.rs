//! Who may read the outcome of a session, and for how long.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use gangway::config::Rate;
use serde_json::{Value, json};
use time::Duration;

use crate::{
    app::{HOST_KEY, SESSION_KEY, TestApp},
    watch::{arrived, is_waited_for, outcome, request, status, ticket},
};

const NEW_KEY: &str = "another-session-key-of-32-or-more-bytes";

async fn session_once(app: &TestApp) -> Value {
    let request =
        app.request("POST", "/api/v1/connect-sessions").bearer_auth(HOST_KEY).header("idempotency-key", "one");
    let answer = request.json(&json!({ "user": { "id": "jane" } })).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    answer.json().await.unwrap()
}

#[tokio::test]
async fn repeated_request_gives_the_same_ticket() {
    let app = TestApp::spawn().await;
    let session = session_once(&app).await;
    assert_eq!(ticket(&session).len(), 64);
    let other = app.beside().await;
    assert_eq!(session_once(&other).await, session, "another process");
    assert_eq!(status(&other, ticket(&session)).await, 200);
    let app = app.restart_with(|settings| settings.session.keys = vec![NEW_KEY.into(), SESSION_KEY.into()]).await;
    assert_eq!(session_once(&app).await, session, "a newer key");
    assert_eq!(status(&app, ticket(&session)).await, 200);
    let newer = app.session_with(json!({})).await;
    assert_eq!(status(&app, ticket(&newer)).await, 200);
    assert!(!String::from_utf8_lossy(&app.database()).contains(ticket(&session)), "it is not stored");
    let app = app.restart_with(|settings| settings.session.keys = vec![NEW_KEY.into()]).await;
    assert_eq!((status(&app, ticket(&session)).await, status(&app, ticket(&newer)).await), (401, 200));
}

#[tokio::test]
async fn forged_tickets_are_refused() {
    let app = TestApp::spawn().await;
    let (session, other) = (app.session_with(json!({})).await, app.session_with(json!({})).await);
    let ticket = ticket(&session);
    let bytes = URL_SAFE_NO_PAD.decode(ticket).unwrap();
    assert_eq!(uuid::Uuid::from_slice(&bytes[..16]).unwrap().to_string(), session["id"]);
    let others = URL_SAFE_NO_PAD.decode(crate::watch::ticket(&other)).unwrap();
    let mut flipped = bytes.clone();
    flipped[20] ^= 1;
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let forged = [
        text(&[&bytes[..16], &others[16..]].concat()),
        text(&flipped),
        text(&bytes[..47]),
        text(&bytes[..16]),
        text(&[bytes.as_slice(), &[0]].concat()),
        String::new(),
        "x".to_owned(),
        session["id"].as_str().unwrap().to_owned(),
        session["start_code"].as_str().unwrap().to_owned(),
        HOST_KEY.to_owned(),
        format!("{ticket}A"),
        ticket.to_lowercase(),
    ];
    for forged in forged {
        let answer = request(&app, &forged, "?wait=25").send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()["www-authenticate"].to_str().unwrap()), (401, "Bearer"));
        let problem: Value = answer.json().await.unwrap();
        assert!(problem["type"].as_str().unwrap().ends_with("/ticket-not-accepted"), "{problem}");
    }
    assert_eq!(app.request("GET", "/embed/outcome").send().await.unwrap().status(), 401);
    let in_the_query = format!("/embed/outcome?watch={ticket}");
    assert_eq!(app.request("GET", &in_the_query).send().await.unwrap().status(), 401, "a URL may be logged");
    // It is a permission to read this, and nothing else.
    let id = session["id"].as_str().unwrap();
    let api = app.request("GET", &format!("/api/v1/connect-sessions/{id}")).bearer_auth(ticket);
    assert_eq!(api.send().await.unwrap().status(), 401);
    let page = app.browser().navigate(&format!("/start?code={ticket}"), "none").await;
    assert_eq!(page.status, 410);
}

#[tokio::test]
async fn ticket_works_until_ten_minutes_after_the_end() {
    for end in ["unused", "idle", "ended"] {
        let app = TestApp::spawn().await;
        let session = match end {
            "unused" => app.session_with(json!({})).await,
            _ => arrived(&app).await.0,
        };
        match end {
            "unused" => app.clock.pass(Duration::minutes(10)),
            "idle" => app.clock.pass(Duration::minutes(30)),
            _ => {
                let path = format!("/connect-sessions/{}", session["id"].as_str().unwrap());
                assert_eq!(app.api("DELETE", &path, None).await.0, 204);
            }
        }
        app.clock.pass(Duration::seconds(590));
        assert_eq!(outcome(&app, &session).await["outcome"], "ended", "{end}");
        app.clock.pass(Duration::seconds(11));
        assert_eq!(status(&app, ticket(&session)).await, 401, "{end}");
    }
}

#[tokio::test]
async fn ticket_of_an_erased_user_is_refused() {
    let app = TestApp::spawn().await;
    let (session, _jane) = arrived(&app).await;
    let seen = outcome(&app, &session).await["version"].clone();
    let waiting = tokio::spawn(request(&app, ticket(&session), &format!("?wait=25&seen={seen}")).send());
    is_waited_for(&app, 1).await;
    assert_eq!(app.api("DELETE", "/users/jane", None).await.0, 204);
    assert_eq!(waiting.await.unwrap().unwrap().status(), 401);
    assert_eq!(status(&app, ticket(&session)).await, 401);
}

#[tokio::test]
async fn requests_are_limited_by_ticket_and_address() {
    let app = TestApp::spawn_with(|settings| {
        // None of them comes back within the test.
        let per = std::time::Duration::from_secs(24 * 3600);
        settings.limits.per_session = Rate { requests: 5, per };
        settings.limits.per_address = Rate { requests: 20, per };
    })
    .await;
    let (one, other) = (app.session_with(json!({})).await, app.session_with(json!({})).await);
    let mut answers = Vec::new();
    for _ in 0..6 {
        answers.push(status(&app, ticket(&one)).await);
    }
    assert_eq!(answers, [200, 200, 200, 200, 200, 429]);
    assert_eq!(status(&app, ticket(&other)).await, 200, "another ticket");
    let mut guesses = Vec::new();
    for _ in 0..14 {
        guesses.push(status(&app, "guessed").await);
    }
    assert_eq!((guesses[0], guesses[13]), (401, 429));
    assert_eq!(status(&app, ticket(&other)).await, 429, "the same address");
}
