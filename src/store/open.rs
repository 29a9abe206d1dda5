//! From `store.url` to a store that is ready.

use std::{path::PathBuf, sync::Arc};

use secrecy::{ExposeSecret as _, SecretString};

use super::{Store, StoreError, Stored, migrate, postgres, sqlite, transport::is_postgres};

/// Opens the store that `store.url` names, and brings its tables to what this program needs. Any number of processes
/// may do so at once.
///
/// # Errors
/// When the address is none of ours or not safe, or the database cannot be opened or prepared. No message repeats the address,
/// which may hold a password.
pub async fn open(url: &SecretString) -> Stored<Arc<dyn Store>> {
    let url = url.expose_secret();
    Ok(Arc::new(match place(url)? {
        Place::File(file) => sqlite::open(&file).await?,
        Place::Server => postgres::open(url).await?,
    }))
}

/// Opens the store for whoever only looks: nothing is made, and its tables have to be those of this program.
///
/// # Errors
/// As [`open`]; when there is no database, or an earlier release has prepared it.
pub async fn open_existing(url: &SecretString) -> Stored<Arc<dyn Store>> {
    let address = url.expose_secret();
    let options = match place(address)? {
        Place::File(file) if !file.exists() => {
            return Err(StoreError::Address(format!("there is no database at {}", file.display())));
        }
        Place::File(file) => sqlite::options(&file, "ro")?,
        Place::Server => postgres::options(address)?,
    };
    migrate::is_prepared(&options).await?;
    open(url).await
}

/// Looks whether this program can work on what is there: nothing is made or changed. A file that is not there yet will do.
///
/// # Errors
/// `Newer` when a newer release has prepared the database; what stands in the way of looking.
pub async fn judge(url: &SecretString) -> Stored<()> {
    let url = url.expose_secret();
    let options = match place(url)? {
        Place::File(file) if !file.exists() => return Ok(()),
        Place::File(file) => sqlite::options(&file, "ro")?,
        Place::Server => postgres::options(url)?,
    };
    migrate::judge(&options).await
}

/// Where a database is.
enum Place {
    /// SQLite's, in a file.
    File(PathBuf),
    /// PostgreSQL's.
    Server,
}

fn place(url: &str) -> Stored<Place> {
    sqlx::any::install_default_drivers();
    if let Some(file) = sqlite::file_of(url)? {
        Ok(Place::File(file))
    } else if is_postgres(url) {
        Ok(Place::Server)
    } else {
        Err(StoreError::Address("store.url must begin with sqlite:// or postgres://".to_owned()))
    }
}
