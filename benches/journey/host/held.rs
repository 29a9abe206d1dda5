//! Questions that are held until something happens: 5,000 of them, each for an attempt of its own.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use futures_util::future::try_join_all;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{
    database::Database,
    events::{attempt, end},
};
use crate::process::{Gangway, HOST_KEY};

/// So many.
const HELD: usize = 5_000;
/// Until all are asked and the processor is at rest.
const SETTLING: Duration = Duration::from_secs(10);
/// Of these something happens, by another process.
const SETTLED: usize = 200;

pub(crate) async fn take(upstream: SocketAddr, database: &Database) -> anyhow::Result<String> {
    let store = database.store().await?;
    let mut attempts = Vec::new();
    for number in 0..HELD {
        let began = attempt(&format!("held-{number}"))?;
        store.begin(&began).await?;
        attempts.push(began);
    }
    let gangway = Gangway::start_on(upstream, database.url(), &[]).await?;
    let before = gangway.process.memory()?;
    let mut streams = Vec::new();
    for began in &attempts {
        let mut stream = TcpStream::connect(gangway.address).await?;
        let question = format!(
            "GET /api/v1/link-attempts/{}?wait=60 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {HOST_KEY}\r\n\r\n",
            began.id
        );
        stream.write_all(question.as_bytes()).await?;
        streams.push(stream);
    }
    tokio::time::sleep(SETTLING).await;
    let held = gangway.process.memory()?;
    let busy = gangway.process.processor_time()?;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let busy = (gangway.process.processor_time()? - busy).as_secs_f64() / 5.0 * 100.0;
    let asked = attempts.iter().zip(streams.iter_mut()).take(SETTLED);
    let waits = asked.map(|(began, stream)| async {
        end(&store, began).await?;
        let ended = Instant::now();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await?;
        anyhow::ensure!(&answer == b"HTTP/1.1 200", "{}", String::from_utf8_lossy(&answer));
        anyhow::Ok(ended.elapsed())
    });
    let longest = try_join_all(waits).await?.into_iter().max().context("an answer")?;
    Ok(format!(
        "{HELD} questions held: {before:.0} MiB before, {held:.0} MiB with them, {busy:.0} % of a core; what another \
         process ended was told within {longest:.1?}"
    ))
}
