//! The visitor: a browser with a session.

use actix_session::SessionExt as _;
use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use futures_util::future::LocalBoxFuture;

use crate::{
    domain::{
        attempt::LinkAttempt,
        error::Error,
        session::{ConnectSession, Display, ExternalId, SessionId, Standing},
    },
    sessions::Sessions,
    web::{Site, middleware::rate_limit::RateLimits, problem::Problem, routes},
};

use super::{form_body::FormBody, form_token::Bound, locale::RequestLocale, window};

pub(crate) const SESSION: &str = "session";

pub(crate) fn landing(session: &ConnectSession) -> String {
    match (&session.connector, &session.reconnect) {
        (Some(connector), Some(replaces)) => routes::reconnect(connector, replaces),
        (Some(connector), None) => routes::connector(connector),
        (None, _) => routes::CONNECTORS.to_owned(),
    }
}

pub(crate) struct Visitor {
    pub session: ConnectSession,
    pub(crate) locale: RequestLocale,
    sessions: web::Data<Sessions>,
    request: HttpRequest,
}

impl Visitor {
    pub(crate) fn form_token(&self, site: &Site) -> String {
        site.form_tokens.issue(Bound::Session(self.session.id))
    }

    /// Whether the pages are shown in a window of the host's page, which ends by closing it.
    pub(crate) fn has_window(&self) -> bool {
        self.session.display != Display::Page
    }

    /// The page is not counted if the attempt is one of another session.
    pub(crate) async fn check_window(&mut self, site: &Site, attempt: &LinkAttempt) -> Result<(), Error> {
        window::ignore_page_of_other_session(site, &self.sessions, &self.request, attempt).await?;
        self.locale.window = RequestLocale::here(&self.request).window;
        Ok(())
    }

    /// Whether the response is shown in a frame of the host's page.
    pub(crate) fn is_framed(&self) -> bool {
        self.locale.window.as_ref().is_some_and(|window| window.origins.is_some())
    }

    /// The user goes on at a provider or at the host.
    pub(crate) async fn record_away(&self) {
        window::record_away(&self.sessions, &self.request).await;
    }

    /// The response shows how it ended.
    pub(crate) async fn record_end(&self) {
        window::record_end(&self.sessions, &self.request).await;
    }

    fn owns(&self, site: &Site, sessions: &Sessions, body: &FormBody) -> bool {
        let token = body.get("form_token").unwrap_or_default();
        let own = site.form_tokens.verify(Bound::Session(self.session.id), token);
        // The start page of a link for one app begins at once: its form was rendered before the session existed.
        own || sessions.start_codes(self.session.id).any(|code| site.form_tokens.verify(Bound::Code(&code), token))
    }
}

pub(crate) struct VisitorForm {
    pub(crate) visitor: Visitor,
    pub(crate) body: FormBody,
}

impl FromRequest for VisitorForm {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let state = state(request);
        let visitor = Visitor::from_request(request, payload);
        let body = FormBody::from_request(request, payload);
        Box::pin(async move {
            let (site, sessions, _) = state.ok_or(Problem::Internal)?;
            let (visitor, body) = (visitor.await?, body.await?);
            if visitor.owns(&site, &sessions, &body) {
                return Ok(Self { visitor, body });
            }
            // A form of an earlier session is in another window of this browser.
            window::show_unrecorded(&site, &visitor.request, visitor.session.display);
            Err(Problem::StaleForm)
        })
    }
}

type State = (web::Data<Site>, web::Data<Sessions>, web::Data<RateLimits>);

fn state(request: &HttpRequest) -> Option<State> {
    Some((request.app_data().cloned()?, request.app_data().cloned()?, request.app_data().cloned()?))
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = state(request);
        let request = request.clone();
        Box::pin(async move {
            let (site, sessions, limits) = state.ok_or(Problem::Internal)?;
            let Some(mut session) = known_session(&sessions, &request).await? else {
                let Some(arrived) = routes::first_visit(request.query_string()) else {
                    return Err(Problem::SessionOver);
                };
                window::show_unrecorded(&site, &request, arrived);
                return Err(Problem::NoCookie);
            };
            RequestLocale::in_session(&site, &request, &session);
            window::request_page(&site, &sessions, &request, &session).await;
            let locale = RequestLocale::here(&request);
            if !sessions.is_live(&session) {
                window::record_end(&sessions, &request).await;
                return Err(Problem::SessionOver);
            }
            // An expired session is not charged to its user's rate limit.
            limits.count_user(&session.user.external_id).map_err(|left| {
                window::ignore_page(&request);
                Problem::from(left)
            })?;
            sessions.visit(&mut session).await?;
            Ok(Self { session, locale, sessions, request })
        })
    }
}

pub(crate) async fn known_session(
    sessions: &Sessions,
    request: &HttpRequest,
) -> Result<Option<ConnectSession>, Problem> {
    let Ok(Some(id)) = request.get_session().get::<SessionId>(SESSION) else { return Ok(None) };
    Ok(sessions.find(id).await?)
}

/// The user's session in this browser and its status: live, or ended only by time.
pub(crate) async fn session_of(
    sessions: &Sessions,
    request: &HttpRequest,
    user: &ExternalId,
) -> Result<Option<(ConnectSession, Standing)>, Problem> {
    let Some(session) = known_session(sessions, request).await? else { return Ok(None) };
    let standing = sessions.standing(&session);
    let own = session.user.external_id == *user && matches!(standing, Standing::Live | Standing::RanOut);
    Ok(own.then_some((session, standing)))
}
