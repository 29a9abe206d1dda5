//! Shares a note to the user's Slack.

use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::header::LOCATION,
    web::{Data, Form},
};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{
    accounts::{User, Visitor},
    alloy::{Acting, ActionFailure, Alloy},
    behind_the_scenes::Drawer,
    connect,
    desk::{Arrival, Desk, NoticeButton, Then, Waiting},
    gangway::{Connection, Gangway},
    notes::{self, SLACK},
    outcome::{Outcome, Tone},
    pages::{self, Note},
};

const CHANNEL: &str = "#general";

/// Slack's address for browsers.
pub(crate) struct SlackSite(pub(crate) Url);

/// The form of a note. It names no user: the server knows who is signed in.
#[derive(Deserialize)]
pub(crate) struct Share {
    note: String,
    /// Credential id of the account, where the user has several.
    account: Option<String>,
    /// The credential to connect again first.
    reconnect: Option<String>,
}

/// Outcome of sharing.
pub(crate) enum Shared {
    Arrived(Arrival),
    NotConnected,
    /// The user has several accounts.
    Choose(Vec<Connection>),
    /// The app no longer accepts this connection.
    NeedsReconnect(Connection),
    RateLimited(Option<Duration>),
    Failed,
}

/// `POST /share`: posts the note, or leads to connecting. Redirects to the notice, so that a reload shares nothing.
pub(crate) async fn share(
    form: Form<Share>,
    visitor: Visitor,
    gangway: Data<Gangway>,
    alloy: Data<Alloy>,
    slack: Data<SlackSite>,
    desk: Data<Desk>,
    drawer: Data<Drawer>,
) -> HttpResponse {
    let Some(note) = notes::find(&visitor.user, &form.note) else {
        return pages::nothing_here(visitor).await;
    };
    let connecting = async |then, reconnect: Option<&str>| {
        let waiting = Waiting { note: note.id.clone(), then };
        connect::to_slack(&visitor, reconnect, waiting, &gangway, &desk, &drawer).await
    };
    if form.reconnect.is_some() {
        return connecting(Then::Share, form.reconnect.as_deref()).await;
    }
    let shared = post(&visitor.user, note, form.account.as_deref(), &gangway, &alloy, &slack).await;
    if matches!(shared, Shared::NotConnected) {
        return connecting(Then::Offer, None).await;
    }
    report(&visitor.user, note, shared, &desk);
    to_notice()
}

/// Posts the note with the account of that credential id, else with the user's only account.
pub(crate) async fn post(
    user: &User,
    note: &Note,
    account: Option<&str>,
    gangway: &Gangway,
    alloy: &Alloy,
    slack: &SlackSite,
) -> Shared {
    let Ok(connections) = gangway.connections(user).await else { return Shared::Failed };
    let connection = match choose(connections, account) {
        Choice::Use(connection) => connection,
        Choice::None => return Shared::NotConnected,
        Choice::Several(connections) => return Shared::Choose(connections),
        Choice::Refused(connection) => return Shared::NeedsReconnect(connection),
    };
    let Some(acting) = Acting::with(&connection) else { return Shared::Failed };
    let input = json!({"channel": CHANNEL, "text": note.as_text()});
    match alloy.execute(user, &acting, SLACK, "chat_postMessage", &input).await {
        Ok(posted) => Shared::Arrived(arrival(&posted, &connection, slack)),
        Err(ActionFailure::CredentialRefused) => {
            // Gangway then shows *needs attention* everywhere. If it does not answer, the next share reports again.
            let _ = gangway.refused(user, &connection.credential_id).await;
            Shared::NeedsReconnect(connection)
        }
        Err(ActionFailure::RateLimited { retry_after }) => Shared::RateLimited(retry_after),
        Err(ActionFailure::Unreachable(_) | ActionFailure::Failed(_)) => Shared::Failed,
    }
}

/// The connection to use.
enum Choice {
    Use(Connection),
    None,
    Several(Vec<Connection>),
    /// The app no longer accepts it.
    Refused(Connection),
}

fn choose(connections: Vec<Connection>, account: Option<&str>) -> Choice {
    let mut slack: Vec<_> = connections.into_iter().filter(|connection| connection.connector == SLACK).collect();
    let named = slack.iter().position(|connection| account == Some(connection.credential_id.as_str()));
    if let Some(place) = named {
        let connection = slack.swap_remove(place);
        return if connection.needs_reconnect() { Choice::Refused(connection) } else { Choice::Use(connection) };
    }
    let (mut usable, refused): (Vec<_>, Vec<_>) =
        slack.into_iter().partition(|connection| !connection.needs_reconnect());
    if usable.len() > 1 {
        return Choice::Several(usable);
    }
    let refused = || refused.into_iter().next().map_or(Choice::None, Choice::Refused);
    usable.pop().map_or_else(refused, Choice::Use)
}

/// Slack's link to a channel is documented: `/app_redirect` with the ids of channel and workspace.
fn arrival(posted: &Value, connection: &Connection, slack: &SlackSite) -> Arrival {
    let text = |at: &str| posted.pointer(at).and_then(Value::as_str).unwrap_or_default();
    let mut url = slack.0.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().push("app_redirect");
    }
    url.query_pairs_mut().append_pair("channel", text("/channel")).append_pair("team", text("/message/team"));
    let workspace = connection.account.clone().unwrap_or_else(|| connection.name.clone());
    Arrival { channel: CHANNEL.to_owned(), workspace, url }
}

/// Stores the outcome, and the notice that the next page shows.
pub(crate) fn report(user: &User, note: &Note, shared: Shared, desk: &Desk) {
    let title = &note.title;
    let notice = |tone, heading: &str, text: String| Outcome { tone, heading: heading.to_owned(), text: text.into() };
    match shared {
        Shared::Arrived(arrival) => {
            let text = format!("“{title}” is in {} at {}.", arrival.channel, arrival.workspace);
            desk.arrived(user, &note.id, arrival);
            desk.notify(user, notice(Tone::Good, "Shared to Slack", text), None);
        }
        Shared::NeedsReconnect(connection) => {
            let text = "Slack no longer accepts the access that you gave Acme Notes. Connect it again; then the note is shared by itself.";
            let button = NoticeButton {
                label: "Reconnect Slack".to_owned(),
                note: note.id.clone(),
                reconnect: Some(connection.credential_id),
            };
            desk.notify(user, notice(Tone::Bad, "Slack needs attention", text.to_owned()), Some(button));
        }
        Shared::Choose(_) => {
            let text = "You connected several. Choose one at the note.".to_owned();
            desk.notify(user, notice(Tone::Open, "Which Slack?", text), None);
        }
        Shared::RateLimited(retry_after) => {
            let text = format!("“{title}” was not shared. Try again {}.", later(retry_after));
            desk.notify(user, notice(Tone::Open, "Slack takes no more messages right now", text), None);
        }
        Shared::NotConnected | Shared::Failed => {
            let text = format!("“{title}” was not shared. Try again in a few minutes.");
            desk.notify(user, notice(Tone::Bad, "That did not work", text), None);
        }
    }
}

/// When to try again.
pub(crate) fn later(retry_after: Option<Duration>) -> String {
    match retry_after.map(|time| time.as_secs()) {
        Some(seconds @ 2..=90) => format!("in {seconds} seconds"),
        Some(seconds @ 91..) => format!("in {} minutes", seconds.div_ceil(60)),
        Some(_) | None => "in a minute".to_owned(),
    }
}

/// The notice names the note. On a phone the note itself would be shown without it.
pub(crate) fn to_notice() -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, "/#notice")).finish()
}
