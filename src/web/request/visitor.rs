//! The user whose session a browser holds.

use actix_session::SessionExt as _;
use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use futures_util::future::LocalBoxFuture;

use crate::{
    domain::session::{ConnectSession, ExternalId, SessionId, Standing},
    gangway::Gangway,
    web::{Site, problem::Problem, routes},
};

use super::{
    form_body::{Posted, asked},
    form_token::Bound,
    locale::RequestLocale,
};

/// The name under which the browser's state keeps the session's id.
pub(crate) const SESSION: &str = "session";

/// Where a session goes first: to the app that the host named, or to the choice.
pub(crate) fn landing(session: &ConnectSession) -> String {
    match (&session.connector, &session.reconnect) {
        (Some(connector), Some(replaces)) => routes::reconnect(connector, replaces),
        (Some(connector), None) => routes::connector(connector),
        (None, _) => routes::CONNECTORS.to_owned(),
    }
}

/// A visitor with a live session: pages ask for one.
pub(crate) struct Visitor {
    pub session: ConnectSession,
    pub(crate) reader: RequestLocale,
}

impl Visitor {
    pub(crate) fn form_token(&self, site: &Site) -> String {
        site.form_tokens.issue(Bound::Session(self.session.id))
    }

    /// Holds a posted form to this session.
    ///
    /// # Errors
    /// When its token is missing or another's.
    pub(crate) fn check(&self, gangway: &Gangway, posted: &Posted) -> Result<(), Problem> {
        let token = posted.get("form_token").unwrap_or_default();
        let own = gangway.site.form_tokens.verify(Bound::Session(self.session.id), token);
        // The start page of a link for one app begins right away: its form was made before the session.
        let code = gangway.sessions.start_code(self.session.id);
        let first = || code.is_some_and(|code| gangway.site.form_tokens.verify(Bound::Code(&code), token));
        if own || first() { Ok(()) } else { Err(Problem::StaleForm) }
    }
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let gangway = request.app_data::<web::Data<Gangway>>().cloned();
        let request = request.clone();
        Box::pin(async move {
            let gangway = gangway.ok_or(Problem::Internal)?;
            let Some(mut session) = known_session(&gangway, &request).await? else {
                let just_arrived = asked(&request, routes::ARRIVED).is_some();
                return Err(if just_arrived { Problem::NoCookie } else { Problem::SessionOver });
            };
            let reader = RequestLocale::in_session(&gangway.site, &request, &session);
            if !gangway.sessions.is_live(&session) {
                return Err(Problem::SessionOver);
            }
            // A session that is over spends nothing of its user's budget.
            gangway.limits.count_user(&session.user.external_id).map_err(Problem::from)?;
            gangway.sessions.visit(&mut session).await?;
            Ok(Self { session, reader })
        })
    }
}

/// The session that the browser's cookie leads to, live or over.
pub(crate) async fn known_session(gangway: &Gangway, request: &HttpRequest) -> Result<Option<ConnectSession>, Problem> {
    let Ok(Some(id)) = request.get_session().get::<SessionId>(SESSION) else { return Ok(None) };
    Ok(gangway.sessions.find(id).await?)
}

/// The session of that user that this browser holds, and how it stands: live, or ended by time alone.
pub(crate) async fn session_of(
    gangway: &Gangway,
    request: &HttpRequest,
    user: &ExternalId,
) -> Result<Option<(ConnectSession, Standing)>, Problem> {
    let Some(session) = known_session(gangway, request).await? else { return Ok(None) };
    let standing = gangway.sessions.standing(&session);
    let own = session.user.external_id == *user && matches!(standing, Standing::Live | Standing::RanOut);
    Ok(own.then_some((session, standing)))
}
