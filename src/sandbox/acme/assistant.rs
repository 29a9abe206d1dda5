//! The assistant's way, as a played conversation with real calls. A chat program and a tool server of the Model Context
//! Protocol would exchange what the card shows: docs/assistants.md.
//!
//! The tool never gets a link that signs a user in. It names a page of Acme Notes, which compares the user who is signed
//! in there with the one who asked, and hands over to Gangway as every other button does.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Data, Form, Query},
};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{
    accounts::{User, Visitor},
    alloy::Alloy,
    behind_the_scenes::Drawer,
    connect,
    desk::{Desk, Elicitation, Line, Then, Waiting},
    gangway::Gangway,
    notes,
    outcome::Outcome,
    pages::{self, ElicitationPage, Frame, Note, Page},
    share::{self, Shared, SlackSite},
};

/// Origin of Acme Notes.
pub(crate) struct Origin(pub(crate) Url);

/// `POST /assistant`: the user's request in the conversation.
#[derive(Deserialize)]
pub(crate) struct Ask {
    note: String,
    /// Credential id of the account, where the user has several.
    account: Option<String>,
}

pub(crate) async fn ask(
    form: Form<Ask>,
    visitor: Visitor,
    gangway: Data<Gangway>,
    alloy: Data<Alloy>,
    slack: Data<SlackSite>,
    desk: Data<Desk>,
    origin: Data<Origin>,
) -> HttpResponse {
    let user = &visitor.user;
    let Some(note) = notes::find(user, &form.note) else {
        return pages::nothing_here(visitor).await;
    };
    if form.account.is_none() {
        desk.begin_conversation(user);
        desk.add_lines(user.id, [Line::User(format!("Post “{}” to our Slack, please.", note.title))]);
    }
    let account = form.account.as_deref();
    let shared = call_tool(user, note, account, &gangway, &alloy, &slack, &desk).await;
    answer(user, note, shared, &desk, &origin.0);
    HttpResponse::SeeOther().insert_header((LOCATION, "/#assistant")).finish()
}

/// The tool's work: the same as the button of a note.
async fn call_tool(
    user: &User,
    note: &Note,
    account: Option<&str>,
    gangway: &Gangway,
    alloy: &Alloy,
    slack: &SlackSite,
    desk: &Desk,
) -> Shared {
    let call = json!({"method": "tools/call", "params": {"name": "post_note", "arguments": {"note": note.id}}});
    desk.add_lines(user.id, [Line::Tool("The assistant calls its tool", readable(&call))]);
    share::post(user, note, account, gangway, alloy, slack).await
}

/// What the tool answers, and what the assistant says about it.
fn answer(user: &User, note: &Note, shared: Shared, desk: &Desk, origin: &Url) {
    let says = |text: String| vec![result(&text), Line::Assistant(text)];
    let lines = match shared {
        Shared::Arrived(arrival) => {
            let text = format!("Done: “{}” is in {} at {}.", note.title, arrival.channel, arrival.workspace);
            let mut lines = says(text);
            lines.push(Line::Link("Open in Slack", arrival.url.clone()));
            desk.arrived(user, &note.id, arrival);
            lines
        }
        Shared::NotConnected => elicit(user, note, None, desk, origin),
        Shared::NeedsReconnect(connection) => elicit(user, note, Some(connection.credential_id), desk, origin),
        Shared::Choose(accounts) => {
            let accounts = accounts.into_iter().map(|one| (one.credential_id, one.name)).collect();
            let mut lines = says("Several Slack accounts are connected. Which one?".to_owned());
            lines.push(Line::Choice(note.id.clone(), accounts));
            lines
        }
        Shared::RateLimited(retry_after) => {
            says(format!("Slack takes no more messages right now. Ask me again {}.", share::later(retry_after)))
        }
        Shared::Failed => says("That did not work. Ask me again in a few minutes.".to_owned()),
    };
    desk.add_lines(user.id, lines);
}

/// The tool asks for a URL elicitation.
fn elicit(user: &User, note: &Note, reconnect: Option<String>, desk: &Desk, origin: &Url) -> Vec<Line> {
    let (message, says) = match reconnect {
        None => (
            "Connect Slack to Acme Notes",
            "I need your Slack for that. Connect it on this page of Acme Notes; then I go on.",
        ),
        Some(_) => (
            "Reconnect Slack to Acme Notes",
            "Slack no longer accepts the access that you gave Acme Notes. Connect it again; then I go on.",
        ),
    };
    let id = desk.elicit(user, &note.id, reconnect);
    let mut url = origin.clone();
    url.set_path("/connect/slack");
    url.query_pairs_mut().append_pair("elicitation", &id);
    let error = json!({"error": {"code": -32042, "message": message, "data": {"elicitations": [
        {"mode": "url", "elicitationId": id, "url": url.as_str(), "message": message}
    ]}}});
    vec![
        Line::Tool("The tool asks for its user", readable(&error)),
        Line::Assistant(says.to_owned()),
        Line::Link("Connect Slack", url),
    ]
}

