//! The admin listener on loopback answers loopback names only: a page of another name that leads to this machine (DNS
//! rebinding) reads nothing.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::app::TestApp;

/// The status of one request, and everything that came back.
async fn ask(app: &TestApp, request: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(app.admin_url.trim_start_matches("http://")).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    (answer.get(9..12).and_then(|digits| digits.parse().ok()).unwrap_or_default(), answer)
}

fn get(target: &str, host: &str) -> String {
    format!("GET {target} HTTP/1.1\r\n{host}connection: close\r\n\r\n")
}

const ROUTES: [&str; 4] = ["/metrics", "/healthz", "/readyz", "/nothing"];

#[tokio::test]
async fn a_foreign_host_is_misdirected() {
    let app = TestApp::spawn().await;
    for host in [
        "evil.test",
        "evil.test:3001",
        "localhost.evil.test",
        "localhost.evil.test:3001",
        "evillocalhost",
        "127.0.0.1.evil.test",
        "127.0.0.1.nip.io",
        "evil.test@localhost",
        "localhost@evil.test",
        "localhost, evil.test",
        "10.0.0.1",
        "0.0.0.0",
        "192.168.1.1:3001",
        "[::]",
        "[fe80::1]",
        "[::1].evil.test",
        "::1",
        "localhost:x",
        "localhost:80:80",
        "",
    ] {
        for route in ROUTES {
            let (status, answer) = ask(&app, &get(route, &format!("host: {host}\r\n"))).await;
            assert!(matches!(status, 400 | 421), "{host:?} {route}: {answer}");
            assert!(!answer.contains("gangway_") && !answer.contains("evil"), "{answer}");
        }
    }
}

#[tokio::test]
async fn every_loopback_host_is_answered() {
    let app = TestApp::spawn().await;
    for host in [
        "localhost",
        "localhost:3001",
        "LOCALHOST",
        "localhost.",
        "gangway.localhost:9000",
        "127.0.0.1",
        "127.0.0.1:3001",
        "127.9.8.7",
        "[::1]",
        "[::1]:3001",
    ] {
        for (route, expected) in [("/metrics", 200), ("/healthz", 200), ("/readyz", 200), ("/nothing", 404)] {
            let (status, answer) = ask(&app, &get(route, &format!("host: {host}\r\n"))).await;
            assert_eq!(status, expected, "{host:?} {route}: {answer}");
        }
    }
}

#[tokio::test]
async fn the_target_and_every_host_header_count() {
    let app = TestApp::spawn().await;
    for request in [
        get("http://evil.test/metrics", "host: localhost\r\n"),
        get("http://evil.test:3001/metrics", "host: evil.test:3001\r\n"),
        get("/metrics", "host: localhost\r\nhost: evil.test\r\n"),
        get("/metrics", "host: evil.test\r\nhost: localhost\r\n"),
        // HTTP/1.1 wants a host (RFC 9112 section 3.2).
        get("/metrics", ""),
        "GET /metrics HTTP/1.0\r\nhost: evil.test\r\n\r\n".to_owned(),
    ] {
        let (status, answer) = ask(&app, &request).await;
        assert!(matches!(status, 400 | 421), "{request}: {answer}");
        assert!(!answer.contains("gangway_"), "{request}: {answer}");
    }
    for request in [
        get("http://localhost:3001/metrics", "host: localhost:3001\r\n"),
        // No browser sends this; health checks of load balancers do.
        "GET /metrics HTTP/1.0\r\n\r\n".to_owned(),
    ] {
        let (status, answer) = ask(&app, &request).await;
        assert_eq!(status, 200, "{request}: {answer}");
    }
}
