//! Behaviour of all calls: slots, retries, the alarm, and the time limit of a page.

use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivateKeyDer},
};

use super::*;
use crate::{
    alloy::key_alarm::tests::Log,
    domain::{connector::AuthenticationType, form::FormValues},
};

/// `{"connectors":[]}`, by gzip.
const PACKED: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\xce\xcf\xcb\x4b\x4d\x2e\xc9\x2f\x2a\x56\xb2\x8a\x8e\xad\x05\x00\xb5\x98\x7b\x18\x11\x00\x00\x00";

#[tokio::test]
async fn a_refused_key_is_one_alarm_however_many_calls_it_fails() {
    let log = Log::default();
    let _guard = log.listen();
    let server = MockServer::start().await;
    let refused = ResponseTemplate::new(401).set_body_json(serde_json::json!({"message": "Invalid Authorization"}));
    Mock::given(any()).respond_with(refused).up_to_n_times(20).mount(&server).await;
    let listed = ResponseTemplate::new(200).set_body_json(serde_json::json!({"connectors": []}));
    Mock::given(any()).respond_with(listed).mount(&server).await;
    let client = client_of(&server.uri(), Timeouts::default());
    for _ in 0..20 {
        assert_eq!(client.connectors().await.unwrap_err(), AlloyError::KeyRefused(401));
    }
    client.connectors().await.unwrap();
    client.connectors().await.unwrap();
    assert_eq!(log.alarms(), ["ERROR", "INFO"]);
}

#[tokio::test]
async fn the_background_goes_on_while_every_slot_of_the_pages_is_taken() {
    let client = client_of("http://127.0.0.1:9", Timeouts::default());
    let soon = || Instant::now() + Duration::from_millis(300);
    let mut pages = Vec::new();
    for _ in 0..128 {
        pages.push(client.slot(soon()).await.unwrap());
    }
    assert!(client.slot(soon()).await.is_err());
    let (background, same) = (client.in_background(), client.in_background());
    let mut behind = Vec::new();
    for _ in 0..18 {
        behind.push(background.slot(soon()).await.unwrap());
    }
    assert!(same.slot(soon()).await.is_err());
}

/// An upstream that fails that many times, then stores a key.
async fn failing(times: u64) -> (MockServer, AlloyClient) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(503)).up_to_n_times(times).mount(&server).await;
    let id = serde_json::json!({"credentialId": "67a37f29e0aa276e50d7253a"});
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(id)).mount(&server).await;
    let client = client_of(&server.uri(), Timeouts::default());
    (server, client)
}

#[tokio::test]
async fn a_key_is_sent_once_and_a_link_is_asked_for_again() {
    let connector = ConnectorId::parse("slack").unwrap();
    let user = AlloyUserId::parse("5eba51a03fe9631316668514").unwrap();
    let answers = FormValues::default();
    for (redirect_uri, calls) in [(None, 1), (Some("http://localhost:3000/callback/x"), 3)] {
        let (server, client) = failing(2).await;
        let created = client
            .create_credential(NewCredential {
                connector: &connector,
                user: &user,
                authentication_type: &AuthenticationType::parse("oauth2").unwrap(),
                auth_config_id: None,
                redirect_uri,
                answers: &answers,
            })
            .await;
        assert_eq!(created.is_ok(), redirect_uri.is_some());
        assert_eq!(server.received_requests().await.unwrap().len(), calls);
    }
}

#[tokio::test]
async fn all_calls_of_a_page_end_in_the_time_of_one() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let timeouts = Timeouts { read: Duration::from_secs(1), total: Duration::from_secs(1), ..Timeouts::default() };
    let client = client_of(&format!("http://{}", listener.local_addr().unwrap()), timeouts);
    let calls = client.with_request_deadline(async { (client.connectors().await, client.connectors().await) }).await;
    assert!(calls.0.unwrap_err().may_have_succeeded());
    assert!(!calls.1.unwrap_err().may_have_succeeded(), "sent without any time left");
}

#[tokio::test]
async fn a_packed_body_is_not_unpacked() {
    let answer = ResponseTemplate::new(200).insert_header("content-encoding", "gzip");
    let error = connectors_of(answer.set_body_raw(PACKED, "application/json")).await;
    assert!(matches!(error, AlloyError::Malformed(_)), "{error:?}");
}

#[tokio::test]
async fn an_announced_length_beyond_all_measure_is_refused_at_once() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n{";
    let address = raw_upstream(head, true).await;
    let error = client_of(&address, SHORT).connectors().await.unwrap_err();
    assert_eq!(error, AlloyError::TooLarge);
}

#[tokio::test]
async fn self_signed_upstream_gets_no_key() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key);
    let acceptor = TlsAcceptor::from(Arc::new(config.unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move { acceptor.accept(listener.accept().await.unwrap().0).await.is_ok() });
    let client = client_of(&format!("https://localhost:{port}"), SHORT);
    let error = client.connectors().await.unwrap_err();
    assert!(matches!(error, AlloyError::Unavailable { may_have_succeeded: false, .. }), "{error:?}");
    assert!(error.to_string().to_lowercase().contains("certificate"), "{error}");
    assert!(!server.await.unwrap(), "a connection was made");
}
