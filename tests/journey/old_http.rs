//! HTTP/1.0, as nginx speaks it by default and health checks do.

use crate::{
    app::{HOST_KEY, TestApp},
    wire::{Answer, Wire, ask},
};

/// One request of HTTP/1.0 that accepts compression, with everything that comes back until the end of the connection.
async fn ask_old(app: &TestApp, path: &str, more: &str) -> Answer {
    let mut wire = Wire::open(app).await;
    wire.send(format!("GET {path} HTTP/1.0\r\nhost: x\r\naccept-encoding: gzip, br, zstd\r\n{more}\r\n")).await;
    Answer::of(&wire.until_closed().await.0)
}

#[tokio::test]
async fn no_response_to_http_1_0_is_chunked() {
    let app = TestApp::spawn().await;
    let browser = app.arrived().await;
    let cookie = format!("cookie: gangway={}\r\nauthorization: Bearer {HOST_KEY}\r\n", browser.cookie().unwrap());
    let page = browser.clone().get("/connectors").await;
    let files = [page.attributes("link[rel=stylesheet]", "href"), page.attributes("script", "src")].concat();
    let paths = ["/connectors", "/connectors/slack", "/nowhere", "/icons/slack", "/api/v1/openapi.json"];
    let paths = paths.into_iter().chain(["/api/v1/connectors", "/api/v1/nothing", "/problems/not-found"]);
    for path in paths.map(str::to_owned).chain(files) {
        for more in ["", "connection: keep-alive\r\n", "te: chunked\r\n"] {
            let keeps = more.contains("keep-alive");
            let answer = if keeps {
                let kept = format!("GET {path} HTTP/1.0\r\nhost: x\r\naccept-encoding: gzip\r\n{more}{cookie}\r\n");
                ask(&app, kept).await
            } else {
                ask_old(&app, &path, &format!("{more}{cookie}")).await
            };
            let head = answer.head.to_ascii_lowercase();
            assert!(answer.status >= 200 && !head.contains("transfer-encoding"), "{path}: {head}");
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.unwrap_or_else(|| panic!("{path} has no length: {head}")).parse().unwrap();
            assert!(length > 0 && answer.body.len() >= length, "{path}: {head}");
            assert!(!head.contains("content-encoding"), "{path}: {head}");
        }
    }
    let new = "GET /connectors HTTP/1.1\r\nhost: x\r\naccept-encoding: gzip\r\nconnection: close\r\n";
    let mut wire = Wire::open(&app).await;
    wire.send(format!("{new}{cookie}\r\n")).await;
    let (bytes, _) = wire.until_closed().await;
    let head = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
    assert!(head.contains("content-encoding: gzip"), "HTTP/1.1 is compressed as before: {head}");
}

#[tokio::test]
async fn post_without_a_body_gets_the_ordinary_answer() {
    let app = TestApp::spawn().await;
    let key = format!("authorization: Bearer {HOST_KEY}\r\n");
    let replay = "/api/v1/webhook-deliveries/01890a5d-ac96-774b-bcce-b302099a8057/replay";
    for (path, with_key, status) in [
        ("/api/v1/webhook-deliveries/test", true, 409),
        ("/api/v1/webhook-deliveries/test", false, 401),
        (replay, true, 404),
        ("/api/v1/users/jane/connections/67a37f29e0aa276e50d7253a/refused", true, 404),
        ("/api/v1/connect-sessions", true, 415),
        ("/start", false, 415),
        ("/problems/not-found", false, 405),
        ("/nowhere", false, 403),
    ] {
        let key = if with_key { key.as_str() } else { "" };
        for version in ["1.0", "1.1"] {
            for more in ["", "connection: close\r\n"] {
                let answer = ask(&app, format!("POST {path} HTTP/{version}\r\nhost: x\r\n{key}{more}\r\n")).await;
                assert_eq!(answer.status, status, "{path} over {version}: {}", answer.head);
                assert!(!answer.body.is_empty(), "{path} over {version}");
            }
        }
    }
    // Two of them on one connection, and one whose head comes in pieces.
    let post = format!("POST /api/v1/webhook-deliveries/test HTTP/1.0\r\nconnection: keep-alive\r\n{key}\r\n");
    let mut wire = Wire::open(&app).await;
    for _ in 0..2 {
        for piece in post.as_bytes().chunks(7) {
            wire.send(piece).await;
        }
        assert_eq!(wire.answer().await.status, 409);
    }
    // A body with its length is read as ever.
    let body = "{\"user\":{\"id\":\"jane\"}}";
    let whole = format!(
        "POST /api/v1/connect-sessions HTTP/1.0\r\n{key}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    assert_eq!(ask(&app, whole).await.status, 201);
}
