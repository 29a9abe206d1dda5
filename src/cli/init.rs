//! `gangway init`: a settings file with fresh keys.

use std::{fs, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path};

use anyhow::Context as _;

use super::{Init, Terminal};
use crate::{
    config::safety::{ALLOY_KEY_PLACEHOLDER, fresh_host_key, fresh_session_key, fresh_webhook_secret},
    domain::clock::Entropy,
    web::routes,
};

/// Writes the file, readable by its owner only, and prints the next steps. An existing file is an error.
pub(crate) fn run(arguments: &Init, entropy: &dyn Entropy, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    let host_key = fresh_host_key(entropy);
    let file = &arguments.out;
    write_new(file, &contents(&host_key, &fresh_session_key(entropy), &fresh_webhook_secret(entropy)))?;
    terminal.say(next_steps(file, &host_key).trim_end());
    Ok(())
}

fn write_new(file: &Path, text: &str) -> anyhow::Result<()> {
    let mut new = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).with_context(|| {
        if file.exists() {
            format!("{} is there already and stays as it is; name another file with --out", file.display())
        } else {
            format!("{} cannot be made", file.display())
        }
    })?;
    new.write_all(text.as_bytes()).with_context(|| format!("{} could not be written", file.display()))
}

/// The settings that differ from the defaults, or soon will.
fn contents(host_key: &str, session_key: &str, webhook_secret: &str) -> String {
    format!(
        include_str!("init/settings.toml"),
        alloy_key = ALLOY_KEY_PLACEHOLDER,
        session_key = session_key,
        host_key = host_key,
        webhook_secret = webhook_secret,
    )
}

fn next_steps(file: &Path, host_key: &str) -> String {
    format!(
        include_str!("init/next_steps.txt"),
        file = file.display(),
        alloy_key = ALLOY_KEY_PLACEHOLDER,
        host_key = host_key,
        sessions = routes::api::CONNECT_SESSIONS,
        complete = routes::api::COMPLETE,
    )
}
