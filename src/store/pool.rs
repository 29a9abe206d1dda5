//! Connections to a database.

use std::{
    ops::{Deref, DerefMut},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{
    Any, AnyConnection, AnyPool, Connection as _, Executor as _, Transaction, any::AnyConnectOptions,
    pool::PoolConnection,
};
use tokio::{
    sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit},
    time::timeout,
};

use super::Result;

/// Timeout for a connection and for the write lock: a page must not hang on a locked database.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);

/// Timeout for the test of a connection that returns to its pool, after which it is closed, and for a pending rollback.
const RETURN_TIMEOUT: Duration = Duration::from_secs(2);

pub(super) enum Pool {
    /// To a server. Connections can fail, so sqlx's pool tests them.
    Server(AnyPool),
    /// To a file. Connections do not fail, and a test would cost as much as a statement: each has its own thread.
    File {
        /// A locked connection is in use.
        connections: Vec<Mutex<AnyConnection>>,
        free: Semaphore,
        options: AnyConnectOptions,
        prepare: &'static str,
    },
}

/// A connection in use. A transaction that was not committed is rolled back before the next statement.
pub(super) enum Connection<'a> {
    Server(ServerConnection),
    File {
        connection: MutexGuard<'a, AnyConnection>,
        /// Dropped after the lock.
        _permit: SemaphorePermit<'a>,
    },
}

/// Returns to its pool on drop. sqlx tests it then without a time limit, so that a silent server would keep the slot.
pub(super) struct ServerConnection {
    connection: PoolConnection<Any>,
    /// A transaction may have begun that sqlx does not count, because its answer was not waited for: later statements
    /// would be part of it and never be committed.
    unclear: Arc<AtomicBool>,
}

impl Drop for ServerConnection {
    fn drop(&mut self) {
        if self.unclear.load(Ordering::Relaxed) {
            self.connection.close_on_drop();
        } else {
            tokio::spawn(timeout(RETURN_TIMEOUT, self.connection.return_to_pool()));
        }
    }
}

async fn connect(options: &AnyConnectOptions, prepare: &'static str) -> Result<AnyConnection> {
    let mut connection = AnyConnection::connect_with(options).await?;
    connection.execute(prepare).await?;
    Ok(connection)
}

impl Pool {
    pub(super) async fn open(count: usize, options: &AnyConnectOptions, prepare: &'static str) -> Result<Self> {
        let mut connections = Vec::with_capacity(count);
        for _ in 0..count {
            connections.push(Mutex::new(connect(options, prepare).await?));
        }
        Ok(Self::File { connections, free: Semaphore::new(count), options: options.clone(), prepare })
    }

    pub(super) async fn acquire(&self) -> Result<Connection<'_>> {
        match self {
            Self::Server(pool) => {
                let (connection, unclear) = (pool.acquire().await?, Arc::default());
                Ok(Connection::Server(ServerConnection { connection, unclear }))
            }
            Self::File { connections, free, options, prepare } => {
                let permit = timeout(ACQUIRE_TIMEOUT, free.acquire()).await.ok().and_then(std::result::Result::ok);
                let _permit = permit.ok_or(sqlx::Error::PoolTimedOut)?;
                let connection = connections.iter().find_map(|connection| connection.try_lock().ok());
                let mut connection = connection.ok_or(sqlx::Error::PoolTimedOut)?;
                if connection.is_in_transaction() {
                    // A rollback may be pending.
                    timeout(RETURN_TIMEOUT, connection.ping()).await.map_err(|_| sqlx::Error::PoolTimedOut)??;
                }
                if connection.is_in_transaction() {
                    // SQLite ended the transaction itself, as on a full disk, so the rollback failed. sqlx counts it as
                    // open and cannot begin another one on this connection.
                    *connection = connect(options, prepare).await?;
                }
                Ok(Connection::File { connection, _permit })
            }
        }
    }
}

impl Connection<'_> {
    pub(super) fn is_to_server(&self) -> bool {
        matches!(self, Self::Server(_))
    }

    /// Set while the state of a connection to a server is not known: one that is dropped so is closed.
    pub(super) fn unclear(&self) -> Option<Arc<AtomicBool>> {
        match self {
            Self::Server(server) => Some(Arc::clone(&server.unclear)),
            Self::File { .. } => None,
        }
    }
}

/// A connection, or a transaction on one.
pub(super) trait Connected: Send {
    fn connection(&mut self) -> &mut AnyConnection;

    /// See [`Connection::unclear`].
    fn unclear(&self) -> Option<Arc<AtomicBool>> {
        None
    }
}

impl Connected for AnyConnection {
    fn connection(&mut self) -> &mut AnyConnection {
        self
    }
}

impl Connected for Transaction<'_, Any> {
    fn connection(&mut self) -> &mut AnyConnection {
        self
    }
}

impl Connected for Connection<'_> {
    fn connection(&mut self) -> &mut AnyConnection {
        self
    }

    fn unclear(&self) -> Option<Arc<AtomicBool>> {
        Connection::unclear(self)
    }
}

impl Deref for Connection<'_> {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        match self {
            Self::Server(server) => &server.connection,
            Self::File { connection, .. } => connection,
        }
    }
}

impl DerefMut for Connection<'_> {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        match self {
            Self::Server(server) => &mut server.connection,
            Self::File { connection, .. } => connection,
        }
    }
}
