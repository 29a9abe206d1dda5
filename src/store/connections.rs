//! Connections to a database, taken by turns.

use std::ops::{Deref, DerefMut};

use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Executor as _, any::AnyConnectOptions, pool::PoolConnection};
use tokio::{
    sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit},
    time::timeout,
};

use super::{Stored, database::PATIENCE};

/// The connections of one kind.
pub(super) enum Connections {
    /// To a server, which may go away: the pool tests each connection when it comes back.
    Pool(AnyPool),
    /// To a file, which does not: a test would cost as much as a statement, because either is a way to the
    /// connection's own thread and back.
    Kept {
        /// All of them; a locked one is in use.
        all: Vec<Mutex<AnyConnection>>,
        /// One for each that is free.
        free: Semaphore,
    },
}

/// One connection, until this is dropped. What was begun on it and not committed is rolled back before anything else.
pub(super) enum Turn<'a> {
    /// It goes back to its pool.
    Pooled(PoolConnection<Any>),
    /// It is unlocked, and free after that.
    Kept {
        /// The lock on it.
        connection: MutexGuard<'a, AnyConnection>,
        /// Given back after the lock.
        _permit: SemaphorePermit<'a>,
    },
}

impl Connections {
    /// Opens that many connections and keeps them.
    pub(super) async fn keep(count: usize, options: &AnyConnectOptions, prepare: &'static str) -> Stored<Self> {
        let mut all = Vec::with_capacity(count);
        for _ in 0..count {
            let mut connection = AnyConnection::connect_with(options).await?;
            connection.execute(prepare).await?;
            all.push(Mutex::new(connection));
        }
        Ok(Self::Kept { all, free: Semaphore::new(count) })
    }

    /// Waits for a connection, but not for long.
    pub(super) async fn turn(&self) -> Stored<Turn<'_>> {
        match self {
            Self::Pool(pool) => Ok(Turn::Pooled(pool.acquire().await?)),
            Self::Kept { all, free } => {
                let permit = timeout(PATIENCE, free.acquire()).await.ok().and_then(Result::ok);
                let _permit = permit.ok_or(sqlx::Error::PoolTimedOut)?;
                let unlocked = all.iter().find_map(|connection| connection.try_lock().ok());
                Ok(Turn::Kept { connection: unlocked.ok_or(sqlx::Error::PoolTimedOut)?, _permit })
            }
        }
    }
}

impl Deref for Turn<'_> {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        match self {
            Self::Pooled(connection) => connection,
            Self::Kept { connection, .. } => connection,
        }
    }
}

impl DerefMut for Turn<'_> {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        match self {
            Self::Pooled(connection) => connection,
            Self::Kept { connection, .. } => connection,
        }
    }
}
