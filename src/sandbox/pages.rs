//! Pages of Alloy, of the providers, and of the sandbox itself.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web,
};
use askama::Template;

use super::{catalogue::Connector, fault::Switch, journal::Call, ledger::REVOKED, messages::Message, world::World};

#[derive(Template)]
#[template(path = "sandbox/consent.html")]
struct Consent<'a> {
    connector: &'a str,
    colour: &'a str,
    icon: Option<String>,
    app: &'a str,
    initial: char,
    account: &'a str,
    /// Parameters of the authorization request, repeated by the form.
    given: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "sandbox/message.html")]
struct Notice<'a> {
    heading: &'a str,
    sentence: &'a str,
}

/// Messages of a channel.
#[derive(Template)]
#[template(path = "sandbox/channel.html")]
pub(super) struct Channel<'a> {
    pub(super) connector: &'a str,
    pub(super) connector_id: &'a str,
    pub(super) channel: &'a str,
    pub(super) channels: Vec<&'a str>,
    pub(super) messages: Vec<Posted<'a>>,
}

pub(super) struct Posted<'a> {
    /// Such as 14:05.
    pub(super) time: &'a str,
    pub(super) message: &'a Message,
}

/// Apps that users allowed.
#[derive(Template)]
#[template(path = "sandbox/installed_apps.html")]
pub(super) struct InstalledApps<'a> {
    pub(super) connector: &'a str,
    pub(super) connector_id: &'a str,
    pub(super) apps: Vec<InstalledApp<'a>>,
}

pub(super) struct InstalledApp<'a> {
    pub(super) credential_id: &'a str,
    pub(super) account: &'a str,
    pub(super) user: &'a str,
    /// Such as 2026-03-03.
    pub(super) since: &'a str,
    pub(super) works: bool,
}

#[derive(Template)]
#[template(path = "sandbox/front.html")]
struct Front<'a> {
    base_url: &'a str,
    connectors: usize,
    revoked: &'static str,
    active: Vec<Switch>,
    calls: Vec<Call>,
}

pub(super) fn consent(connector: &Connector, app: &str, account: &str, given: Vec<(String, String)>) -> HttpResponse {
    let icon = connector.icon.as_ref();
    let page = Consent {
        connector: &connector.name,
        colour: icon.map_or("#334155", |icon| &icon.colour),
        icon: icon.map(|_| format!("/icons/{}.svg", connector.id)),
        app,
        initial: app.chars().next().unwrap_or(' '),
        account,
        given,
    };
    html(StatusCode::OK, &page)
}

pub(super) fn message(status: StatusCode, heading: &str, sentence: &str) -> HttpResponse {
    html(status, &Notice { heading, sentence })
}

/// `GET /`
pub(super) async fn front(world: web::Data<World>) -> HttpResponse {
    let calls = world.journal.calls().into_iter().rev().take(50).collect();
    let page = Front {
        base_url: &world.base_url,
        connectors: world.catalogue.all().len(),
        revoked: REVOKED,
        active: world.faults.active(),
        calls,
    };
    html(StatusCode::OK, &page)
}

/// `GET /sandbox.css`
pub(super) async fn style() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/css; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "max-age=3600"))
        .body(include_str!("../../templates/sandbox/sandbox.css"))
}

/// `GET /icons/{connector}.svg`
pub(super) async fn icon(connector_id: web::Path<String>, world: web::Data<World>) -> HttpResponse {
    match world.catalogue.find(&connector_id).and_then(|connector| connector.icon.as_ref()) {
        Some(icon) => HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "image/svg+xml"))
            .insert_header((header::CACHE_CONTROL, "public, max-age=86400"))
            .body(icon.svg()),
        None => HttpResponse::NotFound().finish(),
    }
}

pub(super) fn html(status: StatusCode, page: &impl Template) -> HttpResponse {
    match page.render() {
        Ok(body) => HttpResponse::build(status)
            .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::REFERRER_POLICY, "no-referrer"))
            .insert_header((header::X_FRAME_OPTIONS, "DENY"))
            .body(body),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
