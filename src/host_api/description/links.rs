//! Links from responses to other operations. They refer to the `operation_id`s that utoipa generates, so they are added
//! afterwards.

use serde_json::{Value, json};

use crate::web::routes::api;

/// Response, name, target operation, and its parameters from the response or the request.
type Link = (&'static str, &'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

const LINKS: [Link; 9] = [
    ("post", api::CONNECT_SESSIONS, "session", "showConnectSession", &[("session", "$response.body#/id")]),
    ("post", api::CONNECT_SESSIONS, "end", "endConnectSession", &[("session", "$response.body#/id")]),
    ("get", api::LINK_ATTEMPTS, "attempt", "showLinkAttempt", &[("attempt", "$response.body#/link_attempts/0/id")]),
    (
        "get",
        api::LINK_ATTEMPTS,
        "session",
        "showConnectSession",
        &[("session", "$response.body#/link_attempts/0/session_id")],
    ),
    (
        "get",
        api::LINK_ATTEMPTS,
        "connections",
        "listConnections",
        &[("user", "$response.body#/link_attempts/0/user/id")],
    ),
    ("get", api::LINK_ATTEMPT, "session", "showConnectSession", &[("session", "$response.body#/session_id")]),
    ("get", api::LINK_ATTEMPT, "connections", "listConnections", &[("user", "$response.body#/user/id")]),
    (
        "get",
        api::CONNECTIONS,
        "remove",
        "removeConnection",
        &[("user", "$request.path.user"), ("credential", "$response.body#/connections/0/credential_id")],
    ),
    (
        "get",
        api::WEBHOOK_DELIVERIES,
        "replay",
        "replayWebhookDelivery",
        &[("event", "$response.body#/webhook_deliveries/0/id")],
    ),
];

/// Adds the links to the responses of the document.
pub(super) fn add_to(document: &mut Value) {
    for (method, path, name, operation, parameters) in LINKS {
        let status = if method == "post" { "201" } else { "200" };
        let responses = document.pointer_mut("/paths").and_then(|paths| paths.get_mut(path));
        let response = responses.and_then(|item| item.get_mut(method)?.get_mut("responses")?.get_mut(status));
        let Some(Value::Object(response)) = response else { continue };
        let parameters: serde_json::Map<_, _> =
            parameters.iter().map(|(name, from)| ((*name).to_owned(), Value::from(*from))).collect();
        let link = json!({ "operationId": operation, "parameters": parameters });
        let links = response.entry("links").or_insert_with(|| json!({}));
        if let Value::Object(links) = links {
            links.insert(name.to_owned(), link);
        }
    }
}
