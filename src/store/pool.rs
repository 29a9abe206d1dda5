//! Connections to a database.

use std::ops::{Deref, DerefMut};

use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Executor as _, any::AnyConnectOptions, pool::PoolConnection};
use tokio::{
    sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit},
    time::timeout,
};

use super::{Result, database::ACQUIRE_TIMEOUT};

pub(super) enum Pool {
    /// To a server, which may fail: sqlx's pool tests connections.
    Server(AnyPool),
    /// To a file, which does not fail: a test would cost as much as a statement, because each connection has a thread of
    /// its own.
    File {
        /// A locked connection is in use.
        connections: Vec<Mutex<AnyConnection>>,
        /// One permit for each free connection.
        free: Semaphore,
    },
}

/// A connection in use. A transaction that was not committed is rolled back before the next statement.
pub(super) enum Connection<'a> {
    Server(PoolConnection<Any>),
    File {
        connection: MutexGuard<'a, AnyConnection>,
        /// Dropped after the lock.
        _permit: SemaphorePermit<'a>,
    },
}

impl Pool {
    pub(super) async fn open(count: usize, options: &AnyConnectOptions, prepare: &'static str) -> Result<Self> {
        let mut connections = Vec::with_capacity(count);
        for _ in 0..count {
            let mut connection = AnyConnection::connect_with(options).await?;
            connection.execute(prepare).await?;
            connections.push(Mutex::new(connection));
        }
        Ok(Self::File { connections, free: Semaphore::new(count) })
    }

    /// Waits for a free connection, up to [`ACQUIRE_TIMEOUT`].
    pub(super) async fn acquire(&self) -> Result<Connection<'_>> {
        match self {
            Self::Server(pool) => Ok(Connection::Server(pool.acquire().await?)),
            Self::File { connections, free } => {
                let permit = timeout(ACQUIRE_TIMEOUT, free.acquire()).await.ok().and_then(std::result::Result::ok);
                let _permit = permit.ok_or(sqlx::Error::PoolTimedOut)?;
                let connection = connections.iter().find_map(|connection| connection.try_lock().ok());
                Ok(Connection::File { connection: connection.ok_or(sqlx::Error::PoolTimedOut)?, _permit })
            }
        }
    }
}

impl Deref for Connection<'_> {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        match self {
            Self::Server(connection) => connection,
            Self::File { connection, .. } => connection,
        }
    }
}

impl DerefMut for Connection<'_> {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        match self {
            Self::Server(connection) => connection,
            Self::File { connection, .. } => connection,
        }
    }
}
