//! `gangway check --probe` and `--link`: the first contact with a real account, and a report without secrets.

mod deletion;
mod link;
mod listener;
mod probe;
mod report;
mod seen;
mod throw_away;

use std::sync::Arc;

use super::report::Outcome;
use crate::{
    alloy::{AlloyClient, ApiAccess, LinkRules, Timeouts},
    cli::{Check, Terminal, terminal},
    config::{Settings, redact},
    domain::clock::{Entropy, SystemEntropy},
};
use report::Report;

/// Runs what the arguments name. Errors are those of the settings and of the listener.
pub(super) async fn run(
    arguments: &Check,
    settings: &Settings,
    entropy: &dyn Entropy,
    terminal: &mut Terminal<'_>,
) -> anyhow::Result<Outcome> {
    let place = redact::url(&settings.alloy.base_url);
    let question = match &arguments.link {
        Some(app) => format!(
            "This makes a user at {place}, prints a link with which you connect an account of yours at {app}, and then \
             deletes that connection and the user. Go on? [y/N] "
        ),
        None => format!(
            "This makes a user at {place}, reads the apps and what each asks for, lists the user's connections (there are \
             none), and deletes the user. It writes nothing else. Go on? [y/N] "
        ),
    };
    if !arguments.yes && !terminal::confirm(terminal, &question) {
        terminal.complain("Nothing was done. `--yes` goes on without asking.");
        return Ok(Outcome::Unfit);
    }
    let mut report = Report::new(settings);
    let outcome = match &arguments.link {
        Some(app) => link::run(arguments, app, settings, entropy, terminal, &mut report).await?,
        None => probe::run(settings, entropy, terminal, &mut report).await?,
    };
    terminal.say(report.text().trim_end());
    Ok(outcome)
}

/// A client of its own for each stage: the breaker of one must not stop the clean-up.
fn client(settings: &Settings) -> anyhow::Result<AlloyClient> {
    let alloy = &settings.alloy;
    let links = LinkRules::new(&alloy.allowed_hosts, &settings.server.public_url, alloy.base_url.scheme() == "http");
    let access = ApiAccess {
        base_url: alloy.base_url.clone(),
        api_key: alloy.api_key.clone(),
        api_version: alloy.api_version.clone(),
    };
    Ok(AlloyClient::new(&access, links, Timeouts::default(), Arc::new(SystemEntropy))?)
}
