//! Errors of the store, sorted by class. Their texts are for the log.

use thiserror::Error;

use super::{pooler, read_only};
use crate::domain::error;

#[derive(Debug, Error)]
pub enum StoreError {
    #[error("the database failed: {0}")]
    Database(Box<sqlx::Error>),
    #[error("the database did not answer within {0} seconds")]
    Silent(u64),
    #[error("the database can only be read: its server is a standby, or is set to read only")]
    ReadOnly,
    #[error("the database could not be prepared: {0}")]
    Migration(Box<sqlx::migrate::MigrateError>),
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
    #[error(
        "the tables could not be prepared within {seconds} seconds, because other connections hold locks: {holders}"
    )]
    Locked { seconds: u64, holders: String },
    #[error("{0}: {1}")]
    File(String, Box<StoreError>),
    #[error("{0}")]
    Rights(String),
    #[error(
        "the certificate of the database's server is not accepted ({0}). If its CA is one of your own, add it to the system's \
         certificates or write ?sslrootcert=/PATH/TO/CA.pem behind store.url; its name has to be the host of store.url"
    )]
    Certificate(String),
    #[error("store.url leads to a pooler that cannot be used as it is ({reason}). Write in its pgbouncer.ini: {line}")]
    Pooler { reason: String, line: &'static str },
    #[error("this database has no tables of Gangway yet: `gangway serve` makes them")]
    Empty,
    #[error("the database holds a {0} that cannot be read")]
    Unreadable(&'static str),
    #[error("{0}")]
    Address(String),
}

pub type Result<T> = std::result::Result<T, StoreError>;

/// What an error of the store means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// The database is busy, full, read-only, too slow or unreachable: the same call may succeed later.
    Unavailable,
    /// A bug, or damage.
    Failed,
}

impl StoreError {
    /// Whether the same call may succeed later.
    pub fn is_busy(&self) -> bool {
        self.class() == Class::Unavailable
    }

    /// Whether a lock was not granted in time.
    pub(super) fn is_lock_timeout(&self) -> bool {
        self.has_code("55P03")
    }

    /// Whether PostgreSQL refused a statement for lack of a right.
    pub(super) fn is_refused(&self) -> bool {
        self.has_code("42501")
    }

    fn has_code(&self, code: &str) -> bool {
        use sqlx::migrate::MigrateError;
        let cause = match self {
            Self::Database(error) => error.as_ref(),
            Self::Migration(error) => match &**error {
                MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error,
                _ => return false,
            },
            _ => return false,
        };
        cause.as_database_error().is_some_and(|error| error.code().as_deref() == Some(code))
    }

    fn class(&self) -> Class {
        match self {
            Self::Silent(_) | Self::ReadOnly | Self::Pooler { .. } | Self::Certificate(_) => Class::Unavailable,
            Self::Database(error) => class_of(error),
            Self::File(_, error) => error.class(),
            _ => Class::Failed,
        }
    }
}

fn class_of(error: &sqlx::Error) -> Class {
    let unavailable = match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => true,
        // Of a connection that broke off in the middle, `Protocol` too.
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => is_unavailable(error.code().as_deref().unwrap_or_default(), error.message()),
        _ => false,
    };
    if unavailable { Class::Unavailable } else { Class::Failed }
}

/// PostgreSQL (appendix A): connection, password or database gone, rolled back, resources, stopped or cancelled, locked,
/// read-only, and errors of its disk. SQLite's code is a number whose last byte is the primary one.
fn is_unavailable(code: &str, message: &str) -> bool {
    const CLASSES: [&str; 7] = ["08", "28", "3D", "40", "53", "57", "58"];
    /// SQLITE_PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN, PROTOCOL and NOLFS.
    const SQLITE: [u32; 10] = [3, 5, 6, 7, 8, 10, 13, 14, 15, 22];
    if code.len() == 5 {
        return matches!(code, "55P03" | "25006" | "25P03" | "25P04" | "42P05" | "26000")
            || CLASSES.iter().any(|class| code.starts_with(class));
    }
    let primary = code.parse().ok().map(|code: u32| code & 0xff);
    primary.is_some_and(|primary| SQLITE.contains(&primary))
        || ["is locked", "is full"].iter().any(|state| message.contains(state))
}

/// What PgBouncer refuses, by a part of its text, and the line of its settings that mends it.
const POOLER_REFUSALS: [(&str, &str); 3] = [
    ("unsupported startup parameter: extra_float_digits", "ignore_startup_parameters = extra_float_digits"),
    ("statement pooling mode", "pool_mode = transaction"),
    ("long transactions not allowed", "pool_mode = transaction"),
];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let Some(cause) = error.as_database_error() else {
            let text = error.to_string();
            let reason = text.split_once("invalid peer certificate: ").map(|(_, reason)| reason.to_owned());
            return reason.map_or_else(|| Self::Database(Box::new(error)), Self::Certificate);
        };
        match cause.code().as_deref().unwrap_or_default() {
            "25006" => read_only::record(),
            // A prepared statement is of another connection, or of none.
            "42P05" | "26000" => pooler::record(),
            _ => {}
        }
        let line = POOLER_REFUSALS.iter().find(|(text, _)| cause.message().contains(text));
        match line.map(|(_, line)| *line) {
            Some(line) => Self::Pooler { reason: cause.message().to_owned(), line },
            None => Self::Database(Box::new(error)),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self::Migration(Box::new(error))
    }
}

impl From<StoreError> for error::Error {
    fn from(error: StoreError) -> Self {
        let cause = error.to_string();
        if error.is_busy() { Self::StoreBusy(cause) } else { Self::Store(cause) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_sorted_by_class() {
        for code in [
            "57014", "57P01", "57P03", "25006", "08006", "08P01", "40001", "40P01", "53100", "53300", "55P03", "58030",
            "28P01", "3D000", "25P03", "25P04", "57P05", "5", "6", "8", "10", "13", "14", "261", "266", "778", "1032",
            "1544", "4874", "8458",
        ] {
            assert!(is_unavailable(code, ""), "{code}");
        }
        for code in ["23505", "42P01", "42703", "22P02", "25P02", "XX001", "1", "11", "19", "26", "787", "2067", ""] {
            assert!(!is_unavailable(code, ""), "{code}");
        }
        let error = StoreError::from(sqlx::Error::Protocol("unexpected end".to_owned()));
        assert!(error.is_busy());
        // A chain of causes repeats nothing.
        assert_eq!(format!("{:#}", anyhow::Error::from(error)).matches("unexpected end").count(), 1);
    }
}
