//! Maps routes to handlers.

use std::sync::Arc;

use actix_web::{
    Error, Resource, Scope,
    body::MessageBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    guard,
    middleware::from_fn,
    web::{self, ServiceConfig},
};

use super::services::Services;
use crate::{
    embed::{cors::cors, files, outcome},
    host_api::{
        ApiProblem, HostKey, HostKeys, Kind, attempt_list, attempts, complete, connections, connectors, deliveries,
        description, disconnect as take_away, erase, explain_problem, refused, sessions, users,
    },
    journey::{
        arrive, callback, choose, confirm, connect, disconnect, extend, leave, open_in_browser, opened, start, window,
    },
    web::{
        cookies::OwnCookies,
        middleware::{
            arrived::arrived,
            browser_session::{BrowserSessions, browser_session, rotated_keys, store_failures},
            rate_headers::rate_headers,
            rate_limit::rate_limit,
            same_origin::same_origin,
        },
        problem::Problem,
        request::window::count_page,
        routes::{self, api},
        static_files,
    },
};

/// The routes for browsers and the host's server. Other paths return 404.
pub(crate) fn public(config: &mut ServiceConfig, services: &Services, browsers: &web::Data<BrowserSessions>) {
    let own = OwnCookies::of(&services.settings.server.public_url);
    config
        .app_data(web::Data::from(Arc::clone(&services.site)))
        .app_data(web::Data::new(own))
        .app_data(web::Data::from(Arc::clone(&services.limits)))
        .app_data(web::Data::from(Arc::clone(&services.metrics)))
        .app_data(web::Data::from(Arc::clone(&services.icons)))
        .app_data(web::Data::from(Arc::clone(&services.alloy)))
        .app_data(web::Data::from(Arc::clone(&services.sessions)))
        .app_data(web::Data::from(Arc::clone(&services.attempts)))
        .app_data(web::Data::from(Arc::clone(&services.connections)))
        .app_data(web::Data::from(Arc::clone(&services.alloy_users)))
        .app_data(web::Data::from(Arc::clone(&services.held)))
        .app_data(web::Data::from(Arc::clone(&services.held_outcomes)))
        .app_data(web::Data::from(Arc::clone(&services.webhook)))
        .app_data(web::Data::new(HostKeys(services.settings.host.api_keys.clone())))
        .app_data(browsers.clone())
        .app_data(web::Data::new(services.keys.clone()))
        .service(at(routes::ASSET, "GET, HEAD").route(read().to(static_files::file)))
        .service(at(routes::STYLE, "GET, HEAD").route(read().to(static_files::style)))
        .service(at(routes::LOGO, "GET, HEAD").route(read().to(static_files::logo)))
        .service(at(routes::ICON, "GET, HEAD").route(read().to(static_files::icon)))
        .service(at(routes::EMBED_SCRIPT, "GET, HEAD").route(read().to(files::show)))
        .service(at(routes::EMBED_TYPES, "GET, HEAD").route(read().to(files::show)))
        .service(at(routes::EMBED_FRAME_SCRIPT, "GET, HEAD").route(read().to(files::show)))
        .service(at(routes::EMBED_FRAME_TYPES, "GET, HEAD").route(read().to(files::show)))
        .service(at(routes::EMBED_OUTCOME, "GET, HEAD, OPTIONS").route(read().to(outcome::show)).wrap(from_fn(cors)))
        .service(host_api())
        .service(at(routes::PROBLEM, "GET, HEAD").route(read().to(explain_problem::show)).wrap(from_fn(rate_limit)))
        .service(
            // The host's own page may post here, so the handler checks the origin itself.
            at(routes::START, "GET, HEAD, POST")
                .route(read().to(arrive::show))
                .route(web::post().to(arrive::redeem))
                .wrap(from_fn(count_page))
                .wrap(browser_session(browsers, &services.keys, own))
                .wrap(from_fn(store_failures))
                .wrap(from_fn(rotated_keys))
                .wrap(from_fn(rate_limit)),
        )
        .service(
            // The handler applies the rate limit, because a foreign return is recorded even beyond it.
            at(routes::CALLBACK, "GET, HEAD")
                .route(read().to(callback::arrive_back))
                .wrap(from_fn(count_page))
                .wrap(from_fn(same_origin))
                .wrap(browser_session(browsers, &services.keys, own))
                .wrap(from_fn(store_failures))
                .wrap(from_fn(rotated_keys)),
        )
        .service(
            web::scope("")
                .service(at(routes::ROOT, "GET, HEAD").route(read().to(choose::root)))
                .service(at(routes::CONNECTORS, "GET, HEAD").route(read().to(choose::show)))
                .service(at(routes::CONNECTOR, "GET, HEAD").route(read().to(connect::show)))
                .service(at(routes::OPENED, "GET, HEAD").route(read().to(opened::show)))
                .service(at(routes::LINK, "POST").route(web::post().to(start::begin)))
                .service(at(routes::ATTEMPT, "GET, HEAD").route(read().to(confirm::show)))
                .service(at(routes::ATTEMPT_STATUS, "GET, HEAD").route(read().to(confirm::status)))
                .service(at(routes::ATTEMPT_ANSWER, "POST").route(web::post().to(confirm::answer)))
                .service(at(routes::SESSION_EXTEND, "POST").route(web::post().to(extend::extend)))
                .service(at(routes::SESSION_BROWSER, "POST").route(web::post().to(open_in_browser::open)))
                .service(
                    at(routes::DISCONNECT, "GET, HEAD, POST")
                        .route(read().to(disconnect::show))
                        .route(web::post().to(disconnect::disconnect)),
                )
                .service(at(routes::SESSION_END, "POST").route(web::post().to(leave::end)))
                .service(
                    at(routes::WINDOW_CLOSE, "GET, HEAD, POST")
                        .route(read().to(window::show_closed))
                        .route(web::post().to(window::close)),
                )
                .service(at(routes::WINDOW_LEFT, "POST").route(web::post().to(window::leave)))
                .wrap(from_fn(count_page))
                .wrap(from_fn(arrived))
                .wrap(from_fn(same_origin))
                .wrap(browser_session(browsers, &services.keys, own))
                .wrap(from_fn(store_failures))
                .wrap(from_fn(rotated_keys))
                .wrap(from_fn(rate_limit)),
        )
        .default_service(web::to(nothing));
}

