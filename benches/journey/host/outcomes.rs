//! Pages of the host that wait for the outcome of a session, 5,000 of them, beside as many questions of its server for the
//! end of an attempt.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::future::try_join_all;
use gangway::{
    domain::{
        clock::{Clock as _, SystemClock},
        keys::{Digest, Keys, Purpose},
        session::{After, Arrival, ConnectSession, Display, EndUser, SessionId},
    },
    server::raise_open_file_limit,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{
    database::{Database, Kind},
    events::{attempt, end},
};
use crate::process::{Gangway, HOST_KEY, HOST_ORIGIN, Process, SESSION_KEY};

/// So many of each.
const HELD: usize = 5_000;
/// Until all are asked and the processor is at rest.
const SETTLING: Duration = Duration::from_secs(10);
/// For how long the processor is watched: shorter than a page is held.
const WATCHED: Duration = Duration::from_secs(5);
/// Of these something happens, by another process.
const SETTLED: usize = 200;

/// Takes the figures on both databases, and prints them as they come.
pub(crate) fn take() -> anyhow::Result<()> {
    raise_open_file_limit();
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?.block_on(all())
}

async fn all() -> anyhow::Result<()> {
    let (_sandbox, upstream) =
        Process::that_says_where(env!("CARGO_BIN_EXE_gangway"), &["sandbox", "--bind", "127.0.0.1:0"])?;
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await?;
        drop(Gangway::start_on(upstream, database.url(), &[]).await?);
        println!("{kind:?}: {}", figures(upstream, &database).await?);
    }
    Ok(())
}

async fn figures(upstream: SocketAddr, database: &Database) -> anyhow::Result<String> {
    let store = database.store().await?;
    let mut attempts = Vec::new();
    for number in 0..HELD {
        let began = attempt(&format!("held-{number}"))?;
        let session = session(began.session_id, &began.user);
        store.insert_session(&session, &Digest::of(session.id.uuid().as_bytes())).await?;
        store.begin(&began).await?;
        attempts.push(began);
    }
    let gangway = Gangway::start_on(upstream, database.url(), &[]).await?;
    let empty = gangway.process.memory()?;
    let mut waits = Vec::new();
    for began in &attempts {
        let path = format!("/api/v1/link-attempts/{}?wait=60", began.id);
        waits.push(hold(&gangway, &path, HOST_KEY, "").await?);
    }
    tokio::time::sleep(SETTLING).await;
    let (with_waits, busy_with_waits) = (gangway.process.memory()?, busy(&gangway).await?);
    let keys = Keys::new(&[SESSION_KEY.into()]);
    let origin = format!("origin: {HOST_ORIGIN}\r\n");
    let mut pages = Vec::new();
    for began in &attempts {
        // The session is redeemed, and its attempt begun: as `Watched::progress` counts.
        let path = "/embed/outcome?wait=25&seen=8";
        pages.push(hold(&gangway, path, &ticket(&keys, began.session_id), &origin).await?);
    }
    tokio::time::sleep(SETTLING).await;
    let (with_pages, busy_with_pages) = (gangway.process.memory()?, busy(&gangway).await?);
    let asked = attempts.iter().zip(pages.iter_mut()).take(SETTLED);
    let told = asked.map(|(began, stream)| async {
        end(&store, began).await?;
        let ended = Instant::now();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await?;
        anyhow::ensure!(&answer == b"HTTP/1.1 200", "{}", String::from_utf8_lossy(&answer));
        anyhow::Ok(ended.elapsed())
    });
    let longest = try_join_all(told).await?.into_iter().max().context("an answer")?;
    Ok(format!(
        "{empty:.0} MiB before; {HELD} questions held: {with_waits:.0} MiB, {busy_with_waits:.0} % of a core; {HELD} pages \
         beside them: {with_pages:.0} MiB, {busy_with_pages:.0} %; what another process ended was told to {SETTLED} pages \
         within {longest:.1?}"
    ))
}

async fn hold(gangway: &Gangway, path: &str, key: &str, more: &str) -> anyhow::Result<TcpStream> {
    let mut stream = TcpStream::connect(gangway.address).await?;
    let question = format!("GET {path} HTTP/1.1\r\nhost: x\r\n{more}authorization: Bearer {key}\r\n\r\n");
    stream.write_all(question.as_bytes()).await?;
    Ok(stream)
}

/// The share of a core that it takes.
async fn busy(gangway: &Gangway) -> anyhow::Result<f64> {
    let before = gangway.process.processor_time()?;
    tokio::time::sleep(WATCHED).await;
    Ok((gangway.process.processor_time()? - before).as_secs_f64() / WATCHED.as_secs_f64() * 100.0)
}

fn ticket(keys: &Keys, session: SessionId) -> String {
    let id = *session.uuid().as_bytes();
    URL_SAFE_NO_PAD.encode([id.as_slice(), keys.tag(Purpose::Watch, &id).as_bytes()].concat())
}

/// Open in a pop-up since a moment ago.
fn session(id: SessionId, user: &gangway::domain::session::ExternalId) -> ConnectSession {
    let now = SystemClock.now();
    ConnectSession {
        id,
        user: EndUser { external_id: user.clone(), name: None, email: None, alloy_user_id: None },
        connectors: Vec::new(),
        connector: None,
        reconnect: None,
        after: After::Stay,
        return_url: None,
        locale: None,
        created_at: now,
        code_expires_at: now,
        redeemed_at: Some(now),
        arrival: Some(Arrival::Host),
        seen_at: None,
        ended_at: None,
        ended_by: None,
        parent: None,
        ends_at: None,
        client_reference: None,
        display: Display::Popup,
    }
}
