//! `gangway check --probe`: reads what the account serves, with a user of its own.

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, stream};
use serde_json::Value;
use url::Url;

use super::{client, link::LEAKING_LIST, report::Report, throw_away::ThrowAway};
use crate::{
    alloy::{AlloyClient, AlloyError, ListedConnector},
    catalogue::diagnosis::{Diagnosis, diagnose},
    cli::{
        Terminal,
        check::{apps::AUTH_CONFIG_PLACEHOLDER, report::Outcome},
    },
    config::Settings,
    domain::{clock::Entropy, connector::ConnectorId, session::AlloyUserId},
    server::CommandStop,
};

/// Maximum number of calls at once.
const CONCURRENCY: usize = 4;
/// Maximum number of apps that are read.
const MAX_APPS: usize = 500;

pub(super) async fn run(
    settings: &Settings,
    entropy: &dyn Entropy,
    terminal: &mut Terminal<'_>,
    report: &mut Report,
) -> anyhow::Result<Outcome> {
    let (client, mut stop) = (client(settings)?, CommandStop::listen());
    terminal.complain("Making the user …");
    let user = ThrowAway::create(settings, entropy, &client, report).await;
    terminal.complain("Reading …");
    let complete = tokio::select! {
        complete = read(settings, &client, user.id(), report) => complete,
        () = stop.next() => {
            report.remark("Stopped before the end: what follows is missing.");
            false
        }
    };
    terminal.complain("Cleaning up …");
    let is_clean = user.remove(settings, &mut stop, report, terminal).await;
    Ok(if complete && is_clean { Outcome::Fit } else { Outcome::Unfit })
}

/// Returns whether the account answered: with its apps, or that it does not list them.
async fn read(settings: &Settings, client: &AlloyClient, user: Option<&AlloyUserId>, report: &mut Report) -> bool {
    let listed = client.connectors().await;
    report.call("GET /connectors", &listed, |all| format!("{} apps", all.len()));
    let ids = match &listed {
        Ok(all) => {
            icons(all, report);
            all.iter().map(|one| one.id.clone()).take(MAX_APPS).collect()
        }
        Err(_) => named(settings, &listed, report),
    };
    apps(settings, client, &ids, report).await;
    lists(client, user, ids.first(), report).await;
    let open = "not tried here; `gangway check --link APP` does";
    report.unknown("Duplicate usernames", "not tried: it could make a second user");
    report.unknown(
        "Rate limit",
        if matches!(listed, Err(AlloyError::RateLimited { .. })) {
            "429 was seen; calls are repeated as Retry-After says"
        } else {
            "not reached; calls that get 429 wait and are repeated"
        },
    );
    for question in ["Parameters on the return", "Path of the redirect URI", "Lag of the list", "Deletion"] {
        report.unknown(question, open);
    }
    matches!(listed, Ok(_) | Err(AlloyError::NotServed))
}

fn icons(all: &[ListedConnector], report: &mut Report) {
    let icon_url = |one: &ListedConnector| Url::parse(one.icon.as_deref()?).ok();
    let host = |url: Url| url.host_str().filter(|_| url.scheme() == "https").map(str::to_owned);
    let hosts: BTreeSet<String> = all.iter().filter_map(icon_url).filter_map(host).take(20).collect();
    if !hosts.is_empty() {
        report.setting("alloy", "icon_hosts", hosts.into_iter().collect::<Vec<_>>());
    }
}

/// The apps of the settings stand in for a catalogue that is not served.
fn named(
    settings: &Settings,
    listed: &Result<Vec<ListedConnector>, AlloyError>,
    report: &mut Report,
) -> Vec<ConnectorId> {
    let connectors = &settings.connectors;
    let tables = connectors.each.values().filter(|table| table.enabled).map(|table| &table.id);
    let ids: BTreeSet<ConnectorId> =
        connectors.allowed.iter().chain(tables).filter_map(|id| ConnectorId::parse(id.as_str()).ok()).collect();
    if *listed.as_ref().err().unwrap_or(&AlloyError::TooLarge) == AlloyError::NotServed && ids.is_empty() {
        report.remark("The list of apps is not served: each app that you offer needs a table with its name.");
        report.setting("connectors.slack", "name", "Slack");
        return ConnectorId::parse("slack").into_iter().collect();
    }
    ids.into_iter().collect()
}

