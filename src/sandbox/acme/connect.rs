//! Opens Gangway: in a window by its script, in this tab by a page of ours that posts the start code, or by a link.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::ACCEPT},
    web::{Data, Form},
};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::json;

use super::{
    accounts::Visitor,
    behind_the_scenes::Drawer,
    desk::{Desk, Waiting},
    gangway::{ConnectSession, Failure, Gangway, Goal},
    pages::{self, Frame, Handover, LinkPage, Page},
};

/// The button's form. It names no user: the server knows who is signed in.
#[derive(Deserialize)]
pub(crate) struct Connect {
    /// The connector of the button, such as `slack`.
    connector: Option<String>,
    /// The connection to make anew.
    reconnect: Option<String>,
}

/// `POST /connect`: creates a session on submit, because its code is valid once and for ten minutes. Answers Gangway's
/// script with the session, and a browser with a page that posts the code to Gangway, which trusts forms of
/// `host.origins`.
pub(crate) async fn connect(
    request: HttpRequest,
    form: Form<Connect>,
    visitor: Visitor,
    gangway: Data<Gangway>,
    desk: Data<Desk>,
    drawer: Data<Drawer>,
) -> HttpResponse {
    let goal = Goal { connector: form.connector.as_deref(), reconnect: form.reconnect.as_deref() };
    let session = match session(&gangway, &visitor, goal).await {
        Ok(session) => session,
        Err(failure) => return pages::no_session(&failure, &visitor, &drawer),
    };
    if goal.reconnect.is_some() {
        desk.reconnects(&visitor.user, session.id.clone());
    }
    let accepts = request.headers().get(ACCEPT).and_then(|accepts| accepts.to_str().ok()).unwrap_or_default();
    if accepts.starts_with("application/json") {
        return for_script(&session);
    }
    handed_over(&session, Page::Connections, &visitor, &gangway)
}

/// The response of `POST /connect-sessions`. Only our own pages can read it.
fn for_script(session: &ConnectSession) -> HttpResponse {
    HttpResponse::Ok().json(json!({
        "id": session.id,
        "url": session.url.expose_secret(),
        "start_code": session.start_code.expose_secret(),
        "watch": session.watch.expose_secret(),
        "expires_at": pages::datetime(&session.expires_at),
    }))
}

/// The same straight to Slack, for a note or the assistant: what waits goes on when the browser returns.
pub(crate) async fn to_slack(
    visitor: &Visitor,
    reconnect: Option<&str>,
    waiting: Waiting,
    gangway: &Gangway,
    desk: &Desk,
    drawer: &Drawer,
) -> HttpResponse {
    match session(gangway, visitor, Goal { connector: Some("slack"), reconnect }).await {
        Ok(session) => {
            desk.wait_for(&visitor.user, session.id.clone(), waiting);
            handed_over(&session, Page::Notes, visitor, gangway)
        }
        Err(failure) => pages::no_session(&failure, visitor, drawer),
    }
}

/// A connection that is gone meanwhile cannot be made anew: Gangway answers 422, and the user connects without it.
async fn session(gangway: &Gangway, visitor: &Visitor, goal: Goal<'_>) -> Result<ConnectSession, Failure> {
    match gangway.connect_session(&visitor.user, goal).await {
        Err(Failure::Refused(problem)) if problem.status == 422 && goal.reconnect.is_some() => {
            gangway.connect_session(&visitor.user, Goal { reconnect: None, ..goal }).await
        }
        other => other,
    }
}

fn handed_over(session: &ConnectSession, page: Page, visitor: &Visitor, gangway: &Gangway) -> HttpResponse {
    let page = Handover {
        frame: Frame::plain(page, visitor),
        start_url: gangway.start_url(),
        start_code: session.start_code.expose_secret(),
    };
    pages::respond(StatusCode::OK, &page, visitor)
}

/// `POST /connect-link`: the same session as a link, to be sent by mail. Gangway's start page asks before it uses the
/// code.
pub(crate) async fn link(visitor: Visitor, gangway: Data<Gangway>, drawer: Data<Drawer>) -> HttpResponse {
    match gangway.connect_session(&visitor.user, Goal::default()).await {
        Ok(session) => {
            let page = LinkPage {
                frame: Frame::with_drawer(Page::Connections, &visitor, &drawer),
                url: session.url.expose_secret(),
                expires_at: session.expires_at,
            };
            pages::respond(StatusCode::OK, &page, &visitor)
        }
        Err(failure) => pages::no_session(&failure, &visitor, &drawer),
    }
}
