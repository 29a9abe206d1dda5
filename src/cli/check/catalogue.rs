//! Compares the apps of the settings with those of the Alloy account.

use futures_util::{StreamExt as _, stream};

use super::apps::{AUTH_CONFIG_PLACEHOLDER, list};
use crate::{
    alloy::probe::AlloyProbe,
    config::{Finding, Settings},
    domain::connector::ConnectorId,
};

/// Maximum number of calls at once.
const CONCURRENCY: usize = 4;
/// Minimum similarity (1 is equal) at which an id is taken for a misspelling.
const SIMILARITY: f64 = 0.7;

pub(crate) async fn check(settings: &Settings, probe: &AlloyProbe<'_>, known: &[String], found: &mut Vec<Finding>) {
    check_allowed(settings, known, found);
    check_tables(settings, known, found);
    check_auth_configs(settings, probe, known, found).await;
}

/// Without a catalogue, the tables of the settings replace it.
pub(crate) fn check_missing(settings: &Settings, found: &mut Vec<Finding>) {
    if settings.connectors.each.values().any(|table| table.enabled) {
        let meaning = "Alloy does not serve its list of apps, so that the apps with a table are offered";
        found.push(Finding::note("connectors", list(&tables(settings)), meaning));
    } else {
        let meaning = "Alloy does not serve its list of apps, and no app has a table: there is nothing to offer";
        found.push(Finding::error("connectors.slack.name", "not set", meaning).write("Slack"));
    }
}

fn tables(settings: &Settings) -> Vec<String> {
    settings.connectors.each.values().filter(|table| table.enabled).map(|table| table.id.clone()).collect()
}

fn in_catalogue<'a>(id: &str, known: &'a [String]) -> Option<&'a String> {
    known.iter().find(|other| other.eq_ignore_ascii_case(id))
}

fn nearest<'a>(id: &str, known: &'a [String]) -> Option<&'a String> {
    let similarity = |other: &str| strsim::jaro_winkler(&id.to_ascii_lowercase(), &other.to_ascii_lowercase());
    let best = known.iter().max_by(|one, other| similarity(one).total_cmp(&similarity(other)))?;
    (similarity(best) >= SIMILARITY).then_some(best)
}

fn check_allowed(settings: &Settings, known: &[String], found: &mut Vec<Finding>) {
    let allowed = &settings.connectors.allowed;
    let unknown: Vec<&String> = allowed.iter().filter(|id| in_catalogue(id, known).is_none()).collect();
    for id in &unknown {
        let meaning = match nearest(id, known) {
            Some(near) => format!("your Alloy account has no app {id}; did you mean {near}?"),
            None => format!("your Alloy account has no app {id}; it is not offered"),
        };
        let mut right: Vec<&String> = Vec::new();
        for id in allowed.iter().filter_map(|id| in_catalogue(id, known).map(|_| id).or_else(|| nearest(id, known))) {
            if !right.contains(&id) {
                right.push(id);
            }
        }
        let right: Vec<String> = right.into_iter().cloned().collect();
        found.push(Finding::error("connectors.allowed", list(allowed), meaning).write(right));
    }
}

fn check_tables(settings: &Settings, known: &[String], found: &mut Vec<Finding>) {
    for id in tables(settings).iter().filter(|id| in_catalogue(id, known).is_none()) {
        let finding = |meaning: String| Finding::error(format!("connectors.{id}"), "a table", meaning);
        found.push(match nearest(id, known) {
            Some(near) => finding(format!("your Alloy account has no app {id}; did you mean {near}?")).heading(near),
            None => finding(format!("your Alloy account has no app {id}; its table is never used")),
        });
    }
}

/// Only for apps that the settings name: an account has hundreds.
async fn check_auth_configs(settings: &Settings, probe: &AlloyProbe<'_>, known: &[String], found: &mut Vec<Finding>) {
    let connectors = &settings.connectors;
    let mut named: Vec<&String> = connectors.allowed.iter().filter_map(|id| in_catalogue(id, known)).collect();
    for id in tables(settings) {
        named.extend(in_catalogue(&id, known).filter(|_| connectors.allowed.is_empty()));
    }
    let without = named
        .into_iter()
        .filter_map(|id| ConnectorId::parse(id.as_str()).ok())
        .filter(|id| connectors.of(id).is_none_or(|table| table.enabled && table.auth_config_id.is_none()));
    let mut required = stream::iter(without)
        .map(|id| async move { probe.requires_auth_config(&id).await.then_some(id) })
        .buffered(CONCURRENCY);
    while let Some(id) = required.next().await {
        if let Some(id) = id {
            let meaning =
                "this app needs your own OAuth app: make an auth config in Alloy's dashboard, and write its id here";
            let setting = format!("connectors.{id}.auth_config_id");
            found.push(Finding::error(setting, "not set", meaning).write(AUTH_CONFIG_PLACEHOLDER));
        }
    }
}
