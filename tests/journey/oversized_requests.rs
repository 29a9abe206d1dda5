//! Requests that are too large in each of their parts, however they are sent.

use gangway::sandbox::Route;
use serde_json::Value;

use crate::{
    app::{HOST_KEY, TestApp},
    bad_requests::{dressed, is_page, is_problem},
    wire::{Answer, ask},
};

#[tokio::test]
async fn urls_have_a_maximum_length() {
    let app = TestApp::spawn().await;
    let address = |path: &str, length: usize| format!("{path}?q={}", "x".repeat(length - path.len() - 3));
    for path in ["/connectors", "/nowhere", "/static/app.css", "/icons/slack", "/start"] {
        let fits = app.request("GET", &address(path, 4096)).send().await.unwrap();
        assert_ne!(fits.status(), 414, "{path}");
        is_page(app.request("GET", &address(path, 4097)).send().await.unwrap(), 414, path).await;
    }
    let api = app.request("GET", &address("/api/v1/link-attempts", 4097)).bearer_auth(HOST_KEY);
    assert_eq!(
        is_problem(api.send().await.unwrap(), 414, "the API").await["type"],
        format!("{}/problems/address-too-long", app.url)
    );
    is_page(app.request("GET", &address("/callback/x", 16 * 1024 + 1)).send().await.unwrap(), 414, "a return").await;
    is_page(app.request("GET", &address("/callback/x", 16 * 1024)).send().await.unwrap(), 404, "a return").await;
}

#[tokio::test]
async fn long_return_is_accepted() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let leaving = jane.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    let page = jane.come_back(&format!("{back}?scope={}", "x".repeat(10 * 1024))).await;
    assert_eq!(page.heading(), "Slack is connected");
}

/// A POST whose body comes in pieces of that size, without saying how long it will be.
async fn in_pieces(app: &TestApp, path: &str, kind: &str, body: &str, size: usize) -> Answer {
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {HOST_KEY}\r\norigin: {}\r\n\
         content-type: {kind}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n",
        app.url
    );
    for piece in body.as_bytes().chunks(size) {
        request += &format!("{:x}\r\n{}\r\n", piece.len(), str::from_utf8(piece).unwrap());
    }
    ask(app, request + "0\r\n\r\n").await
}

#[tokio::test]
async fn chunked_bodies_have_the_same_limit() {
    let app = TestApp::spawn().await;
    let form = "application/x-www-form-urlencoded";
    let json = |length: usize| format!("{{\"user\":{{\"id\":\"jane\"}}}}{}", " ".repeat(length - 22));
    for size in [1000, 4096] {
        let fits = in_pieces(&app, "/api/v1/connect-sessions", "application/json", &json(16 * 1024), size).await;
        assert_eq!(fits.status, 201, "{}", fits.body);
        let larger = in_pieces(&app, "/api/v1/connect-sessions", "application/json", &json(16 * 1024 + 1), size).await;
        assert_eq!(larger.status, 413, "{}", larger.body);
        let problem: Value = serde_json::from_str(&larger.body).unwrap();
        assert_eq!(problem["type"], format!("{}/problems/too-large", app.url));
        assert_eq!(in_pieces(&app, "/start", form, &"x".repeat(32 * 1024), size).await.status, 410);
        assert_eq!(in_pieces(&app, "/start", form, &"x".repeat(32 * 1024 + 1), size).await.status, 413);
    }
    // Long before all of it has come.
    let length = "content-type: application/x-www-form-urlencoded\r\ncontent-length: 4000000000";
    let head = format!("POST /start HTTP/1.1\r\nhost: x\r\n{length}\r\n\r\n{}", "x".repeat(33_000));
    assert_eq!(ask(&app, head).await.status, 413);
    // Who sends it all before reading anything reads why it was refused, too.
    let all = format!("POST /start HTTP/1.1\r\nhost: x\r\ncontent-type: {form}\r\ncontent-length: 100000\r\n\r\n");
    assert_eq!(ask(&app, all + &"x".repeat(100_000)).await.status, 413);
}

