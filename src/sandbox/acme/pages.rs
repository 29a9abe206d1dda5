//! The pages: one struct for each template in `templates/demo`.

use actix_web::{HttpResponse, http::StatusCode, http::header::ContentType};
use askama::Template;
use serde::Deserialize;
use strum::Display;
use time::{OffsetDateTime, macros::format_description};
use url::Url;

use super::{
    accounts::Visitor,
    apps::Apps,
    behind_the_scenes::{Call, Drawer},
    desk::{Arrival, Line, Notice},
    gangway::{Connection, Failure},
    outcome::Outcome,
};

/// The pages of the header's menu, by their value in the user menu's form.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Display)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub(crate) enum Page {
    Notes,
    Connections,
}

impl Page {
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Notes => "/",
            Self::Connections => "/connections",
        }
    }
}

/// Header and user menu of every page.
pub(crate) struct Frame<'a> {
    page: Page,
    visitor: &'a Visitor,
    /// `None` on pages without the drawer.
    calls: Option<Vec<Call>>,
}

impl<'a> Frame<'a> {
    pub(crate) fn plain(page: Page, visitor: &'a Visitor) -> Self {
        Self { page, visitor, calls: None }
    }

    pub(crate) fn with_drawer(page: Page, visitor: &'a Visitor, drawer: &Drawer) -> Self {
        Self { page, visitor, calls: Some(drawer.calls(&visitor.user)) }
    }
}

#[derive(Deserialize)]
pub(crate) struct Note {
    pub(crate) id: String,
    topic: String,
    pub(crate) title: String,
    lines: Vec<String>,
    edited: String,
}

impl Note {
    /// The note as a message.
    pub(crate) fn as_text(&self) -> String {
        self.lines.iter().fold(self.title.clone(), |text, line| format!("{text}\n• {line}"))
    }
}

/// A note, and where it was shared.
pub(crate) struct NoteCard {
    pub(crate) note: &'static Note,
    pub(crate) arrival: Option<Arrival>,
}

#[derive(Template)]
#[template(path = "demo/notes.html")]
pub(crate) struct NotesPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) notice: Option<Notice>,
    pub(crate) notes: Vec<NoteCard>,
    /// The Slack accounts that can be used.
    pub(crate) accounts: Vec<Connection>,
    /// The user's Slack, if none can be used.
    pub(crate) reconnect: Option<Connection>,
    pub(crate) conversation: Vec<Line>,
}

/// Asks the user whom an assistant named to connect Slack.
#[derive(Template)]
#[template(path = "demo/elicitation.html")]
pub(crate) struct ElicitationPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) note: &'a Note,
    pub(crate) elicitation: &'a str,
}

#[derive(Template)]
#[template(path = "demo/connections.html")]
pub(crate) struct ConnectionsPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) outcome: Option<Outcome>,
    /// `None` if Gangway does not know what is connected.
    pub(crate) apps: Option<Apps>,
    /// False if Gangway does not list the apps.
    pub(crate) apps_known: bool,
    pub(crate) script_url: Url,
}

/// Posts the start code to Gangway, by script or by its button.
#[derive(Template)]
#[template(path = "demo/handover.html")]
pub(crate) struct Handover<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) start_url: Url,
    pub(crate) start_code: &'a str,
}

#[derive(Template)]
#[template(path = "demo/link.html")]
pub(crate) struct LinkPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) url: &'a str,
    pub(crate) expires_at: OffsetDateTime,
}

/// Asks for the user, and carries a field through the sign-in.
#[derive(Template)]
#[template(path = "demo/sign_in.html")]
struct SignInPage<'a> {
    frame: Frame<'a>,
    name: &'a str,
    value: &'a str,
}

#[derive(Template)]
#[template(path = "demo/trouble.html")]
struct Trouble<'a> {
    frame: Frame<'a>,
    heading: &'a str,
    text: &'a str,
    reference: Option<&'a str>,
}

/// Renders the page, with the cookie for a new browser.
pub(crate) fn respond(status: StatusCode, page: &impl Template, visitor: &Visitor) -> HttpResponse {
    let Ok(html) = page.render() else {
        return HttpResponse::InternalServerError().finish();
    };
    let mut answer = HttpResponse::build(status);
    if let Some(cookie) = &visitor.cookie {
        answer.cookie(cookie.clone());
    }
    answer.content_type(ContentType::html()).body(html)
}

/// Asks for the user; sets no cookie before the answer. The field is a completion code or an elicitation.
pub(crate) fn sign_in_for(name: &str, value: &str, visitor: Visitor) -> HttpResponse {
    let visitor = Visitor { cookie: None, ..visitor };
    let page = SignInPage { frame: Frame::plain(Page::Connections, &visitor), name, value };
    respond(StatusCode::OK, &page, &visitor)
}

/// Gangway created no session. The drawer shows the reason to the developer.
pub(crate) fn no_session(failure: &Failure, visitor: &Visitor, drawer: &Drawer) -> HttpResponse {
    let (status, text, reference) = match failure {
        Failure::Unreachable(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Our connection service does not answer. What you have connected stays connected.",
            None,
        ),
        Failure::Refused(problem) => {
            (StatusCode::BAD_GATEWAY, "Our connection service refused to begin.", problem.reference.as_deref())
        }
        Failure::Unexpected(_) | Failure::OtherUser { .. } => {
            (StatusCode::BAD_GATEWAY, "Our connection service gave an answer that we do not understand.", None)
        }
    };
    let frame = Frame::with_drawer(Page::Connections, visitor, drawer);
    let page = Trouble { frame, heading: "Apps cannot be connected right now", text, reference };
    respond(status, &page, visitor)
}

/// 404.
pub(crate) async fn nothing_here(visitor: Visitor) -> HttpResponse {
    trouble(StatusCode::NOT_FOUND, "There is nothing here", "The address may be old, or mistyped.", &visitor)
}

/// A page that says what happened and leads back to the notes.
pub(crate) fn trouble(status: StatusCode, heading: &str, text: &str, visitor: &Visitor) -> HttpResponse {
    let page = Trouble { frame: Frame::plain(Page::Notes, visitor), heading, text, reference: None };
    respond(status, &page, visitor)
}

/// A date such as 3 March 2026.
fn day(at: &OffsetDateTime) -> String {
    at.format(format_description!("[day padding:none] [month repr:long] [year]")).unwrap_or_default()
}

/// A time such as 14:05.
fn time_of_day(at: &OffsetDateTime) -> String {
    at.format(format_description!("[hour]:[minute]")).unwrap_or_default()
}

/// RFC 3339.
pub(crate) fn datetime(at: &OffsetDateTime) -> String {
    at.format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
}
