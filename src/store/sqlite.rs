//! SQLite: one file, one writing connection and several reading ones.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sqlx::{AnyConnection, Connection as _, Executor as _, any::AnyConnectOptions};
use tokio::time::{Instant, sleep};

use super::{
    Result, Store, StoreError,
    database::WriteMode,
    migrate::migrate,
    pool::{ACQUIRE_TIMEOUT, Pool},
};

/// SQLite allows one writer. Writers of this process queue here in order; those of several processes poll the file.
const WRITERS: usize = 1;

const READERS: usize = 4;

/// A commit in the write-ahead log survives the end of the process, but with `NORMAL` a power cut may lose the last
/// ones. `FULL` waits for the disk (milliseconds), for outcomes that are reported. The write lock is taken at the
/// beginning: a transaction that reads first and writes later can fail in the middle.
const WRITE_MODE: WriteMode = WriteMode {
    begin: "pragma synchronous = normal; begin immediate",
    begin_durable: "pragma synchronous = full; begin immediate",
    end_durable: Some("pragma synchronous = normal"),
    lock_tables: None,
};

const PREPARE: &str = "pragma busy_timeout = 2000; pragma foreign_keys = on; pragma synchronous = normal";

/// The file of a `sqlite:` address; `None` for another database. Returns an error without a file name or with
/// parameters.
pub fn file_of(url: &str) -> Result<Option<PathBuf>> {
    let Some(rest) = url.strip_prefix("sqlite:") else { return Ok(None) };
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let path = path.strip_suffix("?mode=rwc").unwrap_or(path);
    if path.is_empty() || path == ":memory:" || path.contains('?') {
        let message = "store.url must name a file, without parameters: sqlite://gangway.db";
        return Err(StoreError::Address(message.to_owned()));
    }
    Ok(Some(PathBuf::from(percent_decode_str(path).decode_utf8_lossy().as_ref())))
}

/// Creates a missing file for its owner only, because it will hold personal data. Opening it reports errors.
pub(super) fn make_private(file: &Path) {
    use std::os::unix::fs::OpenOptionsExt as _;
    drop(std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file));
}

/// Errors name the file.
pub(super) async fn open(file: &Path) -> Result<Store> {
    open_file(file).await.map_err(|error| match error {
        StoreError::Database(_) | StoreError::Migration(_) | StoreError::Silent(_) => {
            StoreError::File(file.display().to_string(), Box::new(error))
        }
        other => other,
    })
}

async fn open_file(file: &Path) -> Result<Store> {
    make_private(file);
    let options = options(file, "rwc")?;
    use_write_ahead_log(&options).await?;
    let writes = Arc::new(Pool::open(WRITERS, &options, PREPARE).await?);
    let reads = Arc::new(Pool::open(READERS, &options, PREPARE).await?);
    let store = Store { reads, writes, write_mode: WRITE_MODE };
    let mut connection = store.writes.acquire().await?;
    // Its lock delays every other process until the migrations are done.
    let mut migration = store.durable_transaction(&mut connection).await?;
    migrate(&mut migration).await?;
    migration.commit().await?;
    store.end_durable(&mut connection).await?;
    drop(connection);
    Ok(store)
}

/// Connection options with SQLite's `mode`: `rwc` creates a missing file, `ro` only reads.
pub(super) fn options(file: &Path, mode: &str) -> Result<AnyConnectOptions> {
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(missing) = directory.filter(|directory| !directory.is_dir()) {
        return Err(StoreError::Address(format!("store.url: there is no directory {}", missing.display())));
    }
    let url = format!("sqlite:{}?mode={mode}", utf8_percent_encode(&file.to_string_lossy(), NON_ALPHANUMERIC));
    Ok(url.parse()?)
}

/// The file stores this mode. SQLite does not wait for another process that sets it at the same time, so this retries.
async fn use_write_ahead_log(options: &AnyConnectOptions) -> Result<()> {
    let give_up = Instant::now() + ACQUIRE_TIMEOUT;
    let mut connection = AnyConnection::connect_with(options).await?;
    while let Err(error) = connection.execute("pragma journal_mode = wal").await {
        if Instant::now() > give_up {
            return Err(error.into());
        }
        sleep(Duration::from_millis(20)).await;
    }
    Ok(connection.close().await?)
}
