//! A pooler answers the beginning of a transaction too late: at the server it is open then, and what is sent later on the
//! same connection would be a part of it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::mpsc::{UnboundedSender, unbounded_channel},
    time::{sleep, timeout},
};

use crate::{app::TestApp, pgbouncer::PgBouncer, process::Place};

/// Longer than a statement may take.
const LATE: Duration = Duration::from_secs(5);

/// Passes connections on to `server`. Once `is_armed`, the next beginning of a transaction is answered late; `closed` hears
/// that its client closed the connection.
async fn pass(listener: TcpListener, server: String, is_armed: Arc<AtomicBool>, closed: UnboundedSender<()>) {
    while let Ok((client, _)) = listener.accept().await {
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = TcpStream::connect(&server).await.unwrap().into_split();
        let is_late = Arc::new(AtomicBool::new(false));
        tokio::spawn(answers(from_server, to_client, is_late.clone()));
        tokio::spawn(requests(from_client, to_server, is_armed.clone(), is_late, closed.clone()));
    }
}

async fn answers(mut server: OwnedReadHalf, mut client: OwnedWriteHalf, is_late: Arc<AtomicBool>) {
    let mut part = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = server.read(&mut part).await {
        if is_late.swap(false, Ordering::SeqCst) {
            sleep(LATE).await;
        }
        if client.write_all(&part[..length]).await.is_err() {
            return;
        }
    }
}

async fn requests(
    mut client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    is_armed: Arc<AtomicBool>,
    is_late: Arc<AtomicBool>,
    closed: UnboundedSender<()>,
) {
    let mut part = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = client.read(&mut part).await {
        // Not of a job with many rows, which waits longer.
        let begins = part[..length].windows(24).any(|bytes| bytes == b"statement_timeout = '3s'");
        let hit = begins && is_armed.swap(false, Ordering::SeqCst);
        is_late.fetch_or(hit, Ordering::SeqCst);
        server.write_all(&part[..length]).await.unwrap();
        if hit {
            copy(&mut client, &mut server).await.ok();
            closed.send(()).ok();
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connection_whose_transaction_may_be_open_is_thrown_away() {
    let pooler = PgBouncer::in_transaction_mode(&TestApp::postgres_database().await).await;
    let mut url = url::Url::parse(&pooler.url).unwrap();
    let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
    let is_armed = Arc::new(AtomicBool::new(false));
    let (closed, mut was_closed) = unbounded_channel();
    tokio::spawn(pass(listener, server, is_armed.clone(), closed));
    let process = Place::on(url.as_str(), "").serve().await;
    // Jobs look for work each second, with single statements.
    is_armed.store(true, Ordering::SeqCst);
    let was_closed = timeout(Duration::from_secs(30), was_closed.recv()).await;
    assert_eq!(was_closed.expect("it is used again"), Some(()), "{}", process.place.log());
}
