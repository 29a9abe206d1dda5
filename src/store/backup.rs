//! Backup of a database in use.

use std::{fs, path::Path};

use sqlx::{AnyConnection, Connection as _, Executor as _};

use super::{Result, StoreError, sqlite};

/// Copies one consistent state, while readers and writers continue.
const COPY: &str = "vacuum into $1";
const CHECK: &str = "pragma quick_check";

/// Copies the database to a new file that only its owner can read. Returns an error if the file exists, or the copy
/// fails or is damaged.
pub async fn copy_file(from: &Path, to: &Path) -> Result<()> {
    sqlx::any::install_default_drivers();
    if to.exists() {
        return Err(StoreError::Address(format!("{} is there already and stays as it is", to.display())));
    }
    let mut unfinished = to.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let unfinished = Path::new(&unfinished);
    let copied = write_copy(from, unfinished).await.and_then(|()| fs::rename(unfinished, to).map_err(unwritten));
    if copied.is_err() {
        fs::remove_file(unfinished).ok();
    }
    copied
}

async fn write_copy(from: &Path, to: &Path) -> Result<()> {
    // An earlier copy may have failed.
    fs::remove_file(to).ok();
    sqlite::make_private(to);
    let mut connection = AnyConnection::connect_with(&sqlite::options(from, "ro")?).await?;
    connection.execute(sqlx::query(COPY).bind(to.to_string_lossy().as_ref())).await?;
    connection.close().await?;
    let mut copy = AnyConnection::connect_with(&sqlite::options(to, "ro")?).await?;
    let sound: String = sqlx::query_scalar(CHECK).fetch_one(&mut copy).await?;
    copy.close().await?;
    if sound != "ok" {
        return Err(StoreError::Unreadable("page"));
    }
    fs::File::open(to).and_then(|file| file.sync_all()).map_err(unwritten)
}

fn unwritten(error: std::io::Error) -> StoreError {
    StoreError::from(sqlx::Error::Io(error))
}
