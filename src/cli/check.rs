//! `gangway check`: what is wrong with the settings, and the exact line to write.

mod alloy;
mod apps;
mod catalogue;
pub(crate) mod contact;
mod files;
mod host;
pub(crate) mod moved_store;
mod network;
mod report;
mod server;
mod tables;
mod times;
mod upstream;

use std::path::Path;

use secrecy::ExposeSecret as _;

use super::{Check, Terminal};
use crate::{
    config::{Finding, InvalidSetting, Settings, SettingsError, Severity, safety},
    domain::clock::{Clock, Entropy},
    runtime::net::proxy_variables,
    store::file_of,
};

use moved_store::MovedStore;
pub(crate) use report::{Outcome, report};

/// Reports the findings. Settings that cannot be read are reported alone.
pub(crate) async fn run(
    arguments: &Check,
    environment: impl Iterator<Item = (String, String)>,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    terminal: &mut Terminal<'_>,
) -> anyhow::Result<Outcome> {
    let environment: Vec<_> = environment.collect();
    if arguments.probe || arguments.link.is_some() {
        let settings = Settings::load(arguments.config.as_deref(), environment.into_iter())?;
        return contact::run(arguments, &settings, entropy, terminal).await;
    }
    let findings = match Settings::load_with_raw(arguments.config.as_deref(), environment.iter().cloned()) {
        Ok((settings, raw)) => {
            let mut found = all(&settings, arguments, clock, entropy).await;
            if let Some(moved) = MovedStore::find(&settings, &raw)? {
                moved.report(&settings, &mut found);
            }
            found.extend(proxy_variables(&environment).into_iter().map(unused_proxy));
            found
        }
        Err(SettingsError::Invalid(invalid)) => invalid.iter().map(InvalidSetting::finding).collect(),
        Err(error) => return Err(error.into()),
    };
    let mut text = Vec::new();
    let outcome = report(&findings, &mut text)?;
    terminal.say(String::from_utf8_lossy(&text).trim_end());
    Ok(outcome)
}

async fn all(settings: &Settings, arguments: &Check, clock: &dyn Clock, entropy: &dyn Entropy) -> Vec<Finding> {
    let mut found = offline(settings, arguments.config.as_deref(), entropy);
    if !arguments.offline {
        found.extend(online(settings, clock).await);
    }
    // An unreachable database is reported already, and a remote one is not called with --offline.
    let unreachable = found.iter().any(|one| one.setting == "store.url" && one.severity == Severity::Error);
    let is_file = || matches!(file_of(settings.store.url.expose_secret()), Ok(Some(_)));
    if !unreachable && (!arguments.offline || is_file()) {
        found.extend(tables::check(settings).await);
    }
    found
}

/// Its value may hold a password.
fn unused_proxy(variable: &str) -> Finding {
    let meaning = "no call uses it: Gangway connects directly to Alloy, to webhook.url, to host.token_jwks_url and for icons, \
                   so those hosts have to be reachable without this proxy";
    Finding::warning(variable, "set", meaning)
}

/// Checks the settings and this machine only. `config` is the file that the settings come from.
pub(super) fn offline(settings: &Settings, config: Option<&Path>, entropy: &dyn Entropy) -> Vec<Finding> {
    let mut found = safety::check(settings, entropy);
    alloy::check(&settings.alloy, &mut found);
    server::check(settings, &mut found);
    host::check(settings, &mut found);
    times::check(settings, &mut found);
    apps::check(&settings.connectors, &mut found);
    files::check(settings, config, &mut found);
    found
}

/// Calls Alloy, the database's host, the receiver and `server.public_url`, and changes nothing there.
async fn online(settings: &Settings, clock: &dyn Clock) -> Vec<Finding> {
    let mut found = Vec::new();
    upstream::check(settings, clock, &mut found).await;
    network::check(settings, &mut found).await;
    found
}

#[cfg(test)]
mod tests;
