//! The API's description (OpenAPI 3.1), generated from the handlers and their types.

mod events;
mod failures;
mod links;
mod webhooks;
mod words;

use std::sync::LazyLock;

use actix_web::{HttpResponse, http::header::ContentType, web};
use serde_json::{Value, json};
use utoipa::OpenApi;

use crate::{domain::event::Event, sessions::Sessions, web::Site, webhook::TestEvent};

use failures::{Failures, Key};

use super::{
    ApiProblem, HostKey, Kind, NoParameters, Query, attempt_list, attempts, complete, connections, connectors,
    deliveries, disconnect, erase, refused, sessions, users,
};

/// Every operation. What is asked of the host's server itself is in `webhooks`.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Gangway",
        description = "Your server lets its users connect apps, hears what came of it, and takes away what is not wanted any \
                       more. Failures are RFC 9457 problems whose `type` leads to a page that explains it.",
    ),
    paths(
        sessions::create,
        sessions::show,
        sessions::end,
        attempt_list::list,
        attempts::show,
        complete::complete,
        connectors::list,
        connections::list,
        disconnect::disconnect,
        refused::report,
        users::show,
        erase::erase_user,
        deliveries::list,
        deliveries::replay,
        deliveries::test,
    ),
    components(schemas(super::problem::Wire, Event, TestEvent)),
    modifiers(&Failures, &Key)
)]
struct Description;

/// The document without the parts that depend on the settings.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut document = serde_json::to_value(Description::openapi()).unwrap_or_default();
    set(&mut document, "/info/version", env!("CARGO_PKG_VERSION").into());
    // A request with `reconnect` must have `connector` too.
    if let Some(Value::Object(session)) = document.pointer_mut("/components/schemas/NewConnectSession") {
        session.insert("dependentRequired".to_owned(), json!({ "reconnect": ["connector"] }));
    }
    links::add_to(&mut document);
    events::add_to(&mut document);
    if let Value::Object(document) = &mut document {
        document.insert("webhooks".to_owned(), webhooks::webhooks());
    }
    document
});

fn set(document: &mut Value, pointer: &str, value: Value) {
    if let Some(place) = document.pointer_mut(pointer) {
        *place = value;
    }
}

/// `GET /api/v1/openapi.json`: the description. It contains no secret, so no key is required; with a valid key it also
/// lists the host's return URLs.
pub(crate) async fn show(
    known: Result<HostKey, ApiProblem>,
    sessions: web::Data<Sessions>,
    site: web::Data<Site>,
    Query(NoParameters {}): Query<NoParameters>,
) -> Result<HttpResponse, ApiProblem> {
    let is_host = match known {
        Err(problem) if problem.kind() == Kind::TooManyRequests => return Err(problem),
        known => known.is_ok(),
    };
    let mut document = DOCUMENT.clone();
    if let Value::Object(document) = &mut document {
        document.insert("servers".to_owned(), json!([{ "url": site.origin(), "description": "This Gangway" }]));
    }
    let mut bound = |field: &str, what: &str, value: Value| {
        let field = format!("/components/schemas/NewConnectSession/properties/{field}");
        if let Some(Value::Object(field)) = document.pointer_mut(&field) {
            field.insert(what.to_owned(), value);
        }
    };
    bound("expires_in", "maximum", sessions.start_code_lifetime.as_secs().into());
    if is_host {
        let urls = sessions.return_urls.iter().map(|url| Value::from(url.as_str()));
        // `null` means the same as an absent field.
        bound("return_url", "enum", urls.chain([Value::Null]).collect());
    }
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(document.to_string()))
}
