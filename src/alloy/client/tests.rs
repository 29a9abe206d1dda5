//! A hostile upstream: every call ends in time, and the key is sent to no other server.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{any, header, method, path},
};

use super::*;
use crate::{
    alloy::{NewCredential, connectors::MAX_CATALOGUE_BODY, credential_list::MAX_LIST_BODY},
    domain::{clock::SystemEntropy, connector::ConnectorId, session::AlloyUserId},
};

mod bad_days;

const SHORT: Timeouts = Timeouts {
    connect: Duration::from_millis(500),
    read: Duration::from_millis(200),
    total: Duration::from_millis(400),
};

fn access(address: &str) -> ApiAccess {
    ApiAccess {
        base_url: Url::parse(address).unwrap(),
        api_key: "sk_test_secret".into(),
        api_version: "2025-09".to_owned(),
    }
}

pub(crate) fn client_of(address: &str, timeouts: Timeouts) -> AlloyClient {
    let links = LinkRules::new(&[], &Url::parse("http://localhost:3000").unwrap(), true);
    AlloyClient::new(&access(address), links, timeouts, Arc::new(SystemEntropy)).unwrap()
}

/// An upstream with this response to every call.
pub(crate) async fn upstream(answer: ResponseTemplate) -> (MockServer, AlloyClient) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let client = client_of(&server.uri(), Timeouts::default());
    (server, client)
}

/// An upstream that sends these bytes on each connection, then leaves it open or closes it.
async fn raw_upstream(bytes: &'static str, stays: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 2048];
            let _ = stream.read(&mut asked).await;
            let _ = stream.write_all(bytes.as_bytes()).await;
            if stays {
                open.push(stream);
            }
        }
    });
    address
}

async fn connectors_of(answer: ResponseTemplate) -> AlloyError {
    upstream(answer).await.1.connectors().await.unwrap_err()
}

#[tokio::test]
async fn every_call_carries_the_key_and_the_version() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/connectors"))
        .and(header("authorization", "Bearer sk_test_secret"))
        .and(header("x-api-version", "2025-09"))
        .respond_with(ResponseTemplate::new(200).set_body_json(serde_json::json!({"connectors": [{"id": "slack"}]})))
        .expect(1)
        .mount(&server)
        .await;
    let listed = client_of(&server.uri(), Timeouts::default()).connectors().await.unwrap();
    assert_eq!(listed[0].id, ConnectorId::parse("slack").unwrap());
}

#[tokio::test]
async fn a_base_address_may_have_a_path_and_an_id_stays_in_its_segment() {
    let client = client_of("http://localhost:4040/alloy/", SHORT);
    assert_eq!(client.shared.url(&["users", "a/../b?c"]).as_str(), "http://localhost:4040/alloy/users/a%2F..%2Fb%3Fc");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_key_goes_nowhere_else() {
    let elsewhere = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).expect(0).mount(&elsewhere).await;
    for status in [301, 302, 307, 308] {
        let answer = ResponseTemplate::new(status).insert_header("location", elsewhere.uri().as_str());
        assert_eq!(connectors_of(answer).await, AlloyError::Malformed("a redirect"));
    }
}

#[tokio::test]
async fn nonsense_is_called_nonsense() {
    let page = ResponseTemplate::new(200).set_body_raw("<html>Sign in</html>", "text/html");
    let wrong_type = ResponseTemplate::new(200).set_body_json(serde_json::json!({"connectors": "none"}));
    let cut = ResponseTemplate::new(200).set_body_raw(r#"{"connectors":[{"id":"sl"#, "application/json");
    let deep = ResponseTemplate::new(200).set_body_raw("[".repeat(100_000), "application/json");
    for answer in [page, wrong_type, cut, deep, ResponseTemplate::new(204)] {
        let error = connectors_of(answer).await;
        assert!(matches!(error, AlloyError::Malformed(_)), "{error:?}");
    }
}

#[tokio::test]
async fn no_more_is_read_than_is_allowed() {
    let catalogue = format!(r#"{{"connectors":[],"x":"{}"}}"#, "y".repeat(MAX_CATALOGUE_BODY));
    let answer = ResponseTemplate::new(200).set_body_raw(catalogue, "application/json");
    assert_eq!(connectors_of(answer).await, AlloyError::TooLarge);

    let list = format!(r#"{{"data":[],"x":"{}"}}"#, "y".repeat(MAX_LIST_BODY));
    let (_server, client) = upstream(ResponseTemplate::new(200).set_body_raw(list, "application/json")).await;
    let user = AlloyUserId::parse("5eba51a03fe9631316668514").unwrap();
    assert_eq!(client.listing(&user, &[], None).await.unwrap_err(), AlloyError::TooLarge);
}

#[tokio::test]
async fn a_body_without_an_end_is_cut() {
    let chunk = format!("{:x}\r\n{}\r\n", 65536, "y".repeat(65536)).repeat(70);
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let address = raw_upstream(Box::leak((head.to_owned() + &chunk).into_boxed_str()), true).await;
    let error = client_of(&address, Timeouts::default()).connectors().await.unwrap_err();
    assert_eq!(error, AlloyError::TooLarge);
}

#[tokio::test]
async fn a_cut_or_stalled_answer_ends_in_time() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"connectors\":[";
    for (bytes, stays) in
        [(half, false), (half, true), ("", true), ("", false), ("HTTP/1.1 200 O", true), ("nonsense\r\n\r\n", false)]
    {
        let address = raw_upstream(bytes, stays).await;
        let error = client_of(&address, SHORT).connectors().await.unwrap_err();
        assert!(matches!(error, AlloyError::Unavailable { may_have_succeeded: true, .. }), "{bytes:?}: {error:?}");
    }
}

#[tokio::test]
async fn without_a_connection_nothing_can_have_been_done() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = client_of(&address, SHORT).connectors().await.unwrap_err();
    assert!(matches!(error, AlloyError::Unavailable { may_have_succeeded: false, .. }), "{error:?}");
    assert!(!error.to_string().contains("127.0.0.1") && !error.to_string().contains("http"), "{error}");
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let refused = ResponseTemplate::new(401).set_body_json(serde_json::json!({"message": "Invalid Authorization"}));
    assert_eq!(connectors_of(refused).await, AlloyError::KeyRefused(401));
    let unserved = ResponseTemplate::new(404).set_body_raw("<pre>Cannot GET /connectors</pre>", "text/html");
    assert_eq!(connectors_of(unserved).await, AlloyError::NotServed);
    assert!(matches!(connectors_of(ResponseTemplate::new(503)).await, AlloyError::Unavailable { .. }));
    for (wish, wait) in [("7", Some(7)), ("86400", Some(300)), ("soon", None)] {
        let answer = ResponseTemplate::new(429).insert_header("retry-after", wish);
        let retry_after = wait.map(Duration::from_secs);
        assert_eq!(connectors_of(answer).await, AlloyError::RateLimited { retry_after }, "{wish}");
    }
}

#[test]
fn the_key_shows_nowhere() {
    let access = ApiAccess { api_key: "line\nbreak".into(), ..access("https://production.runalloy.com") };
    let links = LinkRules::new(&[], &access.base_url, false);
    let error = AlloyClient::new(&access, links, SHORT, Arc::new(SystemEntropy)).err().unwrap();
    assert!(matches!(error, SetupError::ApiKey));
    assert!(!error.to_string().contains("break"));
}
