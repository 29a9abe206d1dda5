//! A database that an earlier release made in its working directory.

use std::{
    fmt::{self, Display, Formatter},
    io,
    path::{PathBuf, absolute},
};

use secrecy::ExposeSecret as _;

use crate::{
    config::{Finding, RawSettings, Settings, redact},
    store::file_of,
};

/// A relative `store.url` was once relative to the working directory: an empty database must not be made in place of one
/// that is there.
pub(crate) struct MovedStore {
    meant: PathBuf,
    there: PathBuf,
}

impl MovedStore {
    pub(crate) fn find(settings: &Settings, raw: &RawSettings) -> io::Result<Option<Self>> {
        let given = raw.0.pointer("/store/url").and_then(|url| url.as_str()).and_then(|url| file(url.trim()));
        let (Some(given), Some(meant)) = (given, file(settings.store.url.expose_secret())) else { return Ok(None) };
        if given.is_absolute() || meant.exists() || !given.exists() {
            return Ok(None);
        }
        Ok(Some(Self { meant, there: absolute(&given)? }))
    }

    /// The address with which it is found.
    pub(crate) fn url(&self) -> String {
        format!("sqlite://{}", self.there.display())
    }

    /// Takes the place of all other findings about the file that is meant.
    pub(super) fn report(&self, settings: &Settings, found: &mut Vec<Finding>) {
        found.retain(|one| one.setting != "store.url");
        let current = redact::text(settings.store.url.expose_secret());
        found.push(Finding::error("store.url", current, self.to_string()).write(self.url()));
    }
}

impl Display for MovedStore {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "it is relative to the settings file, so it is {}, which does not exist; and there is a database at {} in the \
             working directory",
            self.meant.display(),
            self.there.display()
        )
    }
}

fn file(url: &str) -> Option<PathBuf> {
    file_of(url).ok().flatten()
}
