//! The apps of the settings beside the apps of the Alloy account.

use futures_util::{StreamExt as _, stream};
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::{
    apps::{AUTH_CONFIG_PLACEHOLDER, list},
    upstream::{Asked, stranger},
};
use crate::{
    config::{Finding, Settings},
    domain::connector::ConnectorId,
};

/// How many calls at once.
const AT_ONCE: usize = 4;
/// Two ids this much alike (1 is the same) are taken for a slip of the pen.
const ALIKE: f64 = 0.7;

#[derive(Deserialize)]
struct Metadata {
    metadata: Vec<Kind>,
}

/// One way of signing in to an app.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kind {
    #[serde(default)]
    auth_config_required: bool,
}

/// Compares with the catalogue that Alloy sent.
pub(crate) async fn judge(asked: &Asked<'_>, body: &[u8], found: &mut Vec<Finding>) {
    let Some(known) = ids(body) else {
        found.push(stranger(asked.settings));
        return;
    };
    judge_allowed(asked.settings, &known, found);
    judge_tables(asked.settings, &known, found);
    judge_auth_configs(asked, &known, found).await;
}

/// Without a catalogue the tables of the settings stand in for it.
pub(crate) fn judge_missing(settings: &Settings, found: &mut Vec<Finding>) {
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

fn ids(body: &[u8]) -> Option<Vec<String>> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let entries = answer.get("connectors")?.as_array()?;
    Some(entries.iter().filter_map(|entry| Some(entry.get("id")?.as_str()?.to_owned())).collect())
}

fn in_catalogue<'a>(id: &str, known: &'a [String]) -> Option<&'a String> {
    known.iter().find(|other| other.eq_ignore_ascii_case(id))
}

/// The id that was probably meant.
fn nearest<'a>(id: &str, known: &'a [String]) -> Option<&'a String> {
    let likeness = |other: &str| strsim::jaro_winkler(&id.to_ascii_lowercase(), &other.to_ascii_lowercase());
    let best = known.iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other)))?;
    (likeness(best) >= ALIKE).then_some(best)
}

fn judge_allowed(settings: &Settings, known: &[String], found: &mut Vec<Finding>) {
    let allowed = &settings.connectors.allowed;
    let strangers: Vec<&String> = allowed.iter().filter(|id| in_catalogue(id, known).is_none()).collect();
    for stranger in &strangers {
        let meaning = match nearest(stranger, known) {
            Some(near) => format!("your Alloy account has no app {stranger}; did you mean {near}?"),
            None => format!("your Alloy account has no app {stranger}; it is not offered"),
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

fn judge_tables(settings: &Settings, known: &[String], found: &mut Vec<Finding>) {
    for id in tables(settings).iter().filter(|id| in_catalogue(id, known).is_none()) {
        let finding = |meaning: String| Finding::error(format!("connectors.{id}"), "a table", meaning);
        found.push(match nearest(id, known) {
            Some(near) => finding(format!("your Alloy account has no app {id}; did you mean {near}?")).head(near),
            None => finding(format!("your Alloy account has no app {id}; its table is never used")),
        });
    }
}

/// Only of apps that the settings name: an account has hundreds.
async fn judge_auth_configs(asked: &Asked<'_>, known: &[String], found: &mut Vec<Finding>) {
    let connectors = &asked.settings.connectors;
    let mut named: Vec<&String> = connectors.allowed.iter().filter_map(|id| in_catalogue(id, known)).collect();
    for id in tables(asked.settings) {
        named.extend(in_catalogue(&id, known).filter(|_| connectors.allowed.is_empty()));
    }
    let missing = |id: &&String| {
        let table = ConnectorId::parse(id.as_str()).ok().and_then(|id| connectors.of(&id).cloned());
        table.is_none_or(|table| table.enabled && table.auth_config_id.is_none())
    };
    let mut required = stream::iter(named.into_iter().filter(missing))
        .map(|id| async move { requires_auth_config(asked, id).await.then_some(id) })
        .buffered(AT_ONCE);
    while let Some(id) = required.next().await {
        if let Some(id) = id {
            let meaning =
                "this app needs your own OAuth app: make an auth config in Alloy's dashboard, and write its id here";
            let setting = format!("connectors.{id}.auth_config_id");
            found.push(Finding::error(setting, "not set", meaning).write(AUTH_CONFIG_PLACEHOLDER));
        }
    }
}

/// Whether the app cannot be linked without an auth config. An app that tells nothing is not complained of.
async fn requires_auth_config(asked: &Asked<'_>, id: &str) -> bool {
    if ConnectorId::parse(id).is_err() {
        return false;
    }
    let answer = asked.ask(Method::GET, &format!("connectors/{id}/credentials/metadata")).await;
    let kinds = answer.ok().and_then(|answer| serde_json::from_slice::<Metadata>(&answer.body).ok());
    kinds.is_some_and(|kinds| !kinds.metadata.is_empty() && kinds.metadata.iter().all(|kind| kind.auth_config_required))
}