fn host_api() -> Scope<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    web::scope(api::PREFIX)
        .service(for_host(api::OPENAPI, "GET, HEAD").route(read().to(description::show)))
        .service(for_host(api::CONNECT_SESSIONS, "POST").route(web::post().to(sessions::create)))
        .service(
            for_host(api::CONNECT_SESSION, "GET, HEAD, DELETE")
                .route(read().to(sessions::show))
                .route(web::delete().to(sessions::end)),
        )
        .service(for_host(api::CONNECTORS, "GET, HEAD").route(read().to(connectors::list)))
        .service(for_host(api::COMPLETE, "POST").route(web::post().to(complete::complete)))
        .service(for_host(api::LINK_ATTEMPTS, "GET, HEAD").route(read().to(attempt_list::list)))
        .service(for_host(api::LINK_ATTEMPT, "GET, HEAD").route(read().to(attempts::show)))
        .service(
            for_host(api::USER, "GET, HEAD, DELETE")
                .route(read().to(users::show))
                .route(web::delete().to(erase::erase_user)),
        )
        .service(for_host(api::CONNECTIONS, "GET, HEAD").route(read().to(connections::list)))
        .service(for_host(api::CONNECTION, "DELETE").route(web::delete().to(take_away::disconnect)))
        .service(for_host(api::REFUSED, "POST").route(web::post().to(refused::report)))
        .service(for_host(api::WEBHOOK_DELIVERIES, "GET, HEAD").route(read().to(deliveries::list)))
        .service(for_host(api::WEBHOOK_TEST, "POST").route(web::post().to(deliveries::test)))
        .service(for_host(api::WEBHOOK_REPLAY, "POST").route(web::post().to(deliveries::replay)))
        .default_service(web::to(|key| async { counted(key, Problem::NotFound) }))
        .wrap(from_fn(rate_headers))
}

fn for_host(path: &str, methods: &'static str) -> Resource {
    let path = path.trim_start_matches(api::PREFIX);
    web::resource(path).default_service(web::to(move |key: Result<HostKey, ApiProblem>| async move {
        counted(key, Problem::MethodNotAllowed(methods))
    }))
}

/// Applies the rate limit to a failure that needs no key.
fn counted(key: Result<HostKey, ApiProblem>, failure: Problem) -> Result<&'static str, Error> {
    match key {
        Err(problem) if problem.kind() == Kind::TooManyRequests => Err(problem.into()),
        _ => Err(failure.into()),
    }
}

async fn nothing() -> Result<&'static str, Problem> {
    Err(Problem::NotFound)
}

/// A path that answers other methods with 405 and its `Allow` list (RFC 9110 section 15.5.6).
fn at(path: &str, methods: &'static str) -> Resource {
    web::resource(path)
        .default_service(web::to(move || async move { Err::<&str, _>(Problem::MethodNotAllowed(methods)) }))
}

fn read() -> actix_web::Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}