async fn apps(settings: &Settings, client: &AlloyClient, ids: &Vec<ConnectorId>, report: &mut Report) {
    let fetch = |id: ConnectorId| async move { (client.metadata_entries(&id).await, id) };
    let mut answers = stream::iter(ids.clone()).map(fetch).buffered(CONCURRENCY);
    let (mut types, mut counts) = (BTreeSet::new(), [0_usize; 4]);
    while let Some((answer, id)) = answers.next().await {
        match answer {
            Ok(entries) => {
                counts[0] += 1;
                of_app(settings, &id, &entries, &mut types, &mut counts, report);
            }
            Err(error) => report.app(format!("{id}: metadata cannot be read: {error}")),
        }
    }
    let [read, methods, older, stopped] = counts;
    let call = "GET /connectors/{id}/credentials/metadata";
    report.call(call, &Ok(()), |()| format!("read for {read} of {} apps", ids.len()));
    report.unknown(
        "Spellings of authentication types",
        if types.is_empty() { "none seen".to_owned() } else { types.into_iter().collect::<Vec<_>>().join(", ") },
    );
    report.unknown("Older form of metadata", format!("{older} of {methods} ways to sign in"));
    if read == 0 {
        for id in ids {
            report.setting(&format!("connectors.{id}"), "authentication_type", "oauth2");
        }
    }
    if stopped > 0 {
        report.remark(format!("{stopped} ways to sign in are not understood; an issue with this report helps."));
    }
}

fn of_app(
    settings: &Settings,
    id: &ConnectorId,
    entries: &[Value],
    types: &mut BTreeSet<String>,
    counts: &mut [usize; 4],
    report: &mut Report,
) {
    let table = settings.connectors.of(id);
    let all = diagnose(id, entries, table);
    let mut lines = Vec::new();
    let [_, methods, older, stopped] = counts;
    for Diagnosis { authentication_type, is_older, result } in &all {
        let kind = authentication_type.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string);
        (*methods, *older) = (*methods + 1, *older + usize::from(*is_older));
        match result {
            Ok(form) => {
                let way = if form.wants_redirect { "sign-in" } else { "key" };
                lines.push(format!("{kind} ({way}, {} fields)", form.fields.len()));
            }
            Err(reason) => {
                *stopped += 1;
                lines.push(format!("{kind} NOT understood, stopped by `{}` ({})", reason.keyword, reason.reason));
            }
        }
        types.extend(authentication_type.as_ref().map(ToString::to_string));
    }
    let forms: Vec<_> = all.iter().filter_map(|one| one.result.as_ref().ok()).collect();
    let section = format!("connectors.{id}");
    if forms.is_empty() {
        report.setting(&section, "enabled", false);
    } else if forms.iter().all(|form| form.needs_auth_config)
        && table.is_none_or(|table| table.auth_config_id.is_none())
    {
        lines.push("needs an auth config of yours".to_owned());
        report.setting(&section, "auth_config_id", AUTH_CONFIG_PLACEHOLDER);
    }
    if lines.is_empty() {
        lines.push("NOT understood: its metadata has no entry".to_owned());
    }
    report.app(format!("{id}: {}", lines.join("; ")));
}

/// The lists of a user that has nothing.
async fn lists(client: &AlloyClient, user: Option<&AlloyUserId>, app: Option<&ConnectorId>, report: &mut Report) {
    let Some(user) = user else {
        report.remark("Without a user no list was read: hosts name Alloy's users by `user.alloy_user_id`.");
        return;
    };
    let (of_user, call) = (client.listed_forms(user, None).await, "GET /users/{userId}/credentials");
    report.call(call, &of_user, |all| format!("{} credentials", all.len()));
    let has_others = |listed: &Result<Vec<_>, _>| listed.as_ref().is_ok_and(|all: &Vec<_>| !all.is_empty());
    let mut is_leaking = has_others(&of_user);
    if let Some(app) = app {
        let of_app = client.listed_forms(user, Some(app)).await;
        report.call("GET /connectors/{id}/credentials", &of_app, |all| format!("{} credentials", all.len()));
        is_leaking |= has_others(&of_app);
        if of_user.is_err() && of_app.is_err() {
            report.remark("Neither list is served: no link can be confirmed, and each ends as `not_confirmed`.");
        }
    }
    if is_leaking {
        report.remark(LEAKING_LIST);
    }
}
