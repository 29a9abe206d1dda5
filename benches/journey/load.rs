//! Pressing a server: a closed loop over plain connections, so that little of the machine goes to the asking.

use std::{
    cell::RefCell,
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use futures_util::future::try_join_all;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// How many connections press at once.
const CONNECTIONS: usize = 16;

/// What one round brought.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Round {
    pub(crate) requests: u32,
    pub(crate) took: Duration,
}

impl Round {
    pub(crate) fn per_second(self) -> f64 {
        f64::from(self.requests) / self.took.as_secs_f64()
    }
}

/// Sends what `next` gives, over all connections, until it gives no more. Every answer must have that status.
pub(crate) async fn press<'a>(
    address: SocketAddr,
    status: u16,
    next: impl FnMut() -> Option<&'a [u8]>,
) -> anyhow::Result<Round> {
    let next = RefCell::new(next);
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(Connection::open(address).await?);
    }
    let began = Instant::now();
    let counts = try_join_all(connections.into_iter().map(|connection| keep_pressing(connection, status, &next))).await;
    Ok(Round { requests: counts?.iter().sum(), took: began.elapsed() })
}

/// The same over one connection.
pub(crate) async fn press_once<'a>(
    address: SocketAddr,
    status: u16,
    next: impl FnMut() -> Option<&'a [u8]>,
) -> anyhow::Result<u32> {
    keep_pressing(Connection::open(address).await?, status, &RefCell::new(next)).await
}

async fn keep_pressing<'a>(
    mut connection: Connection,
    status: u16,
    next: &RefCell<impl FnMut() -> Option<&'a [u8]>>,
) -> anyhow::Result<u32> {
    let mut answered = 0;
    loop {
        let Some(request) = next.borrow_mut()() else { return Ok(answered) };
        let seen = connection.ask(request).await?;
        if seen != status {
            bail!("status {seen} instead of {status}: {}", String::from_utf8_lossy(&connection.buffer));
        }
        answered += 1;
    }
}

/// One connection that is kept alive.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a whole request, waits for the whole answer, and gives its status.
    async fn ask(&mut self, request: &[u8]) -> anyhow::Result<u16> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        while !is_whole(&self.buffer) {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the connection was closed in the middle of an answer");
            }
        }
        let status = self.buffer.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
        status.context("an answer without a status")
    }
}

/// Whether an answer has come to its end. Only servers of ours are asked: the names of headers are in lower case.
fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let (head, body) = answer.split_at(end);
    let head = String::from_utf8_lossy(head);
    let body_length = body.len() - 4;
    match head.lines().find_map(|line| line.strip_prefix("content-length: ")) {
        Some(length) => length.parse().is_ok_and(|length: usize| body_length >= length),
        None => body.ends_with(b"\r\n0\r\n\r\n"),
    }
}
