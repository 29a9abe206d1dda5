//! What only SQLite needs: one file, one connection that writes, and a few that read beside it.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sqlx::{AnyConnection, Connection as _, Executor as _, any::AnyConnectOptions};
use tokio::time::{Instant, sleep};

use super::{
    StoreError, Stored,
    connections::Connections,
    database::{BeginWrite, Database, PATIENCE},
    migrate::migrate,
};

/// SQLite lets one write at a time. Writers that queue here take turns; writers that meet in the file poll for it.
const WRITERS: usize = 1;

/// Each is a thread of its own with a cache of its own.
const READERS: usize = 4;

/// The write-ahead log keeps what is committed when the process dies, but with `NORMAL` a power cut may take the last
/// commits. `FULL` waits for the disk (milliseconds), so it is kept for what somebody is told of. The write lock is
/// taken at once: a transaction that reads first and writes later can fail half-way.
const BEGIN_WRITE: BeginWrite = BeginWrite {
    usual: "pragma synchronous = normal; begin immediate",
    to_disk: "pragma synchronous = full; begin immediate",
    after_disk: Some("pragma synchronous = normal"),
    alone: None,
};

/// What every connection is told first.
const PREPARE: &str = "pragma busy_timeout = 2000; pragma foreign_keys = on; pragma synchronous = normal";

/// The file that an address of SQLite (`sqlite://FILE` or `sqlite:FILE`) names; `None` for an address of another
/// database.
///
/// # Errors
/// When it names no file, or has parameters.
pub fn file_of(url: &str) -> Stored<Option<PathBuf>> {
    let Some(rest) = url.strip_prefix("sqlite:") else { return Ok(None) };
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let path = path.strip_suffix("?mode=rwc").unwrap_or(path);
    if path.is_empty() || path == ":memory:" || path.contains('?') {
        let message = "store.url must name a file, without parameters: sqlite://gangway.db";
        return Err(StoreError::Address(message.to_owned()));
    }
    Ok(Some(PathBuf::from(percent_decode_str(path).decode_utf8_lossy().as_ref())))
}

/// Makes a file that is not there yet for nobody else to read: it will hold names and addresses of people. What goes
/// wrong here goes wrong again when the file is opened, and is told then.
pub(super) fn make_private(file: &Path) {
    use std::os::unix::fs::OpenOptionsExt as _;
    drop(std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file));
}

/// Opens the file, or makes it.
pub(super) async fn open(file: &Path) -> Stored<Database> {
    make_private(file);
    let options = options(file, "rwc")?;
    use_write_ahead_log(&options).await?;
    let writes = Connections::keep(WRITERS, &options, PREPARE).await?;
    let reads = Connections::keep(READERS, &options, PREPARE).await?;
    let database = Database { reads, writes, begin_write: BEGIN_WRITE };
    let mut turn = database.writes.turn().await?;
    // The lock of this transaction holds every other process back until the tables are there.
    let mut migration = database.begin_to_disk(&mut turn).await?;
    migrate(&mut migration).await?;
    migration.commit().await?;
    database.end_to_disk(&mut turn).await?;
    drop(turn);
    Ok(database)
}

/// How the file is opened, in SQLite's words: `rwc` to make it if it is missing, `ro` to read.
pub(super) fn options(file: &Path, mode: &str) -> Stored<AnyConnectOptions> {
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(missing) = directory.filter(|directory| !directory.is_dir()) {
        return Err(StoreError::Address(format!("store.url: there is no directory {}", missing.display())));
    }
    let url = format!("sqlite:{}?mode={mode}", utf8_percent_encode(&file.to_string_lossy(), NON_ALPHANUMERIC));
    Ok(url.parse()?)
}

/// The file remembers this. SQLite answers at once when somebody else is just doing the same, and does not wait.
async fn use_write_ahead_log(options: &AnyConnectOptions) -> Stored<()> {
    let give_up = Instant::now() + PATIENCE;
    let mut connection = AnyConnection::connect_with(options).await?;
    while let Err(error) = connection.execute("pragma journal_mode = wal").await {
        if Instant::now() > give_up {
            return Err(error.into());
        }
        sleep(Duration::from_millis(20)).await;
    }
    Ok(connection.close().await?)
}
