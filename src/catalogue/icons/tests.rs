use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolving};
use tokio::net::TcpListener;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use super::*;
use crate::domain::text::tidy;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";
const SVG: &str = "\u{feff}<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>";

fn slack(icon: Option<&str>) -> Connector {
    let bare = Connector::unknown(ConnectorId::parse("slack").unwrap());
    Connector { name: "Slack".to_owned(), icon: icon.map(str::to_owned), ..bare }
}

fn icons(allow_loopback_http: bool) -> Icons {
    Icons::new(&[], allow_loopback_http).unwrap()
}

/// The icon after this response of the vendor's URL.
async fn shown(answer: ResponseTemplate) -> Icon {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    icons(true).get(&slack(Some(&format!("{}/slack.png", server.uri())))).await
}

fn raw(bytes: impl Into<Vec<u8>>, mime: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(bytes, mime)
}

fn is_tile(icon: &Icon) -> bool {
    let text = String::from_utf8_lossy(&icon.bytes);
    icon.mime == "image/svg+xml" && text.starts_with("<svg") && text.contains(">S</text>")
}

#[tokio::test]
async fn a_picture_is_served_as_what_it_is() {
    assert_eq!(shown(raw(PNG, "image/png")).await, Icon { bytes: PNG.into(), mime: "image/png" });
    assert_eq!(shown(raw(SVG, "image/svg+xml; charset=utf-8")).await.mime, "image/svg+xml");
    assert_eq!(shown(raw(*b"RIFF\0\0\0\0WEBPVP8 ", "image/webp")).await.mime, "image/webp");
    assert_eq!(shown(raw(*b"\xff\xd8\xff\xe0", "image/jpeg")).await.mime, "image/jpeg");
}

#[tokio::test]
async fn anything_else_becomes_a_tile() {
    let big = [PNG, &vec![0; LARGEST]].concat();
    for (what, answer) in [
        ("a page", raw("<html><svg></svg></html>", "text/html")),
        ("a page that says it is a PNG", raw("<html></html>", "image/png")),
        ("a PNG that says it is an SVG", raw(PNG, "image/svg+xml")),
        ("too large", raw(big, "image/png")),
        ("not there", ResponseTemplate::new(404).set_body_raw(PNG, "image/png")),
        ("a redirect", ResponseTemplate::new(302).insert_header("location", "http://127.0.0.1:1/")),
        ("empty", raw("", "image/png")),
    ] {
        assert!(is_tile(&shown(answer).await), "{what}");
    }
    assert!(is_tile(&icons(true).get(&slack(None)).await));
}

#[tokio::test]
async fn a_picture_is_fetched_once_and_without_our_key() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(raw(PNG, "image/png")).expect(1).mount(&server).await;
    let (icons, slack) = (icons(true), slack(Some(&server.uri())));
    let all = futures_util::future::join_all((0..10).map(|_| icons.get(&slack))).await;
    assert!(all.iter().all(|icon| icon.mime == "image/png"));
    assert!(server.received_requests().await.unwrap()[0].headers.get("authorization").is_none());
}

#[test]
fn only_public_names_over_https_are_asked() {
    let ask = |address: &str, loopback: bool| icons(loopback).may_ask(&Url::parse(address).unwrap());
    assert!(ask("https://cdn.runalloy.com/icons/slack.png", false));
    assert!(ask("http://localhost:4040/slack.svg", true));
    for address in [
        "http://cdn.runalloy.com/slack.png",
        "https://169.254.169.254/latest",
        "https://[fe80::1]/x",
        "http://localhost:4040/slack.svg",
        "https://127.0.0.1/x",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
    ] {
        assert!(!ask(address, false), "{address}");
    }
    assert!(!ask("http://10.0.0.1/x", true));
}

/// Resolves every name to that address.
struct LeadsTo(IpAddr);

impl Resolve for LeadsTo {
    fn resolve(&self, _: Name) -> Resolving {
        let address = SocketAddr::new(self.0, 0);
        Box::pin(async move { Ok(Box::new(std::iter::once(address)) as Addrs) })
    }
}

#[tokio::test]
async fn a_name_that_leads_into_our_own_network_is_never_connected_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    for (name, address) in [
        ("icons.evil.example", "127.0.0.1"),
        ("icons.evil.example", "::ffff:127.0.0.1"),
        ("icons.evil.example", "64:ff9b::7f00:1"),
        ("icons.evil.example", "0.0.0.0"),
    ] {
        let icons = Icons::with_names(&[], true, Arc::new(LeadsTo(address.parse().unwrap()))).unwrap();
        let picture = slack(Some(&format!("https://{name}:{port}/slack.png")));
        assert!(is_tile(&icons.get(&picture).await), "{address}");
    }
    // `localhost` with a trailing dot, which the URL parser does not remove.
    let icons = Icons::new(&[], false).unwrap();
    assert!(is_tile(&icons.get(&slack(Some(&format!("https://localhost.:{port}/slack.png")))).await));
    let knock = timeout(Duration::from_millis(200), listener.accept()).await;
    assert!(knock.is_err(), "a connection was made");
}

#[test]
fn only_named_hosts_are_asked_once_some_are_named() {
    let hosts = ["cdn.runalloy.com".to_owned(), "*.icons.example".to_owned()];
    let icons = Icons::new(&hosts, false).unwrap();
    let ask = |address: &str| icons.may_ask(&Url::parse(address).unwrap());
    assert!(ask("https://CDN.runalloy.com/x.png") && ask("https://a.icons.example/x.png"));
    assert!(!ask("https://runalloy.com/x.png") && !ask("https://cdn.runalloy.com.evil.example/x.png"));
}

#[tokio::test]
async fn a_name_from_outside_cannot_write_into_the_tile() {
    let odd = Connector { name: "\"><script> &".to_owned(), ..slack(None) };
    let tile = String::from_utf8(icons(false).get(&odd).await.bytes.to_vec()).unwrap();
    assert!(!tile.contains("script") && tile.contains(">S</text>"), "{}", tidy(&tile, 400));
}

#[tokio::test]
async fn a_picture_behind_a_login_is_not_fetched() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(raw(PNG, "image/png")).mount(&server).await;
    for login in ["me:canary@", "me@", ":canary@"] {
        let address = server.uri().replacen("http://", &format!("http://{login}"), 1);
        assert!(is_tile(&icons(true).get(&slack(Some(&address))).await), "{login}");
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
}
