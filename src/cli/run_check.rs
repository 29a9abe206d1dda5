//! `gangway check`

use secrecy::ExposeSecret as _;

use crate::{
    cli::check::{self, Outcome},
    config::{BadSetting, Finding, Settings, SettingsError, Severity},
    domain::clock::{Clock, Entropy},
    store::file_of,
};

use super::{Check, Terminal};

/// Says what is wrong. Settings that cannot even be read are all that is told then.
///
/// # Errors
/// When the settings file cannot be read.
pub async fn run(
    asked: &Check,
    environment: impl Iterator<Item = (String, String)>,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    terminal: &mut Terminal<'_>,
) -> anyhow::Result<Outcome> {
    let findings = match Settings::load(asked.config.as_deref(), environment) {
        Ok(settings) => judge(&settings, asked, clock, entropy).await,
        Err(SettingsError::Bad(bad)) => bad.iter().map(BadSetting::finding).collect(),
        Err(error) => return Err(error.into()),
    };
    let mut text = Vec::new();
    let outcome = check::report(&findings, &mut text)?;
    terminal.say(String::from_utf8_lossy(&text).trim_end());
    Ok(outcome)
}

async fn judge(settings: &Settings, asked: &Check, clock: &dyn Clock, entropy: &dyn Entropy) -> Vec<Finding> {
    let mut findings = check::offline(settings, asked.config.as_deref(), entropy);
    if !asked.offline {
        findings.extend(check::online(settings, clock).await);
    }
    // What cannot be reached was told, and a database elsewhere is not asked for without leave.
    let told = findings.iter().any(|finding| finding.setting == "store.url" && finding.severity == Severity::Error);
    let here = || matches!(file_of(settings.store.url.expose_secret()), Ok(Some(_)));
    if !told && (!asked.offline || here()) {
        findings.extend(check::stored(settings).await);
    }
    findings
}
