//! From `store.url` to a store that is ready.

use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};

use super::{Store, StoreError, Stored, postgres, sqlite};

/// Opens the store that `store.url` names, and brings its tables to what this program needs. Any number of processes
/// may do so at once.
///
/// # Errors
/// When the address is none of ours, or the database cannot be opened or prepared. No message repeats the address,
/// which may hold a password.
pub async fn open(url: &SecretString) -> Stored<Arc<dyn Store>> {
    sqlx::any::install_default_drivers();
    let url = url.expose_secret();
    let database = if let Some(file) = sqlite::file_of(url)? {
        sqlite::open(&file).await?
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        postgres::open(url).await?
    } else {
        return Err(StoreError::Address("store.url must begin with sqlite:// or postgres://".to_owned()));
    };
    Ok(Arc::new(database))
}
