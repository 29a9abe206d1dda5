//! Arrive: a start code becomes a session in this browser. Reading a link never uses its code up; a press does.

use std::borrow::Cow;

use actix_session::{Session, SessionExt as _};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};

use crate::{
    domain::{
        connector::{Connector, ConnectorId},
        session::{Arrival, ConnectSession, EndedBy, Standing, StartCode},
    },
    gangway::Gangway,
    runtime::metrics::Step,
    store::Redeemed,
    web::{
        middleware::same_origin::{Sender, sender},
        pages::{BuiltInWay, Connect, Form, Frame, Start, StartApp, Switch},
        problem::Problem,
        routes,
    },
};

use crate::{
    sessions::signed_token::code_for,
    web::{
        request::{
            form_body::{Posted, asked},
            form_token::Bound,
            in_app_browser::{is_built_in, way_out},
            locale::Reader,
            visitor::{SESSION, known_session, landing},
        },
        views::{
            connect_form::{Opened, Situation},
            frame::{answer, app, bare_frame, frame_of, in_words, person, see_other},
        },
    },
};

/// The field that says that the user was asked whether to switch.
const SWITCH: &str = "switch";

/// `GET /start?code=…`: whom the link is for, and the apps to choose from.
///
/// # Errors
/// `PageExpired` when the code is unknown, used up or too old.
pub(crate) async fn show(gangway: web::Data<Gangway>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let code = asked(&request, "code").unwrap_or_default();
    let code = StartCode::parse(&code).map_err(|_| Problem::PageExpired)?;
    start_page(&gangway, &request, &code).await
}

/// `POST /start`: uses the code up and opens the session, if the press came from our own start page or from a page of
/// the host. From anywhere else it shows the start page, and nobody's session changes. A token that the host signed
/// stands for the code of its session, and goes the same way.
///
/// # Errors
/// `PageExpired` when the code is unknown, used up or too old.
pub(crate) async fn redeem(
    gangway: web::Data<Gangway>,
    request: HttpRequest,
    posted: Posted,
) -> Result<HttpResponse, Problem> {
    let code = match (posted.get("code"), posted.get("token")) {
        (None, Some(token)) => code_for(&gangway, &token.into()).await?,
        (code, _) => code.and_then(|code| StartCode::parse(code).ok()).ok_or(Problem::PageExpired)?,
    };
    let Some(arrival) = arrival(&gangway, &request, &posted, &code) else {
        return start_page(&gangway, &request, &code).await;
    };
    let before = known_session(&gangway, &request).await?;
    if arrival == Arrival::Link && before.is_some() && posted.get(SWITCH).is_none() {
        // A page of another site may have led here without the cookie, and then nobody has asked yet.
        let session = gangway.store.session_by_code(&code.digest()).await?.ok_or(Problem::PageExpired)?;
        if stands_in_the_way(&gangway, before.clone(), &session).is_some() {
            return start_page(&gangway, &request, &code).await;
        }
    }
    match gangway.store.redeem(&code.digest(), arrival, gangway.clock.now()).await? {
        Redeemed::Now(session) => {
            open(&gangway, &request.get_session(), before, &session).await?;
            tracing::info!(session = %session.id, ?arrival, "arrived");
            let label = gangway.app_label(session.connector.as_ref()).await;
            gangway.metrics.step(Step::Arrived, &label);
            Ok(onwards(&session, &posted, arrival))
        }
        Redeemed::Before(session) => again(&gangway, before, &session),
        Redeemed::Never => Err(Problem::PageExpired),
    }
}

/// How this press arrived, if it is one that may use the code up.
fn arrival(gangway: &Gangway, request: &HttpRequest, posted: &Posted, code: &StartCode) -> Option<Arrival> {
    match sender(request, &gangway.site.origin()) {
        Sender::Ourselves => {
            let token = posted.get("form_token").unwrap_or_default();
            gangway.site.form_tokens.verify(Bound::Code(code), token).then_some(Arrival::Link)
        }
        Sender::Other(origin) => {
            let hosts = &gangway.settings.host.origins;
            hosts.iter().any(|known| known.origin().ascii_serialization() == origin).then_some(Arrival::Host)
        }
        Sender::Unknown => None,
    }
}

/// Gives the browser a new cookie for the session. A session of another user that it held before is over.
async fn open(
    gangway: &Gangway,
    browser: &Session,
    before: Option<ConnectSession>,
    session: &ConnectSession,
) -> Result<(), Problem> {
    if let Some(before) = before.filter(|before| before.user.external_id != session.user.external_id) {
        gangway.store.end_session(before.id, EndedBy::User, gangway.clock.now()).await?;
    }
    browser.renew();
    browser.insert(SESSION, session.id).map_err(|error| {
        tracing::error!(%error, "the session could not be written");
        Problem::Internal
    })
}

