//! What only PostgreSQL needs.

use std::time::Duration;

use sqlx::{
    AnyConnection, ConnectOptions as _, Connection as _, Executor as _,
    any::{AnyConnectOptions, AnyPoolOptions},
};
use tokio::time::timeout;

use super::{
    Stored,
    connections::Connections,
    database::{BeginWrite, Database, PATIENCE},
    migrate::migrate,
    transport::secured,
};

/// Enough for a few hundred requests at once: each holds a connection for a millisecond or so.
const CONNECTIONS: u32 = 10;

/// A connection that was quiet for longer is asked whether it still stands before it is used.
const TRUSTED: Duration = Duration::from_secs(5);

/// How long the first connection may take: a name that leads nowhere must not hang the start.
const REACHABLE: Duration = Duration::from_secs(10);

/// PostgreSQL waits for the disk by itself (`synchronous_commit`). The tables that have a user are locked in the order in
/// which transactions write them; who only reads goes on, and a statement that waits here sees what was done meanwhile.
const BEGIN_WRITE: BeginWrite = BeginWrite {
    usual: "begin",
    to_disk: "begin",
    after_disk: None,
    alone: Some(
        "lock table connect_session, end_user, shadow, link_attempt, claim, deletion, disconnection, outbox_count, outbox \
         in share row exclusive mode",
    ),
};

/// Opens the database, which must be there.
pub(super) async fn open(url: &str) -> Stored<Database> {
    let options = options(url)?;
    prepare_tables(&options).await?;
    let pool = AnyPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .before_acquire(|connection, found| {
            Box::pin(async move {
                if found.idle_for > TRUSTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(|connection, _| Box::pin(prepare(connection)))
        .connect_with(options)
        .await?;
    Ok(Database { reads: Connections::Pool(pool.clone()), writes: Connections::Pool(pool), begin_write: BEGIN_WRITE })
}

/// Connection options with the `sslmode` that is in force.
pub(super) fn options(url: &str) -> Stored<AnyConnectOptions> {
    let (_, url) = secured(url)?;
    Ok(AnyConnectOptions::from_url(&url)?)
}

/// Holds an advisory lock, so that of several processes one does it and the others wait.
async fn prepare_tables(options: &AnyConnectOptions) -> Stored<()> {
    let connected = timeout(REACHABLE, AnyConnection::connect_with(options)).await;
    let mut connection = connected.unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
    migrate(&mut connection).await?;
    Ok(connection.close().await?)
}

async fn prepare(connection: &mut AnyConnection) -> sqlx::Result<()> {
    // Statements here take milliseconds; compiling one that looks expensive takes seconds.
    connection.execute("set lock_timeout = '2s'; set jit = off").await?;
    Ok(())
}
