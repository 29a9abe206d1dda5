//! What becomes of Gangway's memory and of everybody else while 4,000 connections take their time.

use std::{
    fmt,
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use gangway::server::raise_open_file_limit;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
};

use crate::process::{Gangway, Process};

/// How many connections are held; one that is cut is opened again.
const CONNECTIONS: usize = 4_000;
/// For how long.
const HELD: Duration = Duration::from_secs(60);
/// How often each sends a byte.
const TRICKLE: Duration = Duration::from_secs(3);
/// How often somebody else asks.
const PROBE: Duration = Duration::from_millis(50);

const FORM: &str = "POST /start HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n";

/// How a connection takes its time.
#[derive(Clone, Copy)]
enum Kind {
    FirstHead,
    LargeHead,
    SecondHead,
    Body,
    BodyInPieces,
    Deaf,
}

const KINDS: [Kind; 6] =
    [Kind::FirstHead, Kind::LargeHead, Kind::SecondHead, Kind::Body, Kind::BodyInPieces, Kind::Deaf];

impl Kind {
    /// What it sends at once.
    fn beginning(self) -> String {
        let head = "GET /start HTTP/1.1\r\nhost: x\r\nx: ";
        match self {
            Self::FirstHead => head.to_owned(),
            Self::LargeHead => head.to_owned() + &"a".repeat(30_000),
            Self::SecondHead => format!("GET /start HTTP/1.1\r\nhost: x\r\n\r\n{head}"),
            Self::Body => format!("{FORM}content-length: 8000\r\n\r\n"),
            Self::BodyInPieces => format!("{FORM}transfer-encoding: chunked\r\n\r\n1f40\r\n"),
            Self::Deaf => "GET /start HTTP/1.1\r\nhost: x\r\n\r\n".repeat(16),
        }
    }

    async fn connect(self, address: SocketAddr) -> std::io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        if matches!(self, Self::Deaf) {
            socket.set_recv_buffer_size(1)?;
        }
        socket.connect(address).await
    }

    /// Sends a byte now and then until the other end has enough of it.
    async fn hold(self, address: SocketAddr) -> std::io::Result<()> {
        let mut stream = self.connect(address).await?;
        stream.write_all(self.beginning().as_bytes()).await?;
        let mut bytes = [0; 8 * 1024];
        loop {
            match tokio::time::timeout(TRICKLE, stream.read(&mut bytes)).await {
                Ok(read) => {
                    if read? == 0 {
                        return Ok(());
                    }
                    if matches!(self, Self::Deaf) {
                        tokio::time::sleep(TRICKLE).await;
                    }
                }
                Err(_) => stream.write_all(b"a").await?,
            }
        }
    }
}

/// How long others waited, sorted.
struct Waits(Vec<Duration>);

impl Waits {
    fn share(&self, percent: usize) -> Duration {
        self.0.get((self.0.len() * percent / 100).min(self.0.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

impl fmt::Display for Waits {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (half, most, all) = (self.share(50), self.share(99), self.share(100));
        write!(out, "{} asked, half within {half:.1?}, 99 % within {most:.1?}, all within {all:.1?}", self.0.len())
    }
}

/// What was seen.
pub(crate) struct Crowd {
    idle: f64,
    most: f64,
    held: u32,
    cut: u32,
    health: Waits,
    page: Waits,
}

impl fmt::Display for Crowd {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{} slow connections for {HELD:?}, {} of them cut and opened again", self.held, self.cut)?;
        writeln!(out, "resident memory: {:.0} MiB before, {:.0} MiB at the most", self.idle, self.most)?;
        writeln!(out, "health: {}", self.health)?;
        write!(out, "page:   {}", self.page)
    }
}

/// Holds the crowd, and asks beside it.
pub(crate) fn take() -> anyhow::Result<Crowd> {
    raise_open_file_limit();
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (_sandbox, gangway) = runtime.block_on(start(folder.path()))?;
    let idle = gangway.process.memory()?;
    let probes = [format!("http://{}/healthz", gangway.admin), format!("http://{}/start?code=x", gangway.address)];
    let [health, page] = probes.map(|url| thread::spawn(move || probe(&url)));
    let (held, cut) = runtime.block_on(hold(gangway.address));
    let waits = |probe: thread::JoinHandle<_>| probe.join().map_err(|_| anyhow::anyhow!("a probe failed"))?;
    let (health, page) = (waits(health)?, waits(page)?);
    Ok(Crowd { idle, most: gangway.process.most_memory()?, held, cut, health, page })
}

async fn start(folder: &Path) -> anyhow::Result<(Process, Gangway)> {
    let (sandbox, upstream) =
        Process::that_says_where(env!("CARGO_BIN_EXE_gangway"), &["sandbox", "--bind", "127.0.0.1:0"])?;
    Ok((sandbox, Gangway::start(upstream, folder).await?))
}

/// All connections at once; gives how many were open together at the most, and how often one was cut.
async fn hold(address: SocketAddr) -> (u32, u32) {
    let (open, most, cut) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let crowd = KINDS.iter().cycle().take(CONNECTIONS).map(|kind| {
        let (open, most, cut) = (open.clone(), most.clone(), cut.clone());
        async move {
            loop {
                most.fetch_max(open.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
                kind.hold(address).await.ok();
                open.fetch_sub(1, Ordering::Relaxed);
                cut.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    tokio::time::timeout(HELD, futures_util::future::join_all(crowd)).await.ok();
    (most.load(Ordering::Relaxed), cut.load(Ordering::Relaxed))
}

/// Asks again and again, each time on a new connection, as long as the crowd is there.
fn probe(url: &str) -> anyhow::Result<Waits> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build()?;
    let began = Instant::now();
    let mut waits = Vec::new();
    runtime.block_on(async {
        while began.elapsed() < HELD {
            let asked = Instant::now();
            client.get(url).send().await?;
            waits.push(asked.elapsed());
            tokio::time::sleep(PROBE).await;
        }
        anyhow::Ok(())
    })?;
    waits.sort_unstable();
    Ok(Waits(waits))
}
