//! The place of a SQLite file that `store.url` names without a leading `/`: beside the settings file, for every command
//! and in every directory. Without a settings file it is in the working directory.

use std::path::{Path, absolute as absolute_path};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use secrecy::{ExposeSecret as _, SecretString};

/// What would end or change the path in an address.
const PATH: &AsciiSet = &CONTROLS.add(b'%').add(b'?').add(b'#');

pub(super) fn absolute(url: &SecretString, settings_file: Option<&Path>) -> SecretString {
    let unchanged = || url.clone();
    let Some(rest) = url.expose_secret().strip_prefix("sqlite:") else { return unchanged() };
    let name = rest.strip_prefix("//").unwrap_or(rest);
    let is_file = !name.is_empty() && !name.starts_with(['/', '?', ':']);
    let folder = match settings_file.map(absolute_path) {
        Some(file) => file.ok().and_then(|file| file.parent().map(Path::to_path_buf)),
        None => absolute_path(".").ok(),
    };
    let (true, Some(folder)) = (is_file, folder) else { return unchanged() };
    let name = name.strip_prefix("./").unwrap_or(name);
    let folder = folder.display().to_string();
    format!("sqlite://{}/{name}", utf8_percent_encode(folder.trim_end_matches('/'), PATH)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_files_are_beside_the_settings_file() {
        let of = |url: &str, file: Option<&str>| absolute(&url.into(), file.map(Path::new)).expose_secret().to_owned();
        let here = std::env::current_dir().unwrap().display().to_string();
        for (url, file, expected) in [
            ("sqlite://gangway.db", Some("/etc/acme/gangway.toml"), "sqlite:///etc/acme/gangway.db"),
            ("sqlite:gangway.db", Some("/gangway.toml"), "sqlite:///gangway.db"),
            ("sqlite://./data/g.db?mode=rwc", Some("/etc/a.toml"), "sqlite:///etc/data/g.db?mode=rwc"),
            ("sqlite://g.db", Some("/a b?%/c.toml"), "sqlite:///a b%3F%25/g.db"),
            ("sqlite:///data/g.db", Some("/etc/a.toml"), "sqlite:///data/g.db"),
            ("sqlite::memory:", Some("/etc/a.toml"), "sqlite::memory:"),
            ("sqlite://", Some("/etc/a.toml"), "sqlite://"),
            ("postgres://db/gangway", Some("/etc/a.toml"), "postgres://db/gangway"),
        ] {
            assert_eq!(of(url, file), expected, "{url}");
        }
        assert_eq!(of("sqlite://g.db", Some("gangway.toml")), format!("sqlite://{here}/g.db"));
        assert_eq!(of("sqlite://g.db", None), format!("sqlite://{here}/g.db"));
    }
}
