//! `gangway backup`

use anyhow::{Context as _, bail};
use secrecy::ExposeSecret as _;

use super::{Backup, Terminal};
use crate::{
    config::Settings,
    store::{copy_file, file_of},
};

/// Copies the SQLite database, also of a running Gangway.
pub(crate) async fn run(arguments: &Backup, settings: &Settings, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    let Some(file) = file_of(settings.store.url.expose_secret()).context("store.url")? else {
        bail!("store.url is a PostgreSQL server: make its backups with its own tools, such as pg_dump");
    };
    if !file.exists() {
        bail!("store.url: there is no database at {}", file.display());
    }
    copy_file(&file, &arguments.to).await.context("the backup could not be made")?;
    let bytes = std::fs::metadata(&arguments.to).map_or(0, |metadata| metadata.len());
    terminal.say(&format!(
        "{} is a copy of {}, whole and checked ({bytes} bytes).",
        arguments.to.display(),
        file.display()
    ));
    Ok(())
}