/// To the app that was pressed, or where the host wanted; with `begin`, the same form goes on to begin the link. The
/// address says that the browser has just arrived: if it comes there without its cookie, it keeps none.
fn onwards(session: &ConnectSession, posted: &Posted, arrival: Arrival) -> HttpResponse {
    let pressed = posted.get("connector").and_then(|id| ConnectorId::parse(id).ok());
    match pressed {
        Some(connector) if arrival == Arrival::Link && posted.get("begin").is_some() => {
            HttpResponse::TemporaryRedirect()
                .insert_header((header::LOCATION, routes::arrived(&routes::link(&connector))))
                .finish()
        }
        Some(connector) => see_other(routes::arrived(&routes::connector(&connector))),
        None => see_other(routes::arrived(&landing(session))),
    }
}

/// A code that was used up: the browser that did it goes back to where it was.
fn again(gangway: &Gangway, before: Option<ConnectSession>, session: &ConnectSession) -> Result<HttpResponse, Problem> {
    let live = |known: &ConnectSession| known.standing(gangway.site.lifetime, gangway.clock.now()) == Standing::Live;
    let same = before.is_some_and(|before| live(&before) && before.user.external_id == session.user.external_id);
    if same { Ok(see_other(landing(session))) } else { Err(Problem::PageExpired) }
}

/// The session of another user that this browser is in the middle of.
fn stands_in_the_way(
    gangway: &Gangway,
    before: Option<ConnectSession>,
    session: &ConnectSession,
) -> Option<ConnectSession> {
    before.filter(|before| {
        let live = before.standing(gangway.site.lifetime, gangway.clock.now()) == Standing::Live;
        live && before.user.external_id != session.user.external_id
    })
}

async fn start_page(gangway: &Gangway, request: &HttpRequest, code: &StartCode) -> Result<HttpResponse, Problem> {
    let session = gangway.store.session_by_code(&code.digest()).await?.ok_or(Problem::PageExpired)?;
    let mut reader = Reader::in_session(&gangway.site, request, &session);
    let now = gangway.clock.now();
    let before = known_session(gangway, request).await?;
    if session.standing(gangway.site.lifetime, now) != Standing::Waiting {
        return again(gangway, before, &session);
    }
    if asked(request, routes::BROWSER).is_some() {
        return way_out(&gangway.site, request, &reader, &session, code, routes::start(code));
    }
    let address = routes::start(code);
    reader.offer(&gangway.site, routes::START, address.split_once('?').map_or("", |(_, query)| query));
    let built_in_url = is_built_in(request).then(|| routes::start_elsewhere(code));
    let form = Form::new(routes::START)
        .with("code", code.expose())
        .with("form_token", gangway.site.form_tokens.issue(Bound::Code(code)));
    if let Some(current) = stands_in_the_way(gangway, before, &session) {
        let page = Switch {
            frame: Frame { return_url: gangway.site.return_url(Some(&session)), ..bare_frame(&gangway.site, &reader) },
            current: person(&current.user),
            invited: person(&session.user),
            stay_url: routes::CONNECTORS.to_owned(),
            form: form.with(SWITCH, "1"),
        };
        return answer(StatusCode::OK, &page);
    }
    let offer = gangway.catalogue.connectors().await?;
    let connectors: Vec<Cow<'_, Connector>> =
        offer.to(&session).map(|connector| in_words(&reader.language, connector)).collect();
    let only = match (&session.connector, connectors.as_slice()) {
        (Some(wanted), all) => all.iter().map(Cow::as_ref).find(|connector| connector.id.same_as(wanted)),
        (None, [only]) => Some(only.as_ref()),
        (None, _) => None,
    };
    if let Some(connector) = only
        && let Ok(opened) = Opened::before(&gangway.site, &reader, &session, connector, None).await
        && let Some(shown) = opened.form()
    {
        let form = form.with("connector", connector.id.as_str()).with("begin", "1");
        let page = opened.page(&gangway.site, shown, form, &Situation::default());
        // Other ways of signing in, and what is connected, come after the code is redeemed.
        let built_in = built_in_url.filter(|_| shown.wants_redirect).map(BuiltInWay::Link);
        let cancel_url = page.frame.return_url.clone();
        let page = Connect { by_link: true, methods: Vec::new(), cancel_url, built_in, ..page };
        return answer(StatusCode::OK, &page);
    }
    let apps = connectors.iter().map(|connector| StartApp {
        id: connector.id.as_str().to_owned(),
        app: app(connector),
        line: connector.description.as_ref().map(Into::into),
    });
    answer(
        StatusCode::OK,
        &Start { frame: frame_of(&gangway.site, &reader, &session), form, apps: apps.collect(), built_in_url },
    )
}
