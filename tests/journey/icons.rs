//! The apps' icons are served by Gangway itself, not from the addresses in the catalogue.

use std::time::Duration;

use gangway::alloy::Timeouts;

use crate::tcp_relay::{Deed, Relay, json};

const SHORT: Timeouts =
    Timeouts { connect: Duration::from_secs(1), read: Duration::from_secs(3), total: Duration::from_secs(3) };

fn catalogue(icon: &str) -> Deed {
    json("200 OK", &format!(r#"{{"connectors":[{{"id":"slack","name":"Slack","icon":"{icon}"}}]}}"#))
}

#[tokio::test]
async fn icon_with_a_script_is_harmless() {
    let (app, relay) = Relay::between(SHORT).await;
    relay.to("GET /connectors ", catalogue(&format!("{}/evil.svg", relay.address())));
    let evil = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let length = evil.len();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: image/svg+xml\r\ncontent-length: {length}\r\n\r\n");
    relay.to("GET /evil.svg", Deed::Says(head + evil));
    for _ in 0..3 {
        let answer = app.request("GET", "/icons/slack").send().await.unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox; frame-ancestors 'none'");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("content-type"), "image/svg+xml");
        assert_eq!(answer.text().await.unwrap(), evil);
    }
    let fetched = relay.requests().into_iter().filter(|line| line.starts_with("GET /evil.svg")).count();
    assert_eq!(fetched, 1, "it is kept");
}

#[tokio::test]
async fn placeholder_replaces_an_unusable_icon() {
    for icon in [
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/x.png",
        "https://[::1]/x.png",
        "https://localhost.:1/x.png",
        "http://cdn.runalloy.com/slack.png",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "",
    ] {
        let (app, relay) = Relay::between(SHORT).await;
        relay.to("GET /connectors ", catalogue(icon));
        let answer = app.request("GET", "/icons/slack").send().await.unwrap();
        assert_eq!(answer.status(), 200, "{icon}");
        assert_eq!(answer.headers()["content-type"], "image/svg+xml", "{icon}");
        assert!(answer.text().await.unwrap().contains(">S</text>"), "{icon}");
    }
}
