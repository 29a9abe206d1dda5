//! What the host's server can count on: how soon and how many events come, how much 5,000 held questions cost, and how long a
//! start takes, on SQLite and on PostgreSQL, with an empty database and with a million ended attempts in it.
//!
//! All is on loopback, each in a process of its own but for the receiver of events, which is in this one.

mod database;
mod events;
mod held;
pub(crate) mod outcomes;
mod receiver;
mod starts;

use std::net::SocketAddr;

use gangway::server::raise_open_file_limit;

use self::database::{Database, Kind};
use crate::process::{Gangway, Process};

/// So many ended attempts the second time.
const MANY: i64 = 1_000_000;

/// Takes the figures and prints them as they come.
pub(crate) fn take() -> anyhow::Result<()> {
    raise_open_file_limit();
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?.block_on(all())
}

async fn all() -> anyhow::Result<()> {
    let (_sandbox, upstream) =
        Process::that_says_where(env!("CARGO_BIN_EXE_gangway"), &["sandbox", "--bind", "127.0.0.1:0"])?;
    for kind in [Kind::Sqlite, Kind::Postgres] {
        for ended in [0, MANY] {
            let database = Database::new(kind).await?;
            // The tables are made by the program itself.
            drop(Gangway::start_on(upstream, database.url(), &[]).await?);
            database.fill(ended).await?;
            println!("\n{kind:?}, {ended} ended attempts kept");
            figures(upstream, &database).await?;
        }
    }
    Ok(())
}

async fn figures(upstream: SocketAddr, database: &Database) -> anyhow::Result<()> {
    println!("  ready after {:.0?}", Gangway::start_on(upstream, database.url(), &[]).await?.ready_after);
    println!("  {}", held::take(upstream, database).await?);
    println!("  {}", starts::take(upstream, database).await?);
    println!("  {}", events::drain(upstream, database).await?);
    println!("  {}", events::latency(upstream, database).await?);
    Ok(())
}
