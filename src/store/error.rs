//! Errors of the store. Their texts are for the log.

use thiserror::Error;

use crate::domain::error;

#[derive(Debug, Error)]
pub enum StoreError {
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the database could not be prepared: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error(
        "this database belongs to a newer Gangway: step {step} of its tables was done, and Gangway {} knows the steps up to \
         {known}. Start the newer version again, or restore a backup that was made before it first ran. Nothing was changed",
        env!("CARGO_PKG_VERSION")
    )]
    Newer { step: i64, known: i64 },
    #[error(
        "this database was prepared by an earlier Gangway: step {step} is missing, and this is {version}. Ask the Gangway \
         that serves it, or serve with this one first. Nothing was changed",
        version = env!("CARGO_PKG_VERSION")
    )]
    Older { step: i64 },
    #[error("the database holds a {0} that cannot be read")]
    Unreadable(&'static str),
    #[error("{0}")]
    Address(String),
}

pub type Result<T> = std::result::Result<T, StoreError>;

impl StoreError {
    /// Whether the database is busy, full or unreachable, so that the same call may succeed later.
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Database(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) => true,
            Self::Database(sqlx::Error::Database(error)) => match error.code() {
                // PostgreSQL, appendix A: lock not available, deadlock, resources, server starting or stopping.
                Some(code) if code.len() == 5 => {
                    code == "55P03" || ["40", "53", "57P"].iter().any(|class| code.starts_with(class))
                }
                // SQLITE_BUSY, SQLITE_LOCKED and SQLITE_FULL, by their messages, which all versions have.
                _ => ["is locked", "is full"].iter().any(|state| error.message().contains(state)),
            },
            _ => false,
        }
    }
}

impl From<StoreError> for error::Error {
    fn from(error: StoreError) -> Self {
        let cause = error.to_string();
        if error.is_busy() { Self::StoreBusy(cause) } else { Self::Store(cause) }
    }
}
