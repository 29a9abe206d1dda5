//! A copy of a database that is in use.

use std::{fs, path::Path};

use sqlx::{AnyConnection, Connection as _, Executor as _};

use super::{StoreError, Stored, sqlite};

/// Everything that was committed, as of one moment; readers and writers go on meanwhile.
const COPY: &str = "vacuum into $1";
const CHECK: &str = "pragma quick_check";

/// Copies the database in that file to another one, which nobody else can read and which must not be there yet. The copy is
/// whole or is not there.
///
/// # Errors
/// When there is something at the place already, or the copy cannot be made or is not sound.
pub async fn copy_file(from: &Path, to: &Path) -> Stored<()> {
    sqlx::any::install_default_drivers();
    if to.exists() {
        return Err(StoreError::Address(format!("{} is there already and stays as it is", to.display())));
    }
    let mut unfinished = to.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let unfinished = Path::new(&unfinished);
    let made = make(from, unfinished).await.and_then(|()| fs::rename(unfinished, to).map_err(unwritten));
    if made.is_err() {
        fs::remove_file(unfinished).ok();
    }
    made
}

async fn make(from: &Path, to: &Path) -> Stored<()> {
    // What an earlier try left.
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
    StoreError::Database(sqlx::Error::Io(error))
}
