//! Arrive: a start code opens a session in this browser. A GET never redeems the code, because scanners fetch links.

use std::borrow::Cow;

use actix_session::SessionExt as _;
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};

use crate::{
    domain::{
        connector::{Connector, ConnectorId},
        session::{Arrival, ConnectSession, Display, Standing, StartCode},
    },
    runtime::metrics::{Metrics, Step},
    sessions::{Sessions, TokenError},
    store::{CookieRow, Redeemed},
    web::{
        Site,
        middleware::{
            browser_session::BrowserSessions,
            request_id::reference,
            same_origin::{Sender, log_unknown_sender, sender},
        },
        pages::{self, Connect, Form, Frame, OpenInBrowser, Start, StartApp, Switch},
        problem::Problem,
        request::{
            address::{opened_at_other_host, other_address},
            form_body::{FormBody, query_parameter},
            form_token::Bound,
            in_app_browser::{is_in_app_browser, open_in_browser_page},
            locale::RequestLocale,
            visitor::{known_session, landing},
            window::{self, display},
        },
        routes::{self, ConnectOptions},
        views::{
            connect_form::{ConnectForm, FormState},
            frame::{answer, app, bare_frame, frame_of, in_words, person, see_other},
        },
    },
};

/// Form field for the user's consent to end the session of another user.
const SWITCH: &str = "switch";

/// `GET /start?code=…`: whom the link is for, and the apps to choose from.
pub(crate) async fn show(
    site: web::Data<Site>,
    sessions: web::Data<Sessions>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let display = display(&site, query_parameter(&request, routes::DISPLAY).as_deref());
    window::show_unrecorded(&site, &request, display);
    let code = query_parameter(&request, "code").unwrap_or_default();
    let code = StartCode::parse(&code).map_err(|_| Problem::PageExpired)?;
    if let Some(redirect) = to_public_url(&site, &request) {
        return Ok(redirect);
    }
    let method = query_parameter(&request, "method");
    let another = query_parameter(&request, "another").is_some();
    let options = ConnectOptions { method: method.as_deref(), replaces: None, another };
    start_page(&site, &sessions, &request, &code, (options, display)).await
}

/// `POST /start`: redeems the code and opens the session, if the form was submitted on our start page or on a page of
/// the host. From any other origin it shows the start page and changes no session. A token signed by the host stands
/// for the code of its session.
pub(crate) async fn redeem(
    site: web::Data<Site>,
    metrics: web::Data<Metrics>,
    sessions: web::Data<Sessions>,
    browsers: web::Data<BrowserSessions>,
    request: HttpRequest,
    body: FormBody,
) -> Result<HttpResponse, Problem> {
    let display = display(&site, body.get(routes::DISPLAY));
    let is_framed = window::show_unrecorded(&site, &request, display);
    let code = match (body.get("code"), body.get("token")) {
        (None, Some(token)) => sessions.code_for_token(&token.into()).await?,
        (code, _) => code.and_then(|code| StartCode::parse(code).ok()).ok_or(Problem::PageExpired)?,
    };
    let Some(arrival) = arrival(&site, &request, &body, &code) else {
        if is_own_form(&site, &body, &code)
            && let Some(opened_at) = other_address(&request, &site.origin())
        {
            let start = routes::start_in(&code, options_of(&body), display);
            return other_address_page(&site, &request, &start, &opened_at);
        }
        log_unknown_sender(&request, &site.origin());
        return start_page(&site, &sessions, &request, &code, (options_of(&body), display)).await;
    };
    let previous = known_session(&sessions, &request).await?;
    if arrival == Arrival::Link && previous.is_some() && body.get(SWITCH).is_none() {
        // A page of another site may have sent the user here without the cookie, so the user was not asked yet.
        let session = sessions.find_by_code(&code).await?.ok_or(Problem::PageExpired)?;
        if other_live_session(&sessions, previous.clone(), &session).is_some() {
            return start_page(&site, &sessions, &request, &code, (options_of(&body), display)).await;
        }
    }
    let browser = request.get_session();
    let cookie = browsers.new_cookie(&browser);
    let state = |session| cookie.state(session);
    let row = CookieRow { key: cookie.digest(), state: &state };
    match sessions.redeem(&code, arrival, display, previous.as_ref(), row).await? {
        Redeemed::Redeemed(session) => {
            let failed = |error| tracing::error!(%error, "the session cookie could not be written");
            cookie.send(&browser, session.id).map_err(failed).map_err(|()| Problem::Internal)?;
            tracing::info!(session = %session.id, ?arrival, "arrived");
            let label = site.catalogue.metric_label(session.connector.as_ref()).await;
            metrics.step(Step::Arrived, &label);
            let session = without_missing_app(&site, session).await;
            let display = if is_framed || display == Display::Page { display } else { Display::Popup };
            Ok(landing_page(&session, &body, arrival, display))
        }
        Redeemed::AlreadyRedeemed(session) => back_to_session(&sessions, previous, &session),
        Redeemed::Invalid => Err(Problem::PageExpired),
    }
}

impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::NotAccepted => Self::PageExpired,
            TokenError::Failed(error) => error.into(),
        }
    }
}

fn arrival(site: &Site, request: &HttpRequest, body: &FormBody, code: &StartCode) -> Option<Arrival> {
    match sender(request, &site.origin()) {
        Sender::Ourselves => is_own_form(site, body, code).then_some(Arrival::Link),
        Sender::Other(origin) => {
            let hosts = &site.host_origins;
            hosts.iter().any(|known| known.origin().ascii_serialization() == origin).then_some(Arrival::Host)
        }
        Sender::Unknown => None,
    }
}

fn is_own_form(site: &Site, body: &FormBody, code: &StartCode) -> bool {
    site.form_tokens.verify(Bound::Code(code), body.get("form_token").unwrap_or_default())
}

/// Redirects a link that was opened at another host than the public URL's, where its form would be refused.
fn to_public_url(site: &Site, request: &HttpRequest) -> Option<HttpResponse> {
    let public_url = site.origin();
    let opened_at = opened_at_other_host(request, &public_url)?;
    let path = routes::start_at_public_url(request.query_string())?;
    if site.address_warnings.is_due("start link", &opened_at, site.clock.now()) {
        tracing::warn!(opened_at, public_url, "a start link was opened at another host than server.public_url");
    }
    Some(see_other(site.public(&path)))
}

fn other_address_page(
    site: &Site,
    request: &HttpRequest,
    start: &str,
    opened_at: &str,
) -> Result<HttpResponse, Problem> {
    let public_url = site.origin();
    if site.address_warnings.is_due("start page", opened_at, site.clock.now()) {
        tracing::warn!(opened_at, public_url, "a start page was opened at another address than server.public_url");
    }
    let frame = bare_frame(site, &RequestLocale::here(request));
    let page = pages::Problem::other_address(&frame, &public_url, &site.public(start));
    answer(StatusCode::FORBIDDEN, &page.or_back().reference(reference(request).to_string()))
}

/// Without an app that is not offered, which a host token may name: the user chooses another one.
async fn without_missing_app(site: &Site, session: ConnectSession) -> ConnectSession {
    let Some(connector) = &session.connector else { return session };
    if site.catalogue.lacks(connector).await {
        tracing::warn!(session = %session.id, %connector, "the app that a session names is not offered");
        return ConnectSession { connector: None, reconnect: None, ..session };
    }
    session
}

/// What the start page was opened for, by its form.
fn options_of(body: &FormBody) -> ConnectOptions<'_> {
    ConnectOptions { method: body.get("method"), replaces: None, another: body.get("another").is_some() }
}

/// Redirects to the chosen app, or to the page that the host named; with `begin`, a 307 resubmits the form to begin
/// the attempt. The URL is marked: a browser that arrives there without its cookie does not store cookies.
fn landing_page(session: &ConnectSession, body: &FormBody, arrival: Arrival, display: Display) -> HttpResponse {
    let mark = |path: &str| routes::mark_first_visit(path, display);
    let chosen = body.get("connector").and_then(|id| ConnectorId::parse(id).ok());
    let Some(connector) = chosen.as_ref().or(session.connector.as_ref()) else {
        return see_other(mark(&landing(session)));
    };
    if chosen.is_some() && arrival == Arrival::Link && body.get("begin").is_some() {
        let link = mark(&routes::link(connector));
        return HttpResponse::TemporaryRedirect().insert_header((header::LOCATION, link)).finish();
    }
    let own = if arrival == Arrival::Link { options_of(body) } else { ConnectOptions::default() };
    let options = ConnectOptions { replaces: session.reconnects(connector), ..own };
    see_other(mark(&routes::connector_with(connector, options)))
}

