//! Common parts of all operations: failures, rate-limit headers, and the key.

use strum::VariantArray as _;
use utoipa::{
    Modify,
    openapi::{
        ContentBuilder, HeaderBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder,
        path::{Operation, ParameterIn},
        schema::Type,
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use crate::host_api::Kind;

/// Name of the security scheme.
const KEY: &str = "hostKey";

/// Adds to each operation its possible failures, with a problem as the body.
pub(super) struct Failures;

impl Modify for Failures {
    fn modify(&self, document: &mut OpenApi) {
        for operation in operations(document) {
            let responses = &mut operation.responses.responses;
            for response in responses.values_mut() {
                if let RefOr::T(response) = response {
                    add_limit(response);
                }
            }
            let has_body = operation.request_body.is_some();
            let parameters = operation.parameters.iter().flatten();
            let has_user = parameters
                .clone()
                .any(|parameter| parameter.parameter_in == ParameterIn::Path && parameter.name == "user");
            let has_id = parameters.clone().any(|parameter| parameter.parameter_in == ParameterIn::Path);
            for &kind in Kind::VARIANTS {
                let status = kind.status().as_str().to_owned();
                let known = responses.contains_key(&status);
                let can_be = match kind {
                    Kind::Malformed | Kind::TooSlow | Kind::TooLarge | Kind::UnsupportedType => has_body,
                    Kind::NotFound => has_id || known,
                    Kind::NoReceiver => known,
                    Kind::UserConflict => has_user,
                    Kind::IdempotencyKeyReused | Kind::IdempotencyKeyOutlived => {
                        operation.operation_id.as_deref() == Some("createConnectSession")
                    }
                    Kind::MethodNotAllowed | Kind::TicketNotAccepted | Kind::OriginNotAllowed => false,
                    _ => true,
                };
                if can_be {
                    let before = responses.remove(&status).and_then(described);
                    responses.insert(status, RefOr::T(failure(kind, before)));
                }
            }
        }
    }
}

/// The existing description of a response.
fn described(response: RefOr<Response>) -> Option<String> {
    match response {
        RefOr::T(response) if !response.description.is_empty() => Some(response.description),
        _ => None,
    }
}

fn failure(kind: Kind, before: Option<String>) -> Response {
    let description = before.map_or_else(|| kind.title().to_owned(), |before| format!("{before}; {}", kind.title()));
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let mut response =
        ResponseBuilder::new().description(description).content("application/problem+json", content).build();
    add_limit(&mut response);
    if kind == Kind::TooManyRequests {
        response.headers.insert("Retry-After".to_owned(), number("How many seconds to wait"));
    }
    response
}

fn add_limit(response: &mut Response) {
    for (name, description) in [
        ("RateLimit-Limit", "So many requests at once, at the most"),
        ("RateLimit-Remaining", "So many more now"),
        ("RateLimit-Reset", "In so many seconds all of them again"),
    ] {
        response.headers.insert(name.to_owned(), number(description));
    }
}

fn number(description: &str) -> utoipa::openapi::Header {
    let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0));
    HeaderBuilder::new().schema(number).description(Some(description)).build()
}

/// Requires the host's key for every operation.
pub(super) struct Key;

impl Modify for Key {
    fn modify(&self, document: &mut OpenApi) {
        let scheme =
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("One of host.api_keys")).build();
        if let Some(components) = &mut document.components {
            components.add_security_scheme(KEY, SecurityScheme::Http(scheme));
        }
        document.security = Some(vec![SecurityRequirement::new(KEY, Vec::<String>::new())]);
    }
}

fn operations(document: &mut OpenApi) -> impl Iterator<Item = &mut Operation> {
    document
        .paths
        .paths
        .values_mut()
        .flat_map(|item| [&mut item.get, &mut item.post, &mut item.delete].into_iter().filter_map(Option::as_mut))
}
