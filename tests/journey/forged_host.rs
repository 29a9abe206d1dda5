//! Requests that lie about where they were sent to, and for whom.

use crate::{
    app::{HOST_KEY, TestApp},
    wire::ask,
};

const LIES: &str = "x-forwarded-host: evil.test\r\nx-forwarded-proto: https\r\nx-forwarded-port: 666\r\n\
    x-forwarded-prefix: /evil.test\r\nx-forwarded-for: 198.51.100.66\r\nforwarded: for=198.51.100.66;host=evil.test;proto=https\r\n\
    x-original-url: /evil.test\r\nx-rewrite-url: /evil.test\r\nx-host: evil.test\r\n";

#[tokio::test]
async fn no_link_and_no_redirect_believes_them() {
    let trusting = TestApp::spawn_with(|settings| settings.server.trusted_proxies = vec!["127.0.0.1".to_owned()]).await;
    for app in [TestApp::spawn().await, trusting] {
        let browser = app.arrived().await;
        let cookie = browser.cookie().unwrap();
        for host in ["evil.test", "evil.test:80", "localhost@evil.test", "", "[::1]", "evil.test/x?y"] {
            for (method, path, more, status) in [
                ("GET", "/", String::new(), 303),
                ("GET", "/connectors", String::new(), 200),
                ("GET", "/connectors/slack", String::new(), 200),
                ("GET", "/connectors?arrived=1", String::new(), 303),
                ("GET", "/nowhere", String::new(), 404),
                ("POST", "/api/v1/connect-sessions", "{\"user\":{\"id\":\"jane\"}}".to_owned(), 201),
            ] {
                let request = format!(
                    "{method} {path} HTTP/1.1\r\nhost: {host}\r\n{LIES}cookie: gangway={cookie}\r\n\
                     authorization: Bearer {HOST_KEY}\r\ncontent-type: application/json\r\n\
                     content-length: {}\r\nconnection: close\r\n\r\n{more}",
                    more.len()
                );
                let answer = ask(&app, request).await;
                assert_eq!(answer.status, status, "{host:?} {path}: {}", answer.body);
                let all = format!("{}{}", answer.head, answer.body);
                assert!(!all.contains("evil") && !all.contains("198.51") && !all.contains(":666"), "{path}: {all}");
                if status == 201 {
                    assert!(answer.body.contains(&format!("\"url\":\"{}/start?code=", app.url)), "{}", answer.body);
                }
            }
        }
    }
}
