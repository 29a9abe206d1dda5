//! One process for each SQLite file: two would each count limits, answer long polls and run jobs, and wait for each other.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use secrecy::{ExposeSecret as _, SecretString};

use super::{Result, StoreError, sqlite};

/// Locks the file of the address until the returned one is dropped or the process ends, however it ends. Another
/// process that has it is an error. Returns `None` for another database. The lock is a file beside the database:
/// closing the database itself a second time would release SQLite's own locks.
pub fn lock(url: &SecretString) -> Result<Option<File>> {
    let Some(database) = sqlite::file_of(url.expose_secret())? else { return Ok(None) };
    // A link to the file is the same file.
    let database = database.canonicalize().unwrap_or(database);
    let mut beside = database.clone().into_os_string();
    beside.push("-lock");
    let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&beside);
    // Opening the database itself reports what is wrong with the place.
    let Ok(mut file) = opened else { return Ok(None) };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(in_use(&database, &mut file)),
        Err(TryLockError::Error(error)) => {
            tracing::warn!(%error, "the file system cannot lock: make sure that no other Gangway uses this database");
            return Ok(None);
        }
    }
    // Only a help for people: a full disk is no reason not to start.
    let named = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| write!(file, "{}", std::process::id()));
    named.ok();
    Ok(Some(file))
}

fn in_use(database: &Path, file: &mut File) -> StoreError {
    let mut process = String::new();
    file.take(20).read_to_string(&mut process).ok();
    let process = process.parse::<u32>().map_or_else(|_| String::new(), |process| format!(" (process {process})"));
    StoreError::Address(format!(
        "{} is in use by another Gangway{process}. SQLite is for one process: stop that one first, or use PostgreSQL",
        database.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_to_a_file_in_use_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let (file, link) = (place.path().join("gangway.db"), place.path().join("link.db"));
        std::fs::write(&file, "").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let url = |path: &Path| SecretString::from(format!("sqlite://{}", path.display()));
        let held = lock(&url(&file)).unwrap();
        assert!(held.is_some());
        assert!(lock(&url(&link)).unwrap_err().to_string().contains("in use by another Gangway"));
        drop(held);
        assert!(lock(&url(&link)).unwrap().is_some());
    }
}
