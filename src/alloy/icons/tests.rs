use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use super::*;
use crate::{alloy::client::tests::settings_of, text::tidy};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";
const SVG: &str = "\u{feff}<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>";

fn slack(icon: Option<&str>) -> Connector {
    let bare = Connector::unknown(ConnectorId::parse("slack").unwrap());
    Connector { name: "Slack".to_owned(), icon: icon.map(str::to_owned), ..bare }
}

fn icons(allow_loopback_http: bool) -> Icons {
    Icons::new(&settings_of("https://production.runalloy.com"), allow_loopback_http).unwrap()
}

/// What is shown when the vendor's address answers so.
async fn shown(answer: ResponseTemplate) -> Icon {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    icons(true).of(&slack(Some(&format!("{}/slack.png", server.uri())))).await
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
    assert!(is_tile(&icons(true).of(&slack(None)).await));
}

#[tokio::test]
async fn a_picture_is_fetched_once_and_without_our_key() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(raw(PNG, "image/png")).expect(1).mount(&server).await;
    let (icons, slack) = (icons(true), slack(Some(&server.uri())));
    let all = futures_util::future::join_all((0..10).map(|_| icons.of(&slack))).await;
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

#[tokio::test]
async fn a_name_from_outside_cannot_write_into_the_tile() {
    let odd = Connector { name: "\"><script> &".to_owned(), ..slack(None) };
    let tile = String::from_utf8(icons(false).of(&odd).await.bytes.to_vec()).unwrap();
    assert!(!tile.contains("script") && tile.contains(">S</text>"), "{}", tidy(&tile, 400));
}
