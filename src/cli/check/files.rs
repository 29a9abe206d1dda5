//! Checks files: the database, the logo, phrases, and the settings file.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use secrecy::ExposeSecret as _;
use url::Url;

use crate::{
    config::{Brand, Finding, Settings, redact},
    server,
    store::{Transport, file_of},
};

/// Maximum size of the logo, in bytes: every page loads it.
const MAX_LOGO: u64 = 256 * 1024;

pub(crate) fn check(settings: &Settings, config: Option<&Path>, found: &mut Vec<Finding>) {
    store(settings, found);
    if let Some(logo) = &settings.brand.logo {
        found.extend(check_logo(logo));
    }
    phrases(&settings.brand, found);
    if let Some(config) = config {
        found.extend(check_permissions(config));
    }
}

fn phrases(brand: &Brand, found: &mut Vec<Finding>) {
    let Err(error) = server::languages(brand) else { return };
    let (setting, current) = match &brand.phrases {
        None => ("brand.languages", brand.languages.join(", ")),
        Some(folder) => ("brand.phrases", folder.display().to_string()),
    };
    let meaning: Vec<String> = error.chain().skip(1).map(ToString::to_string).collect();
    found.push(Finding::error(setting, current, meaning.join(": ")));
}

fn store(settings: &Settings, found: &mut Vec<Finding>) {
    let url = settings.store.url.expose_secret();
    let current = redact::text(url);
    let path = match file_of(url) {
        Ok(Some(path)) => path,
        Ok(None) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            found.push(transport(url));
            return;
        }
        Ok(None) => {
            let meaning = "a database is sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME";
            let current = redact::secret(&settings.store.url);
            found.push(Finding::error("store.url", current, meaning).write("sqlite://gangway.db"));
            return;
        }
        Err(_) => {
            let meaning = "it must name a file, without parameters; what is only in memory is lost with every restart";
            found.push(Finding::error("store.url", current, meaning).write("sqlite://gangway.db"));
            return;
        }
    };
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !directory.is_dir() {
        let meaning = format!("there is no directory {}", directory.display());
        found.push(Finding::error("store.url", current, meaning).run(format!("mkdir -p {}", quoted(directory))));
    } else if let Some(reason) = unwritable(&path, directory) {
        let meaning = format!("nothing can be written there ({reason})");
        found.push(
            Finding::error("store.url", current, meaning).run(format!("chown \"$(id -u)\" {}", quoted(directory))),
        );
    }
}

/// Names the `sslmode` in force.
fn transport(url: &str) -> Finding {
    let current = redact::text(url);
    let transport = match Transport::of(url) {
        Ok(Some(transport)) => transport,
        Ok(None) => return Finding::error("store.url", current, "it is no address of PostgreSQL"),
        Err(error) => return Finding::error("store.url", current, error.to_string()).write(verified(url)),
    };
    let Transport { mode, is_local, is_named } = transport;
    if is_local {
        let meaning = format!("sslmode {mode} is in force; the connection stays on this machine");
        return Finding::note("store.url", current, meaning);
    }
    if transport.verifies() {
        let origin = if is_named { "" } else { ", the default beyond this machine" };
        let meaning = format!("sslmode {mode} is in force{origin}: the server's certificate is verified");
        return Finding::note("store.url", current, meaning);
    }
    let meaning = if mode == "disable" {
        "sslmode disable is in force: anyone between here and there reads the password and all data"
    } else {
        "sslmode require is in force: the certificate is not verified, so another server can pose as the database"
    };
    Finding::warning("store.url", current, meaning).write(verified(url))
}

/// The same address with `sslmode=verify-full`, without its user and password.
fn verified(url: &str) -> String {
    let fallback = "postgres://USER:PASSWORD@HOST/NAME?sslmode=verify-full".to_owned();
    if redact::may_show_password(url) {
        return fallback;
    }
    let Ok(url) = Url::parse(url) else { return fallback };
    let Some(host) = url.host_str().filter(|host| !host.is_empty()) else { return fallback };
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    format!("postgres://USER:PASSWORD@{host}{port}{}?sslmode=verify-full", url.path())
}

/// The reason why the file cannot be written or created. SQLite also creates files beside it.
fn unwritable(path: &Path, directory: &Path) -> Option<String> {
    if path.exists()
        && let Err(error) = fs::OpenOptions::new().append(true).open(path)
    {
        return Some(error.to_string());
    }
    static PROBES: AtomicU32 = AtomicU32::new(0);
    let number = PROBES.fetch_add(1, Ordering::Relaxed);
    let probe = directory.join(format!(".gangway-check-{}-{number}", std::process::id()));
    let created = fs::OpenOptions::new().write(true).create_new(true).open(&probe);
    let removed = created.and_then(|_| fs::remove_file(&probe));
    removed.err().map(|error| error.to_string())
}

fn check_logo(logo: &Path) -> Option<Finding> {
    let extension = logo.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    let meaning = match fs::metadata(logo) {
        Err(error) => format!("this file cannot be read ({error})"),
        Ok(metadata) if !metadata.is_file() => "this is no file".to_owned(),
        Ok(_) if !matches!(extension.as_deref(), Some("svg" | "png")) => "a logo is an SVG or a PNG file".to_owned(),
        Ok(metadata) if metadata.len() > MAX_LOGO => {
            format!("{} bytes are much for every page; 256 KiB are the most", metadata.len())
        }
        Ok(_) => return None,
    };
    Some(Finding::error("brand.logo", format!("{:?}", logo.display().to_string()), meaning).write(""))
}

fn check_permissions(config: &Path) -> Option<Finding> {
    let metadata = fs::metadata(config).ok()?;
    let mode = metadata.permissions().mode() & 0o777;
    let narrower = narrower_mode(metadata.uid(), metadata.gid(), mode)?;
    let meaning = "other users of this machine can read the secrets in it";
    let current = format!("{} with mode {mode:04o}", config.display());
    Some(Finding::warning("--config", current, meaning).run(format!("chmod {narrower:o} {}", quoted(config))))
}

/// The mode to set where users other than the intended ones have access. A file of root's may be readable by a group: by that
/// of the service, as the Debian package installs it.
pub(super) fn narrower_mode(owner: u32, group: u32, mode: u32) -> Option<u32> {
    let intended = if owner == 0 && group != 0 { 0o640 } else { 0o600 };
    (mode & 0o077 & !intended != 0).then_some(intended)
}

/// The path, quoted for a shell.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte));
    if plain { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
