//! Reloads `connectors.*` without a restart, when the settings file changes and on SIGHUP.

use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use tokio::sync::Notify;

use crate::{
    catalogue::Catalogue,
    config::{RawSettings, Settings},
    domain::clock::SystemEntropy,
};

/// Read interval. A change is applied once two readings agree, because an editor may still be writing.
const INTERVAL: Duration = Duration::from_secs(1);
const LIVE: &str = "connectors.";

pub(crate) struct SettingsSource {
    pub(crate) file: PathBuf,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) raw: RawSettings,
}

pub(crate) struct Reload {
    catalogue: Arc<Catalogue>,
    source: SettingsSource,
    last_read: Option<Vec<u8>>,
    last_decided: Option<Vec<u8>>,
    applied: Option<RawSettings>,
}

impl Reload {
    pub(crate) fn new(catalogue: Arc<Catalogue>, source: SettingsSource) -> Self {
        Self { catalogue, source, last_read: None, last_decided: None, applied: None }
    }

    /// Follows the file until the process ends, and reads it at once when notified.
    pub(crate) async fn run(mut self, requested: Arc<Notify>) {
        loop {
            let at_once = tokio::select! {
                () = tokio::time::sleep(INTERVAL) => false,
                () = requested.notified() => true,
            };
            // The file may be on a disk that hangs.
            let read = tokio::task::spawn_blocking(move || {
                self.read(at_once);
                self
            });
            match read.await {
                Ok(again) => self = again,
                Err(error) => return tracing::error!(%error, "the settings file is not followed any more"),
            }
        }
    }

    fn read(&mut self, at_once: bool) {
        // A missing file is possibly being replaced; the next reading tries again.
        let text = fs::read(&self.source.file).ok();
        let is_stable = at_once || (text.is_some() && text == self.last_read);
        self.last_read.clone_from(&text);
        if is_stable && (at_once || text != self.last_decided) {
            self.last_decided = text;
            self.apply();
        }
    }

    fn apply(&mut self) {
        let SettingsSource { file, environment, raw: at_start } = &self.source;
        let loaded = Settings::load_with_raw(Some(file), environment.iter().cloned());
        let checked = loaded.map_err(|error| error.to_string()).and_then(|(settings, now)| {
            settings.safe_to_serve(&SystemEntropy).map_err(|error| error.to_string())?;
            Ok((settings, now))
        });
        let (settings, now) = match checked {
            Ok(good) => good,
            Err(error) => {
                tracing::error!(%error, "the settings file is not taken; the settings stay as they were");
                return;
            }
        };
        let changed = self.applied.as_ref().unwrap_or(at_start).changes(&now);
        let (live, rest): (Vec<_>, Vec<_>) = changed.into_iter().partition(|name| name.starts_with(LIVE));
        if !live.is_empty() {
            tracing::info!(settings = live.join(", "), "settings changed and are taken");
            self.catalogue.update_settings(settings.connectors);
        }
        let since_start = at_start.changes(&now);
        let rest: Vec<_> = rest.into_iter().filter(|name| since_start.contains(name)).collect();
        if !rest.is_empty() {
            tracing::warn!(settings = rest.join(", "), "settings changed that take effect with a restart only");
        }
        self.applied = Some(now);
    }
}
