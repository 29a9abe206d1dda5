//! Shared parts of pages: frame, response, and the texts of problems.

use std::borrow::Cow;

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{self, ContentType},
    },
};

use crate::{
    domain::{
        attempt::{LinkAttempt, Reference},
        connector::{Connector, ConnectorId},
        session::{ConnectSession, EndUser},
        text,
    },
    i18n::Language,
    web::{
        Site,
        pages::{self, Closing, Frame, Page, Person},
        problem::Problem,
        routes,
    },
};

use crate::web::request::{form_token::Bound, locale::RequestLocale};

pub(crate) fn frame_of(site: &Site, locale: &RequestLocale, session: &ConnectSession) -> Frame {
    Frame {
        return_url: site.return_url(Some(session)),
        person: Some(person(&session.user)),
        closing: closing(site, locale, session),
        ..bare_frame(site, locale)
    }
}

pub(crate) fn bare_frame(site: &Site, locale: &RequestLocale) -> Frame {
    Frame {
        language: locale.language.clone(),
        languages: locale.languages.clone(),
        host: site.host_name.as_str().into(),
        logo_url: site.logo.is_some().then(|| routes::LOGO.to_owned()),
        return_url: site.return_url(None),
        person: None,
        style_url: Some(site.style.url()),
        closing: None,
        window: locale.window.clone(),
    }
}

/// The end of the session; `None` before it is redeemed and after its end.
pub(crate) fn closing(site: &Site, locale: &RequestLocale, session: &ConnectSession) -> Option<Closing> {
    let (ending, now) = (session.ends(site.lifetime)?, site.clock.now());
    let extend = || {
        let token = site.form_tokens.issue(Bound::Session(session.id));
        pages::Form::new(routes::SESSION_EXTEND).with("form_token", token)
    };
    (now < ending.at).then(|| Closing {
        at: locale.language.time(ending.at),
        seconds: (ending.at - now).whole_seconds(),
        extend: ending.can_wait.then(extend),
        over_url: routes::CONNECTORS.to_owned(),
    })
}

pub(crate) fn person(user: &EndUser) -> Person {
    let seen = |name: &Option<String>| pages::Name::visible(name.as_deref()?);
    Person { name: seen(&user.name), email: seen(&user.email) }
}

pub(crate) fn app(connector: &Connector) -> pages::App {
    pages::App { name: connector.name.as_str().into(), icon_url: Some(routes::icon(&connector.id)) }
}

/// The app with the host's phrases for that language, if there are any.
pub(crate) fn in_words<'a>(language: &Language, connector: &'a Connector) -> Cow<'a, Connector> {
    if !language.names_apps() {
        return Cow::Borrowed(connector);
    }
    let id = connector.id.as_str().to_lowercase();
    let said = |what: &str| language.of_the_host(&format!("app-{id}-{what}")).filter(|words| text::is_visible(words));
    let permissions = said("permissions").map(|lines| lines.lines().map(|line| line.trim().to_owned()).collect());
    Cow::Owned(Connector {
        name: said("name").unwrap_or_else(|| connector.name.clone()),
        description: said("description").or_else(|| connector.description.clone()),
        category: said("category").or_else(|| connector.category.clone()),
        permissions: permissions.unwrap_or_else(|| connector.permissions.clone()),
        ..connector.clone()
    })
}

pub(crate) async fn choose_url(site: &Site, session: &ConnectSession) -> Option<String> {
    let offer = site.catalogue.connectors().await.ok()?;
    offer.to(session).nth(1).map(|_| routes::CONNECTORS.to_owned())
}

pub(crate) async fn connector_of(site: &Site, attempt: &LinkAttempt) -> Connector {
    connector_named(site, &attempt.connector).await
}

/// The app with that id, even if it is no longer in the catalogue.
pub(crate) async fn connector_named(site: &Site, id: &ConnectorId) -> Connector {
    // Allowed apps are cached; any other app is looked up.
    let offered = site.catalogue.connector(id.as_str()).await.ok().flatten();
    let found = match offered {
        Some(offered) => Some(offered),
        None => site.catalogue.described(id).await.ok().flatten(),
    };
    found.unwrap_or_else(|| Connector::unknown(id.clone()))
}

pub(crate) fn answer(status: StatusCode, page: &impl Page) -> Result<HttpResponse, Problem> {
    let html = page.render().map_err(|error| {
        tracing::error!(%error, "a page could not be written");
        Problem::Internal
    })?;
    Ok(HttpResponse::build(status).content_type(ContentType::html()).body(html))
}

pub(crate) fn see_other(url: impl Into<String>) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, url.into())).finish()
}

pub(crate) fn problem_html(site: &Site, locale: &RequestLocale, problem: &Problem, reference: Reference) -> String {
    let frame = Frame { return_url: locale.return_url.clone(), ..bare_frame(site, locale) };
    let page = pages::Problem::of(problem, &frame, Some(routes::CONNECTORS), locale.again_url.as_deref());
    page.reference(reference.to_string()).render().unwrap_or_default()
}
