//! Opens the store that `store.url` names.

use std::{path::PathBuf, time::Duration};

use secrecy::{ExposeSecret as _, SecretString};

use super::{Result, Store, StoreError, migrate, postgres, sqlite, transport::is_postgres};

/// Time in which the locks of other connections have to end before the start fails.
const LOCK_PATIENCE: Duration = Duration::from_secs(60);

/// Opens the store and runs its missing migrations, safely in several processes at once. Errors never contain the
/// address, which may hold a password.
pub async fn open(url: &SecretString) -> Result<Store> {
    open_within(url, LOCK_PATIENCE).await
}

/// The same, for so long as other connections hold locks that a step of the tables needs.
pub async fn open_within(url: &SecretString, lock_patience: Duration) -> Result<Store> {
    let url = url.expose_secret();
    match location(url)? {
        Location::File(file) => sqlite::open(&file).await,
        Location::Server => postgres::open(url, lock_patience).await,
    }
}

/// Opens an existing store. Returns an error if another release has migrated it.
pub async fn open_existing(url: &SecretString) -> Result<Store> {
    let address = url.expose_secret();
    let options = match location(address)? {
        Location::File(file) if !file.exists() => {
            return Err(StoreError::Address(format!("there is no database at {}", file.display())));
        }
        Location::File(file) => sqlite::options(&file, "ro")?,
        Location::Server => postgres::options(address)?,
    };
    postgres::answered(migrate::check_prepared(&options)).await?;
    open(url).await
}

/// Returns `Newer` if a newer release has migrated the database, and `Rights` if the role of the address lacks some.
/// Reads only; a missing file is no error.
pub async fn check_compatibility(url: &SecretString) -> Result<()> {
    let url = url.expose_secret();
    let options = match location(url)? {
        Location::File(file) if !file.exists() => return Ok(()),
        Location::File(file) => sqlite::options(&file, "ro")?,
        Location::Server => return check_server(url).await,
    };
    migrate::check_compatibility(&options).await
}

/// Checks the rights of the role, too. Tables that are missing are made by `serve`.
async fn check_server(url: &str) -> Result<()> {
    let options = postgres::options(url)?;
    match postgres::check_tables(&options).await {
        Err(StoreError::Empty | StoreError::Older { .. }) => Ok(()),
        other => other,
    }
}

enum Location {
    File(PathBuf),
    Server,
}

fn location(url: &str) -> Result<Location> {
    sqlx::any::install_default_drivers();
    if let Some(file) = sqlite::file_of(url)? {
        Ok(Location::File(file))
    } else if is_postgres(url) {
        Ok(Location::Server)
    } else {
        Err(StoreError::Address("store.url must begin with sqlite:// or postgres://".to_owned()))
    }
}
