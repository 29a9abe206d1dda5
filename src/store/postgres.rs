//! PostgreSQL: a pool of connections to a server.

use std::{sync::Arc, time::Duration};

use sqlx::{
    AnyConnection, ConnectOptions as _, Connection as _, Executor as _,
    any::{AnyConnectOptions, AnyPoolOptions},
};
use tokio::time::timeout;

use super::{
    Result, Store,
    database::WriteMode,
    migrate::migrate,
    pool::{ACQUIRE_TIMEOUT, Pool},
    transport::secured,
};

/// Enough for a few hundred requests at once: each holds a connection for a millisecond or so.
const CONNECTIONS: u32 = 10;

/// Idle time after which a connection is tested before use.
const TEST_AFTER: Duration = Duration::from_secs(5);

/// Timeout for the first connection: an unreachable host must not hang the start.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// PostgreSQL waits for the disk by itself (`synchronous_commit`). The tables with a user are locked in the order in
/// which transactions write them. Readers continue, and a statement that waited for the lock sees the changes.
const WRITE_MODE: WriteMode = WriteMode {
    begin: "begin",
    begin_durable: "begin",
    end_durable: None,
    lock_tables: Some(
        "lock table connect_session, end_user, shadow, link_attempt, claim, deletion, disconnection, \
         connection_health, outbox_count, outbox in share row exclusive mode",
    ),
};

pub(super) async fn open(url: &str) -> Result<Store> {
    let options = options(url)?;
    prepare_tables(&options).await?;
    let pool = AnyPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .before_acquire(|connection, found| {
            Box::pin(async move {
                if found.idle_for > TEST_AFTER {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(|connection, _| Box::pin(prepare(connection)))
        .connect_with(options)
        .await?;
    let pool = Arc::new(Pool::Server(pool));
    Ok(Store { reads: Arc::clone(&pool), writes: pool, write_mode: WRITE_MODE })
}

pub(super) fn options(url: &str) -> Result<AnyConnectOptions> {
    let (_, url) = secured(url)?;
    Ok(AnyConnectOptions::from_url(&url)?)
}

/// An advisory lock lets one process migrate while the others wait.
async fn prepare_tables(options: &AnyConnectOptions) -> Result<()> {
    let connected = timeout(CONNECT_TIMEOUT, AnyConnection::connect_with(options)).await;
    let mut connection = connected.unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
    migrate(&mut connection).await?;
    Ok(connection.close().await?)
}

async fn prepare(connection: &mut AnyConnection) -> sqlx::Result<()> {
    // Statements take milliseconds; compiling one that seems expensive takes seconds.
    connection.execute("set lock_timeout = '2s'; set jit = off").await?;
    Ok(())
}