#[tokio::test]
async fn malformed_json_is_a_problem_without_parser_text() {
    let app = TestApp::spawn().await;
    let nested = |open: &str, close: &str| format!("{{\"user\":{}1{}}}", open.repeat(2000), close.repeat(2000));
    let whole = "{\"user\":{\"id\":\"jane\",\"name\":\"J\\u0041ne\"},\"connectors\":[\"slack\"],\"expires_in\":60}";
    let mut bodies: Vec<Vec<u8>> = (0..whole.len()).map(|end| whole.as_bytes()[..end].to_vec()).collect();
    bodies.extend(
        [
            nested("[", "]"),
            nested("{\"a\":", "}"),
            "[".repeat(16_000),
            "{\"user\":{\"id\":\"a\",\"id\":\"b\"}}".to_owned(),
            "{\"user\":{\"id\":\"a\"},\"after\":\"stay\",\"after\":\"return\"}".to_owned(),
            "{\"user\":{\"id\":\"a\"},\"expires_in\":1e999}".to_owned(),
            "{\"user\":{\"id\":\"\\ud800\"}}".to_owned(),
            "{\"user\":{\"id\":\"a\"},}".to_owned(),
            "{'user':{'id':'a'}}".to_owned(),
            "null".to_owned(),
            "\u{feff}{\"user\":{\"id\":\"a\"}}".to_owned(),
        ]
        .map(String::into_bytes),
    );
    bodies.push(b"{\"user\":{\"id\":\"\xff\xfe\"}}".to_vec());
    for body in bodies {
        let what = String::from_utf8_lossy(&body[..body.len().min(90)]).into_owned();
        let request = app.request("POST", "/api/v1/connect-sessions").bearer_auth(HOST_KEY);
        let response = request.header("content-type", "application/json").body(body).send().await.unwrap();
        let status = response.status().as_u16();
        assert!(status == 400 || status == 422, "{what}: {status}");
        let text = is_problem(response, status, &what).await.to_string();
        for word in ["line ", "column", "expected", "EOF", "recursion", "invalid type", "surrogate", "trailing"] {
            assert!(!text.contains(word), "{what}: {text}");
        }
    }
    let request = app.request("POST", "/api/v1/connect-sessions").bearer_auth(HOST_KEY);
    let good = request.header("content-type", "application/json; charset=utf-8").body(whole).send().await.unwrap();
    assert_eq!(good.status(), 201);
}

#[tokio::test]
async fn odd_bytes_in_a_path_are_not_found() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.get("/connectors").await;
    let cookie = format!("cookie: gangway={}", browser.cookie().unwrap());
    app.sandbox.forget_calls();
    let odd =
        ["..%2f..%2fadmin", "..%5c..%5cadmin", "a%0d%0ab", "a%0aset-cookie:%20x=1", "%00", "%ff", "%", "%zz", "%c0%ae"];
    for id in odd {
        for (method, path) in [
            ("GET", format!("/connectors/{id}")),
            ("GET", format!("/icons/{id}")),
            ("GET", format!("/callback/{id}")),
            ("GET", format!("/attempts/{id}")),
            ("GET", format!("/attempts/{id}/status?wait=20")),
            ("GET", format!("/static/{id}")),
            ("GET", format!("/api/v1/users/{id}/connections")),
            ("GET", format!("/api/v1/link-attempts/{id}")),
            ("DELETE", format!("/api/v1/connect-sessions/{id}")),
        ] {
            let request = format!(
                "{method} {path} HTTP/1.1\r\nhost: x\r\n{cookie}\r\nauthorization: Bearer {HOST_KEY}\r\nconnection: close\r\n\r\n"
            );
            let answer = ask(&app, request).await;
            let users = path.starts_with("/api/v1/users/");
            assert!(
                answer.status == 404 || users && (answer.status == 422 || answer.status == 200),
                "{path}: {}",
                answer.head
            );
            assert!(!answer.head.contains("set-cookie: x"), "{path}: {}", answer.head);
        }
    }
    let asked: Vec<_> = app.sandbox.calls().into_iter().map(|call| call.path).collect();
    assert!(asked.iter().all(|path| !path.contains("admin") || path.starts_with("/users/gangway-")), "{asked:?}");
    assert_eq!(app.sandbox.count(Route::Metadata), 0, "{asked:?}");
}

#[tokio::test]
async fn every_route_has_head_and_names_its_methods() {
    let app = TestApp::spawn().await;
    let browser = app.arrived().await;
    let cookie = format!("gangway={}", browser.cookie().unwrap());
    let session = app.session_with(serde_json::json!({})).await;
    let start = session["url"].as_str().unwrap().trim_start_matches(&app.url).to_owned();
    let connections = "/api/v1/users/jane/connections";
    let disconnect = "/connections/67a37f29e0aa276e50d7253a/disconnect";
    let ours =
        ["/", "/connectors", "/connectors/slack", "/icons/slack", &start, "/callback/x", disconnect, connections];
    for path in ours {
        let ask = |method| app.request(method, path).header("cookie", &cookie).bearer_auth(HOST_KEY).send();
        let (get, head) = (ask("GET").await.unwrap(), ask("HEAD").await.unwrap());
        assert_eq!(get.status(), head.status(), "{path}");
        assert_eq!(get.headers().get("content-type"), head.headers().get("content-type"), "{path}");
        assert!(head.bytes().await.unwrap().is_empty(), "{path}");
        for method in ["PUT", "PATCH", "OPTIONS", "TRACE", "PROPFIND"] {
            let other = app.request(method, path).header("cookie", &cookie).header("origin", &app.url).send();
            let other = other.await.unwrap();
            assert_eq!(other.status(), 405, "{method} {path}");
            let allowed = other.headers()["allow"].to_str().unwrap();
            assert!(allowed.starts_with("GET, HEAD"), "{method} {path}: {allowed}");
            dressed(&other, path);
        }
    }
}
