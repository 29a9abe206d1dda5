//! Listens on `server.bind` in place of `gangway serve`: the page with the button, and the browser's return.

use std::{
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    dev::ServerHandle,
    http::{Method, header},
    web,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    alloy::first_contact::is_field_name,
    domain::session::StartCode,
    web::{cookies::only_value, request::refusal::refusal, routes},
};

const COOKIE: &str = "gangway-check";
const MAX_NAMES: usize = 20;

/// A return of the browser. It holds names of parameters, never values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Return {
    pub(super) path: &'static str,
    pub(super) parameters: Vec<String>,
    /// Reason of a refusal that the parameters report.
    pub(super) refusal: Option<String>,
    pub(super) is_same_browser: bool,
}

#[derive(Debug)]
pub(super) enum Visit {
    Pressed,
    Returned(Return),
}

/// What the handlers share. It holds secrets: no `Debug`.
pub(super) struct Desk {
    pub(super) code: StartCode,
    pub(super) state: String,
    pub(super) authorization_url: SecretString,
    pub(super) visits: UnboundedSender<Visit>,
    pub(super) pressed: Mutex<bool>,
    pub(super) may_come: Arc<AtomicBool>,
}

/// Serves until the handle stops it.
pub(super) fn serve(socket: TcpListener, desk: Desk) -> std::io::Result<ServerHandle> {
    let desk = web::Data::new(desk);
    let app = move || {
        App::new()
            .app_data(desk.clone())
            .route(routes::START, web::get().to(show))
            .route(routes::START, web::post().to(press))
            .default_service(web::to(come_back))
    };
    let server = HttpServer::new(app).workers(1).disable_signals().listen(socket)?.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok(handle)
}

fn page(status: actix_web::http::StatusCode, body: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "same-origin"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"))
        .content_type("text/html; charset=utf-8")
        .body(body)
}

fn is_code(given: &str, desk: &Desk) -> bool {
    StartCode::parse(given).is_ok_and(|code| code.digest() == desk.code.digest())
}

fn parameter(encoded: &str, name: &str) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(encoded.as_bytes());
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

async fn show(request: HttpRequest, desk: web::Data<Desk>) -> HttpResponse {
    match parameter(request.query_string(), "code") {
        Some(code) if is_code(&code, &desk) => {
            page(actix_web::http::StatusCode::OK, format!(include_str!("start.html"), code = desk.code.expose()))
        }
        _ => unknown(),
    }
}

async fn press(body: String, desk: web::Data<Desk>) -> HttpResponse {
    if !parameter(&body, "code").is_some_and(|code| is_code(&code, &desk)) {
        return unknown();
    }
    if let Ok(mut pressed) = desk.pressed.lock() {
        *pressed = true;
    }
    desk.may_come.store(true, Ordering::Relaxed);
    let _ = desk.visits.send(Visit::Pressed);
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, desk.authorization_url.expose_secret()))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::SET_COOKIE, format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax", desk.code.expose())))
        .finish()
}

/// Any other path: the return, where it can be told.
async fn come_back(request: HttpRequest, desk: web::Data<Desk>) -> HttpResponse {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_navigation = request.method() == Method::GET
        && matches!(header("sec-fetch-dest"), "" | "document")
        && !header("sec-purpose").contains("prefetch");
    let is_same_browser = cookie(&request).is_some_and(|value| is_code(value, &desk));
    let is_pressed = desk.pressed.lock().is_ok_and(|pressed| *pressed);
    let expected = routes::callback(&desk.state);
    let path = match request.path() {
        path if path == expected => "kept",
        path if routes::callback_without_slashes(path).as_ref() == Some(&expected) => "kept, with slashes added",
        path if path.contains(&desk.state) => "changed, with the state in it",
        path if is_same_browser && !path.ends_with("favicon.ico") => "LOST",
        _ => return unknown(),
    };
    if !(is_navigation && is_pressed) {
        return unknown();
    }
    let query = request.query_string();
    let returned = Return {
        path,
        parameters: names(query),
        refusal: refusal(query).map(|reason| reason.to_string()),
        is_same_browser,
    };
    let _ = desk.visits.send(Visit::Returned(returned));
    page(actix_web::http::StatusCode::OK, include_str!("end.html").to_owned())
}

fn cookie(request: &HttpRequest) -> Option<&str> {
    let lines = request.headers().get_all(header::COOKIE).map(|line| line.as_bytes());
    std::str::from_utf8(only_value(lines, COOKIE)?).ok()
}

fn unknown() -> HttpResponse {
    HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("There is nothing here.\n")
}

/// A name without a value may be a value, and so may an odd name.
fn names(query: &str) -> Vec<String> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).take(MAX_NAMES);
    let name = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if is_field_name(name) => name.to_owned(),
        _ => "(…)".to_owned(),
    };
    pairs.map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_parameters_have_no_values() {
        assert_eq!(names("code=CANARY&state=CANARY&error_description=a%20b"), ["code", "state", "error_description"]);
        assert_eq!(names("CANARY&eyJhbGciOiJIUzI1NiJ9.e30=1&a%2Fb=2&=3"), ["(…)", "(…)", "(…)", "(…)"]);
        assert_eq!(names(""), Vec::<String>::new());
    }
}