fn back_to_session(
    sessions: &Sessions,
    previous: Option<ConnectSession>,
    session: &ConnectSession,
) -> Result<HttpResponse, Problem> {
    let own = previous
        .is_some_and(|previous| sessions.is_live(&previous) && previous.user.external_id == session.user.external_id);
    if own { Ok(see_other(landing(session))) } else { Err(Problem::PageExpired) }
}

fn other_live_session(
    sessions: &Sessions,
    previous: Option<ConnectSession>,
    session: &ConnectSession,
) -> Option<ConnectSession> {
    previous.filter(|previous| sessions.is_live(previous) && previous.user.external_id != session.user.external_id)
}

async fn start_page(
    site: &Site,
    sessions: &Sessions,
    request: &HttpRequest,
    code: &StartCode,
    (options, display): (ConnectOptions<'_>, Display),
) -> Result<HttpResponse, Problem> {
    let session = sessions.find_by_code(code).await?.ok_or(Problem::PageExpired)?;
    RequestLocale::in_session(site, request, &session);
    let previous = known_session(sessions, request).await?;
    if sessions.standing(&session) != Standing::Waiting {
        return back_to_session(sessions, previous, &session);
    }
    window::request_start(site, sessions, request, code, &session, display).await;
    let mut locale = RequestLocale::here(request);
    let address = routes::start_in(code, options, display);
    if query_parameter(request, routes::BROWSER).is_some() {
        let link = routes::start_with(code, options);
        return open_in_browser_page(site, request, &locale, &session, &link, address);
    }
    locale.offer(site, routes::START, address.split_once('?').map_or("", |(_, query)| query));
    let open_in_browser_url = is_in_app_browser(request).then(|| routes::start_elsewhere(&address));
    let form = Form::new(routes::START)
        .with("code", code.expose())
        .with("form_token", site.form_tokens.issue(Bound::Code(code)));
    let form = if display == Display::Page { form } else { form.with(routes::DISPLAY, display.to_string()) };
    let with_options = |form: Form| {
        let form = if options.another { form.with("another", "1") } else { form };
        options.method.into_iter().fold(form, |form, method| form.with("method", method))
    };
    if let Some(current) = other_live_session(sessions, previous, &session) {
        let page = Switch {
            frame: Frame { return_url: site.return_url(Some(&session)), ..bare_frame(site, &locale) },
            current: person(&current.user),
            invited: person(&session.user),
            stay_url: routes::CONNECTORS.to_owned(),
            form: with_options(form.with(SWITCH, "1")),
        };
        return answer(StatusCode::OK, &page);
    }
    let offer = site.catalogue.connectors().await?;
    let connectors: Vec<Cow<'_, Connector>> =
        offer.to(&session).map(|connector| in_words(&locale.language, connector)).collect();
    let only = match (&session.connector, connectors.as_slice()) {
        (Some(wanted), all) => all.iter().map(Cow::as_ref).find(|connector| connector.id.same_as(wanted)),
        (None, [only]) => Some(only.as_ref()),
        (None, _) => None,
    };
    if let Some(connector) = only
        && let Ok(opened) = ConnectForm::before(site, &locale, &session, connector, options.method).await
        && let Some(shown) = opened.form()
    {
        let form = form.with("connector", connector.id.as_str()).with("begin", "1");
        let replaces = session.reconnects(&connector.id);
        let now = FormState { replaces, another: options.another, ..FormState::default() };
        let page = opened.page(site, shown, form, &now);
        // Other methods and the connections are shown after the code is redeemed.
        let open_in_browser = open_in_browser_url.filter(|_| shown.wants_redirect).map(OpenInBrowser::Link);
        let cancel_url = page.frame.return_url.clone();
        let page =
            Connect { by_link: true, methods: Vec::new(), cancel_url, choose_url: None, open_in_browser, ..page };
        return answer(StatusCode::OK, &page);
    }
    let apps = connectors.iter().map(|connector| StartApp {
        id: connector.id.as_str().to_owned(),
        app: app(connector),
        line: connector.description.as_ref().map(Into::into),
    });
    answer(
        StatusCode::OK,
        &Start {
            frame: frame_of(site, &locale, &session),
            form: with_options(form),
            apps: apps.collect(),
            open_in_browser_url,
        },
    )
}
