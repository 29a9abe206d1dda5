//! An upstream that takes every call and answers none for ten seconds, under 500 pages a second: how health answers
//! meanwhile, how many calls are under way, and what becomes of the pages.

use std::{
    cell::Cell,
    collections::BTreeMap,
    fmt,
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::{LocalSet, spawn_local},
    time::{interval, sleep, timeout},
};

use crate::{
    process::{Gangway, Process},
    visitors::Host,
};

/// How many pages are asked for in a second.
const A_SECOND: u32 = 500;
/// Each of so many is the press that starts a link; the others are the list of apps.
const PRESSES: usize = 10;
/// For how long.
const SECONDS: u32 = 20;
/// How long a call is left without an answer.
const STALL: Duration = Duration::from_secs(10);
/// How many people ask, in turns.
const PEOPLE: usize = 50;

/// What was seen.
pub(crate) struct Stalled {
    /// How long health took, shortest first.
    health: Vec<Duration>,
    /// How long pages took, shortest first.
    pages: Vec<Duration>,
    statuses: BTreeMap<u16, usize>,
    most_under_way: usize,
    most_memory: f64,
}

impl fmt::Display for Stalled {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |sorted: &[Duration], part: f64| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a place in a list"
            )]
            let place = (sorted.len() as f64 * part) as usize;
            sorted.get(place.min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
        };
        writeln!(out, "{A_SECOND} pages a second for {SECONDS} s, the upstream stalls {} s", STALL.as_secs())?;
        for (name, times) in [("health", &self.health), ("pages", &self.pages)] {
            let [half, most, all] = [0.5, 0.99, 1.0].map(|part| at(times, part));
            writeln!(out, "{name}: {} answers, median {half:.1?}, 99 % {most:.1?}, longest {all:.1?}", times.len())?;
        }
        writeln!(out, "statuses: {:?}", self.statuses)?;
        writeln!(out, "calls under way at once, at the most: {}", self.most_under_way)?;
        write!(out, "memory, at the most: {:.0} MiB", self.most_memory)
    }
}

/// Between Gangway and the sandbox: hands calls on, or holds them.
#[derive(Clone, Default)]
struct Relay {
    stalls: Rc<Cell<bool>>,
    under_way: Rc<Cell<usize>>,
    most: Rc<Cell<usize>>,
}

impl Relay {
    async fn serve(self, listener: TcpListener, sandbox: SocketAddr) {
        while let Ok((stream, _)) = listener.accept().await {
            let relay = self.clone();
            spawn_local(async move {
                relay.under_way.set(relay.under_way.get() + 1);
                relay.most.set(relay.most.get().max(relay.under_way.get()));
                relay.one_call(stream, sandbox).await.ok();
                relay.under_way.set(relay.under_way.get() - 1);
            });
        }
    }

    /// Each connection carries one call.
    async fn one_call(&self, mut stream: TcpStream, sandbox: SocketAddr) -> std::io::Result<()> {
        if self.stalls.get() {
            let held = timeout(STALL, async { while stream.read_u8().await.is_ok() {} }).await;
            return held.or(Ok(()));
        }
        let mut upstream = TcpStream::connect(sandbox).await?;
        let mut head = vec![0; 4096];
        let length = stream.read(&mut head).await?;
        let head = String::from_utf8_lossy(head.get(..length).unwrap_or_default()).into_owned();
        upstream.write_all(head.replacen("\r\n", "\r\nconnection: close\r\n", 1).as_bytes()).await?;
        tokio::io::copy_bidirectional(&mut stream, &mut upstream).await.map(drop)
    }
}

/// Takes the figures.
pub(crate) async fn take() -> anyhow::Result<Stalled> {
    LocalSet::new().run_until(run()).await
}

async fn run() -> anyhow::Result<Stalled> {
    let folder = tempfile::tempdir()?;
    let (_sandbox, sandbox) =
        Process::that_says_where(env!("CARGO_BIN_EXE_gangway"), &["sandbox", "--bind", "127.0.0.1:0"])?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let upstream = listener.local_addr()?;
    let relay = Relay::default();
    spawn_local(relay.clone().serve(listener, sandbox));
    let gangway = Gangway::start(upstream, folder.path()).await?;
    let host = Host::new(sandbox, gangway.address)?;
    let mut requests = Vec::new();
    for number in 0..PEOPLE {
        let visitor = host.visitor(&host.user(&format!("person-{number}")).await?, &[]).await?;
        requests.extend(std::iter::repeat_n(visitor.lists(), PRESSES - 1));
        requests.push(visitor.starts("slack"));
    }
    relay.stalls.set(true);
    relay.most.set(0);

    let admin = gangway.admin;
    let health = spawn_local(async move {
        let (mut times, mut tick) = (Vec::new(), interval(Duration::from_millis(50)));
        let end = Instant::now() + Duration::from_secs(SECONDS.into());
        while Instant::now() < end {
            tick.tick().await;
            let ask = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
            times.push(ask_once(admin, ask).await?.0);
        }
        anyhow::Ok(times)
    });
    let mut pages = Vec::new();
    let mut tick = interval(Duration::from_secs(1) / A_SECOND);
    for request in requests.iter().cycle().take((A_SECOND * SECONDS) as usize) {
        tick.tick().await;
        let (request, address) = (request.clone(), gangway.address);
        pages.push(spawn_local(async move { ask_once(address, &request).await }));
    }
    let (mut times, mut statuses) = (Vec::new(), BTreeMap::new());
    for page in pages {
        let (took, status) = page.await??;
        times.push(took);
        *statuses.entry(status).or_default() += 1;
    }
    let mut health = health.await??;
    sleep(Duration::from_millis(100)).await;
    times.sort_unstable();
    health.sort_unstable();
    let most_memory = gangway.process.most_memory()?;
    Ok(Stalled { health, pages: times, statuses, most_under_way: relay.most.get(), most_memory })
}

/// One request on a connection of its own: how long until the first bytes of the answer, and its status.
async fn ask_once(address: SocketAddr, request: &[u8]) -> anyhow::Result<(Duration, u16)> {
    let began = Instant::now();
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request).await?;
    let mut answer = [0; 1024];
    let length = stream.read(&mut answer).await?;
    let took = began.elapsed();
    let digits = answer.get(9..12).filter(|_| length > 12).context("no answer")?;
    Ok((took, std::str::from_utf8(digits)?.parse()?))
}
