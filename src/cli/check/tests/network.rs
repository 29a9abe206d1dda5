//! What the check sees at our own public URL, at the receiver, and in the environment.

use std::{iter, sync::Arc};

use tokio::net::TcpListener;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer},
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use super::{rendered, settings};
use crate::{
    cli::{Check, Terminal, check},
    config::{Finding, Fix, Severity},
    domain::clock::{SystemClock, SystemEntropy},
};

/// Findings about the network only, with that file.
async fn found(file: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    check::network::check(&settings(&[file]), &mut found).await;
    assert!(!rendered(&found).contains("canary"), "{found:?}");
    found
}

/// A port at which a connection gets TLS with a certificate of its own, and then nothing.
async fn untrusted() -> u16 {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            acceptor.accept(stream).await.ok();
        }
    });
    port
}

#[tokio::test]
async fn public_url_behind_an_untrusted_certificate_is_seen() {
    let port = untrusted().await;
    let found = found(&format!("server.public_url = 'https://localhost:{port}'")).await;
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((finding.setting.as_str(), finding.severity), ("server.public_url", Severity::Warning));
    assert!(finding.meaning.contains("does not accept its certificate"), "{finding:?}");
}

#[tokio::test]
async fn public_url_where_nothing_listens_or_the_connection_breaks_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = format!("server.public_url = 'https://localhost:{port}'");
    let breaks = tokio::spawn(async move {
        loop {
            drop(listener.accept().await);
        }
    });
    let broken = found(&url).await;
    assert!(broken[0].meaning.contains("the connection broke off"), "{broken:?}");
    breaks.abort();
    breaks.await.unwrap_err();
    let nothing = found(&url).await;
    assert!(nothing[0].meaning.contains("nothing answers there"), "{nothing:?}");
    assert_eq!((broken[0].severity, nothing[0].severity), (Severity::Note, Severity::Note));
}

#[tokio::test]
async fn receiver_that_redirects_is_named_with_the_line_to_write() {
    let server = MockServer::start().await;
    let public = format!("server.public_url = '{}'", server.uri());
    let webhook = format!(
        "webhook = {{ url = '{}/hooks', secrets = ['whsec_{}'], allow_private = true }}",
        server.uri(),
        "a".repeat(32)
    );
    let file = format!("{public}\n{webhook}");
    for (status, location, right) in [
        (301, "/hooks/", Some(format!("{}/hooks/", server.uri()))),
        (308, "https://hooks.acme.test/in", Some("https://hooks.acme.test/in".to_owned())),
        (302, "https://me:canary@hooks.acme.test/in", Some("https://hooks.acme.test/in".to_owned())),
        (200, "/hooks/", None),
        (405, "/hooks/", None),
    ] {
        server.reset().await;
        let answer = ResponseTemplate::new(status).insert_header("location", location);
        Mock::given(any()).respond_with(answer).mount(&server).await;
        let found = found(&file).await;
        let fixes: Vec<_> = found.into_iter().map(|finding| finding.fix).collect();
        let expected = right.map(|right| Some(Fix::Line(format!("url = \"{right}\""))));
        assert_eq!(fixes, expected.into_iter().collect::<Vec<_>>(), "{status} {location}");
    }
}

#[tokio::test]
async fn unencoded_password_of_the_database_is_not_shown_and_nothing_is_called() {
    for url in ["postgres://me:1/canary?x=1@127.0.0.1/x", "postgres://me:1/canary@127.0.0.1/x"] {
        let file = format!("server.public_url = 'http://localhost:1'\nstore.url = '{url}'");
        let settings = settings(&[&file]);
        let mut all = check::offline(&settings, None, &SystemEntropy);
        check::network::check(&settings, &mut all).await;
        let report = rendered(&all);
        assert!(!report.contains("canary") && report.contains("✗ store.url"), "{report}");
        assert!(report.contains("percent-encode") || report.contains("%3F"), "{report}");
    }
}

#[tokio::test]
async fn unused_proxy_of_the_environment_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sqlite://{}/gangway.db", folder.path().display());
    let variables = [("GANGWAY__STORE__URL", store.as_str()), ("HTTPS_PROXY", "http://me:canary@proxy:3128")];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let arguments = Check { config: None, offline: true, ..Check::default() };
    let (mut out, mut error) = (Vec::new(), Vec::new());
    let mut terminal = Terminal::new(&mut out, &mut error);
    let environment = variables.into_iter().chain(iter::empty());
    check::run(&arguments, environment, &SystemClock, &SystemEntropy, &mut terminal).await.unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("! HTTPS_PROXY: set") && text.contains("no call uses it"), "{text}");
    assert!(!text.contains("canary"), "{text}");
}
