//! Window: the pop-up or the frame of the host's page is closed or left. Neither ends the session.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};

use crate::{
    domain::session::{ConnectSession, Standing, StartCode},
    sessions::Sessions,
    web::{
        Site,
        pages::{Closed, Frame},
        problem::Problem,
        request::{
            form_body::{FormBody, query_parameter},
            form_token::Bound,
            locale::RequestLocale,
            visitor::known_session,
            window::{UNRECORDED, display, permit_frame, show_unrecorded},
        },
        routes,
        views::frame::{answer, bare_frame, see_other},
    },
};

/// `POST /window/close`: the user closes the window. Redirects to the page that says that it can be closed.
pub(crate) async fn close(
    site: web::Data<Site>,
    sessions: web::Data<Sessions>,
    request: HttpRequest,
    body: FormBody,
) -> Result<HttpResponse, Problem> {
    let display = display(&site, body.get(routes::DISPLAY));
    show_unrecorded(&site, &request, display);
    if body.get(UNRECORDED).is_none()
        && let Some(session) = session_of_page(&site, &sessions, &request, &body).await?
    {
        sessions.window_closed(&session).await?;
    }
    Ok(see_other(routes::window_closed(display)))
}

/// `GET /window/close`. It is no page of the window: its script closes it at once.
pub(crate) async fn show_closed(
    site: web::Data<Site>,
    sessions: web::Data<Sessions>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let session = known_session(&sessions, &request).await?;
    let locale = match &session {
        Some(session) => RequestLocale::in_session(&site, &request, session),
        None => RequestLocale::here(&request),
    };
    let before_session = || display(&site, query_parameter(&request, routes::DISPLAY).as_deref());
    let display = session.as_ref().map_or_else(before_session, |session| session.display);
    let is_framed = permit_frame(&site, &request, display);
    let return_url = site.return_url(session.as_ref()).filter(|_| !is_framed);
    answer(StatusCode::OK, &Closed { frame: Frame { return_url, ..bare_frame(&site, &locale) }, is_framed })
}

/// `POST /window/left`: a page of the window was unloaded.
pub(crate) async fn leave(
    site: web::Data<Site>,
    sessions: web::Data<Sessions>,
    request: HttpRequest,
    body: FormBody,
) -> Result<HttpResponse, Problem> {
    let session = session_of_page(&site, &sessions, &request, &body).await?;
    let page = body.get("page").and_then(|page| page.parse().ok()).filter(|page| *page >= 0);
    let page = page.ok_or(Problem::Malformed)?;
    if let Some(session) = session {
        sessions.window_left(&session, page).await?;
    }
    Ok(HttpResponse::NoContent().finish())
}

async fn session_of_page(
    site: &Site,
    sessions: &Sessions,
    request: &HttpRequest,
    body: &FormBody,
) -> Result<Option<ConnectSession>, Problem> {
    match body.get("code").and_then(|code| StartCode::parse(code).ok()) {
        Some(code) => session_of_start_page(site, sessions, body, &code).await,
        None => session_of_browser(site, sessions, request, body).await.map(Some),
    }
}

/// The session of this browser, which may be over.
async fn session_of_browser(
    site: &Site,
    sessions: &Sessions,
    request: &HttpRequest,
    body: &FormBody,
) -> Result<ConnectSession, Problem> {
    let session = known_session(sessions, request).await?.ok_or(Problem::SessionOver)?;
    RequestLocale::in_session(site, request, &session);
    show_unrecorded(site, request, session.display);
    let token = body.get("form_token").unwrap_or_default();
    if site.form_tokens.verify(Bound::Session(session.id), token) { Ok(session) } else { Err(Problem::StaleForm) }
}

/// The session of a start page, if its code is not redeemed: a redeemed one has pages of its own.
async fn session_of_start_page(
    site: &Site,
    sessions: &Sessions,
    body: &FormBody,
    code: &StartCode,
) -> Result<Option<ConnectSession>, Problem> {
    if !site.form_tokens.verify(Bound::Code(code), body.get("form_token").unwrap_or_default()) {
        return Err(Problem::StaleForm);
    }
    let session = sessions.find_by_code(code).await?.ok_or(Problem::PageExpired)?;
    let display = display(site, body.get(routes::DISPLAY));
    let is_waiting = sessions.standing(&session) == Standing::Waiting;
    Ok(is_waiting.then_some(ConnectSession { display, ..session }))
}