/// The link ended well: the tool call goes through.
#[expect(clippy::too_many_arguments, reason = "the parts of a played conversation")]
pub(crate) async fn go_on(
    user: &User,
    note: &Note,
    elicitation: &str,
    credential: Option<&str>,
    gangway: &Gangway,
    alloy: &Alloy,
    slack: &SlackSite,
    desk: &Desk,
) {
    desk.end_elicitation(elicitation);
    let complete = json!({"method": "notifications/elicitation/complete", "params": {"elicitationId": elicitation}});
    desk.add_lines(user.id, [Line::Tool("The tool says that its user is done", readable(&complete))]);
    let shared = call_tool(user, note, credential, gangway, alloy, slack, desk).await;
    answer(user, note, shared, desk, gangway.host_url());
}

/// The user came back without a link. The elicitation stays open: they may still connect.
pub(crate) fn give_up(user: &User, outcome: &Outcome, desk: &Desk) {
    desk.add_lines(user.id, [Line::Assistant(format!("{}. {} I posted nothing.", outcome.heading, outcome.text))]);
}

/// Query or form of `/connect/slack`.
#[derive(Deserialize)]
pub(crate) struct Opened {
    elicitation: String,
}

/// `GET /connect/slack?elicitation`: the page that the tool names. It uses nothing up.
pub(crate) async fn open(query: Query<Opened>, visitor: Visitor, desk: Data<Desk>) -> HttpResponse {
    if !visitor.is_signed_in() {
        return pages::sign_in_for("elicitation", &query.elicitation, visitor);
    }
    match find(&query.elicitation, &visitor, &desk) {
        Ok((_, note)) => {
            let frame = Frame::plain(Page::Notes, &visitor);
            let page = ElicitationPage { frame, note, elicitation: &query.elicitation };
            pages::respond(StatusCode::OK, &page, &visitor)
        }
        Err(refusal) => refusal.page(&visitor),
    }
}

/// `POST /connect/slack`: hands over to Gangway.
pub(crate) async fn hand_over(
    form: Form<Opened>,
    visitor: Visitor,
    gangway: Data<Gangway>,
    desk: Data<Desk>,
    drawer: Data<Drawer>,
) -> HttpResponse {
    let (asked, note) = match find(&form.elicitation, &visitor, &desk) {
        Ok(found) => found,
        Err(refusal) => return refusal.page(&visitor),
    };
    let waiting = Waiting { note: note.id.clone(), then: Then::Assistant { elicitation: form.elicitation.clone() } };
    connect::to_slack(&visitor, asked.reconnect.as_deref(), waiting, &gangway, &desk, &drawer).await
}

/// Reason not to connect.
#[derive(Clone, Copy)]
enum Refusal {
    Over,
    OtherUser,
}

impl Refusal {
    fn page(self, visitor: &Visitor) -> HttpResponse {
        let (status, heading, text) = match self {
            Self::Over => (
                StatusCode::NOT_FOUND,
                "This request is over",
                "It worked for ten minutes, or it was used. Ask the assistant again.",
            ),
            Self::OtherUser => (
                StatusCode::FORBIDDEN,
                "This request is another account's",
                "The assistant asked for another account's Slack. Nothing was connected. If that account is yours, switch to it and open the link again. If someone sent you the link, don't use it.",
            ),
        };
        pages::trouble(status, heading, text, visitor)
    }
}

/// The elicitation and its note, if the signed-in user is the one who asked.
fn find(id: &str, visitor: &Visitor, desk: &Desk) -> Result<(Elicitation, &'static Note), Refusal> {
    let asked = desk.elicitation(id).ok_or(Refusal::Over)?;
    if asked.user != visitor.user.id {
        let line = "Another account opened the link, so nothing was connected. Open it in the browser in which you are signed in.";
        desk.add_lines(asked.user, [Line::Assistant(line.to_owned())]);
        return Err(Refusal::OtherUser);
    }
    let note = notes::find(&visitor.user, &asked.note).ok_or(Refusal::Over)?;
    Ok((asked, note))
}

fn result(text: &str) -> Line {
    Line::Tool("The tool answers", readable(&json!({"result": {"content": [{"type": "text", "text": text}]}})))
}

fn readable(message: &Value) -> String {
    format!("{message:#}")
}
