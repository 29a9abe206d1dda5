//! Settings that take effect without a restart: what is said of apps. The file is read again when it changes, and when
//! SIGHUP asks for it.

use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use tokio::sync::Notify;

use crate::{
    config::{Settings, Written},
    domain::clock::SystemEntropy,
    gangway::Gangway,
};

/// How often the file is looked at. What changed is taken once it has stayed the same from one look to the next: an editor
/// may be in the middle of it.
const EVERY: Duration = Duration::from_secs(1);
/// What takes effect at once.
const LIVE: &str = "connectors.";

/// Where the settings came from.
#[derive(Debug)]
pub struct Source {
    /// The file of `--config`.
    pub file: PathBuf,
    /// The variables over it, which stay as they were at the start.
    pub environment: Vec<(String, String)>,
    /// The settings as they were written then.
    pub written: Written,
}

/// Follows the file.
pub(crate) struct Reload {
    gangway: Arc<Gangway>,
    source: Source,
    /// The file's text at the last look.
    seen: Option<Vec<u8>>,
    /// The text that was last taken, or refused.
    judged: Option<Vec<u8>>,
    /// The settings that were last taken.
    taken: Option<Written>,
}

impl Reload {
    pub(crate) fn new(gangway: Arc<Gangway>, source: Source) -> Self {
        Self { gangway, source, seen: None, judged: None, taken: None }
    }

    /// Follows the file until the process ends; at once when `asked`.
    pub(crate) async fn run(mut self, asked: Arc<Notify>) {
        loop {
            let at_once = tokio::select! {
                () = tokio::time::sleep(EVERY) => false,
                () = asked.notified() => true,
            };
            // Files are read where nobody waits for it: they may be on a disk that hangs.
            let looked = tokio::task::spawn_blocking(move || {
                self.look(at_once);
                self
            });
            match looked.await {
                Ok(again) => self = again,
                Err(error) => return tracing::error!(%error, "the settings file is not followed any more"),
            }
        }
    }

    /// Looks at the file, and takes what is new in it.
    fn look(&mut self, at_once: bool) {
        // A file that is not there just now is perhaps being replaced, and is looked for again.
        let text = fs::read(&self.source.file).ok();
        let whole = at_once || (text.is_some() && text == self.seen);
        self.seen.clone_from(&text);
        if whole && (at_once || text != self.judged) {
            self.judged = text;
            self.take();
        }
    }

    fn take(&mut self) {
        let Source { file, environment, written } = &self.source;
        let read = Settings::load_written(Some(file), environment.iter().cloned());
        let judged = read.map_err(|error| error.to_string()).and_then(|(settings, now)| {
            settings.safe_to_serve(&SystemEntropy).map_err(|error| error.to_string())?;
            Ok((settings, now))
        });
        let (settings, now) = match judged {
            Ok(good) => good,
            Err(error) => {
                tracing::error!(%error, "the settings file is not taken; the settings stay as they were");
                return;
            }
        };
        let changed = self.taken.as_ref().unwrap_or(written).changes(&now);
        let (live, rest): (Vec<_>, Vec<_>) = changed.into_iter().partition(|name| name.starts_with(LIVE));
        if !live.is_empty() {
            tracing::info!(settings = live.join(", "), "settings changed and are taken");
            self.gangway.catalogue.follow(settings.connectors);
        }
        let since_start = written.changes(&now);
        let rest: Vec<_> = rest.into_iter().filter(|name| since_start.contains(name)).collect();
        if !rest.is_empty() {
            tracing::warn!(settings = rest.join(", "), "settings changed that take effect with a restart only");
        }
        self.taken = Some(now);
    }
}
