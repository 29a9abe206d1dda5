//! Files: the database's, the logo, and the settings' own.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
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

/// What people wait for on every page.
const LARGEST_LOGO: u64 = 256 * 1024;

pub(crate) fn judge(settings: &Settings, config: Option<&Path>, found: &mut Vec<Finding>) {
    store(settings, found);
    if let Some(logo) = &settings.brand.logo {
        found.extend(judge_logo(logo));
    }
    phrases(&settings.brand, found);
    if let Some(config) = config {
        found.extend(judge_permissions(config));
    }
}

/// The host's own phrases, and the languages that it wants.
fn phrases(brand: &Brand, found: &mut Vec<Finding>) {
    let Err(error) = server::languages(brand) else { return };
    let (setting, seen) = match &brand.phrases {
        None => ("brand.languages", brand.languages.join(", ")),
        Some(folder) => ("brand.phrases", folder.display().to_string()),
    };
    let meaning: Vec<String> = error.chain().skip(1).map(ToString::to_string).collect();
    found.push(Finding::error(setting, seen, meaning.join(": ")));
}

fn store(settings: &Settings, found: &mut Vec<Finding>) {
    let url = settings.store.url.expose_secret();
    let seen = redact::text(url);
    let path = match file_of(url) {
        Ok(Some(path)) => path,
        Ok(None) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            found.push(transport(url));
            return;
        }
        Ok(None) => {
            let meaning = "a database is sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME";
            let seen = redact::secret(&settings.store.url);
            found.push(Finding::error("store.url", seen, meaning).write("sqlite://gangway.db"));
            return;
        }
        Err(_) => {
            let meaning = "it must name a file, without parameters; what is only in memory is lost with every restart";
            found.push(Finding::error("store.url", seen, meaning).write("sqlite://gangway.db"));
            return;
        }
    };
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !directory.is_dir() {
        let meaning = format!("there is no directory {}", directory.display());
        found.push(Finding::error("store.url", seen, meaning).run(format!("mkdir -p {}", quoted(directory))));
    } else if let Some(reason) = unwritable(&path, directory) {
        let meaning = format!("nothing can be written there ({reason})");
        found.push(Finding::error("store.url", seen, meaning).run(format!("chown \"$(id -u)\" {}", quoted(directory))));
    }
}

/// The `sslmode` in force, and what is wrong with it.
fn transport(url: &str) -> Finding {
    let seen = redact::text(url);
    let transport = match Transport::of(url) {
        Ok(Some(transport)) => transport,
        Ok(None) => return Finding::error("store.url", seen, "it is no address of PostgreSQL"),
        Err(error) => return Finding::error("store.url", seen, error.to_string()).write(verified(url)),
    };
    let Transport { mode, is_local, is_named } = transport;
    if is_local {
        let meaning = format!("sslmode {mode} is in force; the connection stays on this machine");
        return Finding::note("store.url", seen, meaning);
    }
    if transport.verifies() {
        let origin = if is_named { "" } else { ", the default beyond this machine" };
        let meaning = format!("sslmode {mode} is in force{origin}: the server's certificate is verified");
        return Finding::note("store.url", seen, meaning);
    }
    let meaning = if mode == "disable" {
        "sslmode disable is in force: whoever is between here and there reads the password and all data"
    } else {
        "sslmode require is in force: the certificate is not verified, so another server can pose as the database"
    };
    Finding::warning("store.url", seen, meaning).write(verified(url))
}

/// The same address with `sslmode=verify-full`, without its user and password.
fn verified(url: &str) -> String {
    let fallback = "postgres://USER:PASSWORD@HOST/NAME?sslmode=verify-full".to_owned();
    let Ok(url) = Url::parse(url) else { return fallback };
    let Some(host) = url.host_str().filter(|host| !host.is_empty()) else { return fallback };
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    format!("postgres://USER:PASSWORD@{host}{port}{}?sslmode=verify-full", url.path())
}

/// Why the file cannot be written, or made, if so. SQLite also makes files beside it.
fn unwritable(path: &Path, directory: &Path) -> Option<String> {
    if path.exists()
        && let Err(error) = fs::OpenOptions::new().append(true).open(path)
    {
        return Some(error.to_string());
    }
    static PROBES: AtomicU32 = AtomicU32::new(0);
    let number = PROBES.fetch_add(1, Ordering::Relaxed);
    let probe = directory.join(format!(".gangway-check-{}-{number}", std::process::id()));
    let made = fs::OpenOptions::new().write(true).create_new(true).open(&probe);
    let removed = made.and_then(|_| fs::remove_file(&probe));
    removed.err().map(|error| error.to_string())
}

fn judge_logo(logo: &Path) -> Option<Finding> {
    let extension = logo.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    let meaning = match fs::metadata(logo) {
        Err(error) => format!("this file cannot be read ({error})"),
        Ok(metadata) if !metadata.is_file() => "this is no file".to_owned(),
        Ok(_) if !matches!(extension.as_deref(), Some("svg" | "png")) => "a logo is an SVG or a PNG file".to_owned(),
        Ok(metadata) if metadata.len() > LARGEST_LOGO => {
            format!("{} bytes are much for every page; 256 KiB are the most", metadata.len())
        }
        Ok(_) => return None,
    };
    Some(Finding::error("brand.logo", format!("{:?}", logo.display().to_string()), meaning).write(""))
}

fn judge_permissions(config: &Path) -> Option<Finding> {
    let mode = fs::metadata(config).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then(|| {
        let meaning = "other users of this machine can read the secrets in it";
        let seen = format!("{} with mode {mode:04o}", config.display());
        Finding::warning("--config", seen, meaning).run(format!("chmod 600 {}", quoted(config)))
    })
}

/// The path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte));
    if plain { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
