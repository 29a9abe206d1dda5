//! The password of a PostgreSQL beyond loopback is never sent in clear, nor to a server whose certificate is not verified.

use std::{
    process::Output,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer},
};

use crate::process::Place;

const PASSWORD: &str = "hunter2-canary";
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
/// AuthenticationCleartextPassword.
const ASK_FOR_PASSWORD: [u8; 9] = [b'R', 0, 0, 0, 8, 0, 0, 0, 3];

/// A PostgreSQL that an attacker runs: it asks for the password in clear.
#[derive(Clone, Default)]
struct Server {
    in_clear: Arc<Mutex<Vec<u8>>>,
    over_tls: Arc<Mutex<Vec<u8>>>,
}

impl Server {
    /// Listens with that certificate; without one it says that it has no TLS.
    async fn listen(acceptor: Option<TlsAcceptor>) -> (Self, u16) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (server, port) = (Self::default(), listener.local_addr().unwrap().port());
        let this = server.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (this, acceptor) = (this.clone(), acceptor.clone());
                tokio::spawn(async move {
                    let mut first = [0; 8];
                    if stream.read_exact(&mut first).await.is_err() {
                        return;
                    }
                    if first != SSL_REQUEST {
                        this.in_clear.lock().unwrap().extend_from_slice(&first);
                        return converse(&mut stream, &this.in_clear).await;
                    }
                    match acceptor {
                        None => {
                            stream.write_all(b"N").await.unwrap();
                            converse(&mut stream, &this.in_clear).await;
                        }
                        Some(acceptor) => {
                            stream.write_all(b"S").await.unwrap();
                            if let Ok(mut stream) = acceptor.accept(stream).await {
                                converse(&mut stream, &this.over_tls).await;
                            }
                        }
                    }
                });
            }
        });
        (server, port)
    }

    fn in_clear(&self) -> String {
        String::from_utf8_lossy(&self.in_clear.lock().unwrap()).into_owned()
    }

    fn over_tls(&self) -> String {
        String::from_utf8_lossy(&self.over_tls.lock().unwrap()).into_owned()
    }
}

/// Records the startup message, asks for the password, and records the answer.
async fn converse(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), seen: &Mutex<Vec<u8>>) {
    let mut message = [0; 1024];
    for _ in 0..2 {
        let Ok(length @ 1..) = stream.read(&mut message).await else { return };
        seen.lock().unwrap().extend_from_slice(&message[..length]);
        stream.write_all(&ASK_FOR_PASSWORD).await.ok();
    }
}

async fn run(place: &Place, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = place.command(arguments);
    command.envs(environment.iter().copied());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// What a command wrote, without ever the password.
fn text(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    let text = String::from_utf8(text).unwrap();
    assert!(!text.contains(PASSWORD), "{text}");
    text
}

const COMMANDS: [&[&str]; 5] =
    [&["serve"], &["check"], &["attempt", "0000-0000"], &["session", "create", "--user", "jane"], &["events"]];

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_gets_no_password() {
    let (server, port) = Server::listen(None).await;
    // A name for this machine that is not known to be one.
    let place = Place::on(&format!("postgres://jane:{PASSWORD}@127.1:{port}/gangway"), "");
    for command in COMMANDS {
        for environment in [&[][..], &[("PGSSLMODE", "disable"), ("PGHOST", "localhost"), ("PGHOSTADDR", "127.0.0.1")]]
        {
            let output = run(&place, command, environment).await;
            let said = text(&output);
            assert!(!output.status.success() && said.contains("server does not support TLS"), "{command:?}: {said}");
            assert_eq!(server.in_clear(), "", "{command:?}");
        }
    }
    // The server takes passwords from those who say so.
    let place = Place::on(&format!("postgres://jane:{PASSWORD}@127.1:{port}/gangway?sslmode=disable"), "");
    let said = text(&run(&place, &["check"], &[]).await);
    assert!(said.contains("! store.url") && said.contains("sslmode disable is in force"), "{said}");
    assert!(said.contains("USER:PASSWORD@127.1:") && said.contains("?sslmode=verify-full"), "{said}");
    assert!(server.in_clear().contains(PASSWORD));
}

#[tokio::test(flavor = "multi_thread")]
async fn modes_that_only_look_safe_are_refused() {
    let (server, port) = Server::listen(None).await;
    for mode in ["prefer", "allow"] {
        let place = Place::on(&format!("postgres://jane:{PASSWORD}@127.1:{port}/gangway?sslmode={mode}"), "");
        for command in COMMANDS {
            let output = run(&place, command, &[]).await;
            let said = text(&output);
            assert!(!output.status.success() && said.contains("sends the password in clear"), "{command:?}: {said}");
            assert!(said.contains("sslmode=verify-full"), "{command:?}: {said}");
        }
        assert_eq!(server.in_clear(), "");
    }
}

/// A certificate for that name and its own root, in a file.
fn certificate(name: &str, place: &Place) -> (TlsAcceptor, String) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let file = place.folder.path().join("root.pem");
    std::fs::write(&file, made.cert.pem()).unwrap();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), file.display().to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_verified_server_gets_the_password() {
    let place = Place::new("");
    for (name, is_ours) in [("localhost", true), ("db.acme.test", false)] {
        let (acceptor, root) = certificate(name, &place);
        let (server, port) = Server::listen(Some(acceptor)).await;
        let url = format!("postgres://jane:{PASSWORD}@localhost:{port}/gangway?sslmode=verify-full");
        let unknown_root = run(&Place::on(&url, ""), &["attempt", "0000-0000"], &[]).await;
        let said = text(&unknown_root);
        assert!(said.contains("UnknownIssuer") && said.contains("?sslrootcert="), "{said}");
        assert_eq!(said.matches("UnknownIssuer").count(), 1, "{said}");
        assert_eq!(server.over_tls(), "");
        // A root named in the address, or one of the system's.
        let named = Place::on(&format!("{url}&sslrootcert={root}"), "");
        let system = Place::on(&url, "");
        for (place, environment) in [(named, vec![]), (system, vec![("SSL_CERT_FILE", root.as_str())])] {
            let said = text(&run(&place, &["attempt", "0000-0000"], &environment).await);
            assert_eq!(server.over_tls().contains(PASSWORD), is_ours, "{name} {environment:?}: {said}");
            server.over_tls.lock().unwrap().clear();
        }
        assert_eq!(server.in_clear(), "");
    }
}
