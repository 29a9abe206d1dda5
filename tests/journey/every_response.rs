//! The headers of every response, whatever produced it.

use gangway::sandbox::Fault;
use reqwest::{RequestBuilder, Response};
use serde_json::json;

use crate::{
    app::{HOST_KEY, HOST_ORIGIN, TestApp},
    wire::ask,
};

/// What each must carry, with a policy of its own for files that are no pages.
fn dressed(response: &Response, what: &str) {
    let header =
        |name: &str| response.headers().get_all(name).iter().map(|value| value.to_str().unwrap()).collect::<Vec<_>>();
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        // The host shows icons on pages of its own, and loads the script there.
        (
            "cross-origin-resource-policy",
            if ["an icon", "the script"].contains(&what) { "cross-origin" } else { "same-origin" },
        ),
        ("x-frame-options", "DENY"),
        ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ] {
        assert_eq!(header(name), [value], "{what}: {name}");
    }
    let [policy] = header("content-security-policy")[..] else { panic!("{what}: {:?}", response.headers()) };
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
    assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("data:"), "{what}: {policy}");
    let page = !policy.contains("sandbox");
    assert!(!page || policy.contains("require-trusted-types-for 'script'; trusted-types 'none'"), "{what}: {policy}");
    assert!(header("permissions-policy")[0].contains("camera=()"), "{what}");
    assert_eq!(header("server").len() + header("x-powered-by").len(), 0);
    assert_eq!(header("access-control-allow-origin"), if what == "the script" { &["*"][..] } else { &[] }, "{what}");
    // Only what is the same for everybody may be kept.
    let kept = header("cache-control");
    assert!(kept == ["no-store"] || !page && response.status() == 200, "{what}: {kept:?}");
}

#[tokio::test]
async fn all_carry_the_whole_set() {
    let app = TestApp::spawn_with(|settings| {
        settings.server.public_url = "https://connect.acme.test".parse().unwrap();
        settings.brand.color = Some("#00aa55".to_owned());
        settings.limits.per_key.requests = 10;
    })
    .await;
    let browser = app.arrived().await;
    let cookie = format!("{}={}", browser.cookie_name(), browser.cookie().unwrap());
    let start = app.session_with(json!({})).await["start_code"].as_str().unwrap().to_owned();
    let style = browser.clone().get("/connectors").await.attributes("link[rel=stylesheet]", "href").remove(0);
    let with_cookie = |method, path: &str| app.request(method, path).header("cookie", &cookie);
    let with_key = |method, path: &str| app.request(method, path).bearer_auth(HOST_KEY);
    let form = |request: RequestBuilder, body: String| {
        request.header("content-type", "application/x-www-form-urlencoded").body(body)
    };
    let requests: Vec<(&str, RequestBuilder, u16)> = vec![
        ("a page", with_cookie("GET", "/connectors"), 200),
        (
            "the start page",
            app.request("GET", &format!("/start?code={start}")).header("host", "connect.acme.test"),
            200,
        ),
        ("a start link at another address", app.request("GET", &format!("/start?code={start}")), 303),
        ("HEAD", with_cookie("HEAD", "/connectors"), 200),
        ("a redirect", with_cookie("GET", "/"), 303),
        ("an arrival", with_cookie("GET", "/connectors?arrived=1"), 303),
        (
            "a code that is used",
            form(app.request("POST", "/start").header("origin", HOST_ORIGIN), format!("code={start}")),
            303,
        ),
        ("a style", app.request("GET", &style), 200),
        ("no logo", app.request("GET", "/brand/logo"), 404),
        ("an icon", app.request("GET", "/icons/slack"), 200),
        ("the script", app.request("GET", "/embed/v1.js"), 200),
        ("no icon", app.request("GET", "/icons/nothing"), 404),
        ("nothing", app.request("GET", "/nowhere"), 404),
        ("no session", app.request("GET", "/connectors"), 401),
        ("a link that does not work", app.request("GET", "/start?code=x").header("host", "connect.acme.test"), 410),
        ("another site", with_cookie("POST", "/session/end").header("sec-fetch-site", "cross-site"), 403),
        ("a wrong method", app.request("PUT", "/start"), 405),
        ("too much", form(app.request("POST", "/start"), "x".repeat(33_000)), 413),
        ("a long address", app.request("GET", &format!("/{}", "x".repeat(5000))), 414),
        ("a wrong type", app.request("POST", "/start").body("x"), 415),
        ("a return that nobody knows", app.request("GET", "/callback/x"), 404),
        ("an answer of the API", with_key("GET", "/api/v1/users/jane/connections"), 200),
        ("made", with_key("POST", "/api/v1/connect-sessions").json(&json!({ "user": { "id": "a" } })), 201),
        ("no key", app.request("GET", "/api/v1/users/jane/connections"), 401),
        ("nothing of the API", with_key("GET", "/api/v1/nothing"), 404),
        ("a wrong method of the API", with_key("PUT", "/api/v1/connect-sessions"), 405),
        ("a wrong field", with_key("POST", "/api/v1/connect-sessions").json(&json!({ "x": 1 })), 422),
        (
            "no JSON",
            with_key("POST", "/api/v1/connect-sessions").header("content-type", "application/json").body("{"),
            400,
        ),
    ];
    for (what, request, status) in requests {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{what}");
        dressed(&response, what);
    }
    for path in ["/healthz", "/readyz", "/nothing"] {
        dressed(&reqwest::get(format!("{}{path}", app.admin_url)).await.unwrap(), path);
    }
    let mut full = with_key("GET", "/api/v1/link-attempts/x").send().await.unwrap();
    while full.status() != 429 {
        full = with_key("GET", "/api/v1/link-attempts/x").send().await.unwrap();
    }
    dressed(&full, "too many requests");
    app.sandbox.switch_on(Fault::KeyRefused);
    let away = with_cookie("GET", "/connectors/notion").send().await.unwrap();
    assert_eq!(away.status(), 503);
    dressed(&away, "the upstream is away");
    app.in_the_database("alter table browser rename to gone").await;
    let broken = with_cookie("GET", "/connectors").send().await.unwrap();
    assert_eq!(broken.status(), 503);
    dressed(&broken, "the store is away");
    app.in_the_database("alter table connect_session rename to gone_too").await;
    let broken = app.request("GET", "/start?code=x&address=public").send().await.unwrap();
    assert_eq!(broken.status(), 500);
    dressed(&broken, "a mistake of ours");
}

/// What is no HTTP at all never reaches the program: the server below answers with a bare status, and says nothing else.
#[tokio::test]
async fn what_is_no_request_gets_a_status_without_anything() {
    let app = TestApp::spawn().await;
    for nonsense in [
        "\u{0}\u{1}\u{2}\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET /\u{0} HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: x\r\nbad name: y\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: x\r\nx: a\u{0}b\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip, chunked\r\n\r\n",
    ] {
        let answer = ask(&app, nonsense).await;
        assert_eq!((answer.status, answer.body.as_str()), (400, ""), "{nonsense:?}: {}", answer.head);
        assert!(!answer.head.contains("set-cookie") && !answer.head.contains("server:"), "{}", answer.head);
    }
    assert_eq!(app.arrived().await.get("/connectors").await.status, 200);
}
