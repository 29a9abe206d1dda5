//! A TCP relay between Gangway and its sandbox that can disturb requests as no HTTP server would.

use std::{
    net::TcpListener as Bound,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use gangway::alloy::Timeouts;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use url::Url;

use crate::app::TestApp;

/// What happens to a request.
#[derive(Clone)]
pub(crate) enum Deed {
    /// It gets these bytes, and the connection is closed.
    Says(String),
    /// It gets these bytes, and then nothing more for ever.
    Stalls(String),
    /// The connection is reset.
    Resets,
    /// It gets a body without an end.
    Floods,
}

/// A relay, and what it has seen.
#[derive(Clone)]
pub(crate) struct Relay {
    seen: Arc<Seen>,
}

struct Seen {
    address: String,
    sandbox: String,
    /// For requests that begin so.
    deeds: Mutex<Vec<(String, Deed)>>,
    requests: Mutex<Vec<String>>,
    under_way: AtomicUsize,
    most: AtomicUsize,
}

impl Relay {
    /// A Gangway with as much patience as said, and a relay before its sandbox.
    pub(crate) async fn between(patience: Timeouts) -> (TestApp, Self) {
        let mut relay = None;
        let app = TestApp::spawn_patient(patience, |settings| {
            relay = Some(Self::before(&mut settings.alloy.base_url));
            let busy = gangway::config::Rate { requests: 100_000, per: std::time::Duration::from_secs(60) };
            (settings.limits.per_session, settings.limits.per_address) = (busy, busy);
        });
        (app.await, relay.unwrap())
    }

    /// Takes the place of what is at that address.
    pub(crate) fn before(address: &mut Url) -> Self {
        let listener = Bound::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let sandbox = format!("{}:{}", address.host_str().unwrap(), address.port().unwrap());
        address.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        let seen = Arc::new(Seen {
            address: address.as_str().trim_end_matches('/').to_owned(),
            sandbox,
            deeds: Mutex::default(),
            requests: Mutex::default(),
            under_way: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        });
        let relay = Self { seen };
        let listener = TcpListener::from_std(listener).unwrap();
        let accepting = relay.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(accepting.clone().serve(stream));
            }
        });
        relay
    }

    /// Where it listens, without a slash at the end.
    pub(crate) fn address(&self) -> &str {
        &self.seen.address
    }

    /// From now on, that happens to requests that begin so (`GET /users`).
    pub(crate) fn to(&self, beginning: &str, deed: Deed) {
        self.seen.deeds.lock().unwrap().push((beginning.to_owned(), deed));
    }

    /// From now on, everything is handed on.
    pub(crate) fn to_nothing(&self) {
        self.seen.deeds.lock().unwrap().clear();
    }

    /// The first lines of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.seen.requests.lock().unwrap().clone()
    }

    /// How many there were under way at once, at the most.
    pub(crate) fn most_at_once(&self) -> usize {
        self.seen.most.load(Ordering::SeqCst)
    }

    async fn serve(self, mut stream: TcpStream) {
        let Some(request) = whole(&mut stream).await else { return };
        let line = request.lines().next().unwrap_or_default().to_owned();
        let deeds = self.seen.deeds.lock().unwrap().clone();
        self.seen.requests.lock().unwrap().push(line.clone());
        let now = self.seen.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.seen.most.fetch_max(now, Ordering::SeqCst);
        let deed = deeds.into_iter().find(|(beginning, _)| line.starts_with(beginning.as_str()));
        let ended = match deed.map(|(_, deed)| deed) {
            None => self.hand_on(&mut stream, &request).await,
            Some(Deed::Says(bytes)) => stream.write_all(bytes.as_bytes()).await.ok(),
            Some(Deed::Stalls(bytes)) => {
                stream.write_all(bytes.as_bytes()).await.ok();
                // Until the other side has had enough of it.
                stream.read_u8().await.ok().map(drop)
            }
            Some(Deed::Resets) => stream.set_zero_linger().ok(),
            Some(Deed::Floods) => flood(&mut stream).await,
        };
        self.seen.under_way.fetch_sub(1, Ordering::SeqCst);
        drop((stream, ended));
    }

    async fn hand_on(&self, stream: &mut TcpStream, request: &str) -> Option<()> {
        let mut sandbox = TcpStream::connect(&self.seen.sandbox).await.ok()?;
        let closing = request.replacen("\r\n", "\r\nconnection: close\r\n", 1);
        sandbox.write_all(closing.as_bytes()).await.ok()?;
        tokio::io::copy(&mut sandbox, stream).await.ok().map(drop)
    }
}

/// One request with its body; `None` if it is none.
async fn whole(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            if body.len() >= length.and_then(|length| length.trim().parse().ok()).unwrap_or(0) {
                return String::from_utf8(bytes).ok();
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

async fn flood(stream: &mut TcpStream) -> Option<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await.ok()?;
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    loop {
        stream.write_all(chunk.as_bytes()).await.ok()?;
    }
}

/// An answer with that head and a body of JSON.
pub(crate) fn json(head: &str, body: &str) -> Deed {
    let length = body.len();
    Deed::Says(format!("HTTP/1.1 {head}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"))
}
