//! The provider: an authorization server (RFC 6749, with RFC 7636) that every connector has under
//! `/provider/{connector}`, with a page on which a person presses Allow or Cancel.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use bytes::Bytes;
use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::{
    authorize::{callback_uri, found, parameter, with_parameters},
    catalogue::Connector,
    clock::new_secret,
    credentials::credential_name,
    fault::Fault,
    pages,
    round_trip::challenge,
    world::World,
};

/// The client id of Alloy's own app, at every provider.
pub(super) const ALLOY: &str = "alloy";

/// How long a code can be exchanged.
const CODE_LIFETIME: Duration = Duration::seconds(60);

/// The codes that were given out and not exchanged yet.
#[derive(Default)]
pub(super) struct Provider {
    codes: Mutex<HashMap<String, Grant>>,
}

/// What stands behind a code.
struct Grant {
    connector: String,
    client_id: String,
    redirect_uri: String,
    challenge: String,
    account: String,
    until: OffsetDateTime,
}

/// An authorization request that may be shown to a person.
struct Asked<'a> {
    connector: &'a Connector,
    app: &'a str,
    client_id: String,
    redirect_uri: String,
    state: String,
    challenge: String,
    account: String,
}

/// Reads an authorization request from a query or a form. `None`: it may not even be sent back (RFC 6749 section
/// 4.1.2.1).
fn asked<'a>(world: &'a World, connector_id: &str, form: &str) -> Option<Asked<'a>> {
    let connector = world.catalogue.find(connector_id)?;
    let client_id = parameter(form, "client_id")?;
    let redirect_uri = parameter(form, "redirect_uri").filter(|uri| *uri == callback_uri(world, connector_id))?;
    let app = if client_id == ALLOY {
        "Alloy"
    } else {
        let mut configs = connector.authentication.iter().flat_map(|one| &one.auth_configs);
        &configs.find(|config| config.id == client_id)?.app
    };
    let challenge = parameter(form, "code_challenge_method")
        .filter(|method| method == "S256")
        .and_then(|_| parameter(form, "code_challenge"))
        .unwrap_or_default();
    Some(Asked {
        account: credential_name(parameter(form, "login_hint").as_deref(), &connector.name),
        state: parameter(form, "state").unwrap_or_default(),
        connector,
        app,
        client_id,
        redirect_uri,
        challenge,
    })
}

fn refusal_page() -> HttpResponse {
    pages::message(StatusCode::BAD_REQUEST, "Something is wrong", "The app that sent you here is not known.")
}

impl Asked<'_> {
    fn back(&self, parameters: &[(&str, &str)]) -> HttpResponse {
        found(&with_parameters(&with_parameters(&self.redirect_uri, parameters), &[("state", &self.state)]))
    }
}

/// `GET /provider/{connector}/authorize`: the consent page.
pub(super) async fn consent(
    request: HttpRequest,
    connector_id: web::Path<String>,
    world: web::Data<World>,
) -> HttpResponse {
    let query = request.query_string();
    let Some(asked) = asked(&world, &connector_id, query) else { return refusal_page() };
    if asked.challenge.is_empty() || parameter(query, "response_type").as_deref() != Some("code") {
        return asked.back(&[("error", "invalid_request")]);
    }
    let given = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    pages::consent(asked.connector, asked.app, &asked.account, given)
}

/// `POST /provider/{connector}/authorize`: the person's press.
pub(super) async fn decide(form: String, connector_id: web::Path<String>, world: web::Data<World>) -> HttpResponse {
    let Some(asked) = asked(&world, &connector_id, &form) else { return refusal_page() };
    if parameter(&form, "decision").as_deref() != Some("allow") {
        return asked.back(&[("error", "access_denied")]);
    }
    if world.faults.strikes(Fault::AdminApproval, None).is_some() {
        let sentence = format!(
            "Only an administrator of {} can allow {}. Your request was sent to them.",
            asked.account, asked.app
        );
        return pages::message(StatusCode::OK, "Waiting for an administrator", &sentence);
    }
    if world.faults.strikes(Fault::ProviderError, None).is_some() {
        return asked.back(&[("error", "server_error"), ("error_description", "Something went wrong")]);
    }
    let code = world.provider.issue(&asked, world.clock.now());
    asked.back(&[("code", &code)])
}

/// `POST /provider/{connector}/token`: a code for tokens. Wrong in any way: 400 `invalid_grant`, and the code is used
/// up.
pub(super) async fn token(body: Bytes, connector_id: web::Path<String>, world: web::Data<World>) -> HttpResponse {
    let form = String::from_utf8_lossy(&body);
    let field = |name: &str| parameter(&form, name).unwrap_or_default();
    if field("grant_type") != "authorization_code" {
        return HttpResponse::BadRequest().json(json!({"error": "unsupported_grant_type"}));
    }
    let grant = world.provider.redeem(&field("code")).filter(|grant| {
        grant.connector == *connector_id
            && grant.client_id == field("client_id")
            && grant.redirect_uri == field("redirect_uri")
            && grant.challenge == challenge(&field("code_verifier"))
            && grant.until > world.clock.now()
    });
    match grant {
        Some(grant) => HttpResponse::Ok().json(json!({
            "access_token": new_secret(),
            "token_type": "Bearer",
            "refresh_token": new_secret(),
            "expires_in": 3600,
            "account": grant.account,
        })),
        None => HttpResponse::BadRequest().json(json!({"error": "invalid_grant"})),
    }
}

impl Provider {
    fn issue(&self, asked: &Asked<'_>, now: OffsetDateTime) -> String {
        let code = new_secret();
        let grant = Grant {
            connector: asked.connector.id.clone(),
            client_id: asked.client_id.clone(),
            redirect_uri: asked.redirect_uri.clone(),
            challenge: asked.challenge.clone(),
            account: asked.account.clone(),
            until: now + CODE_LIFETIME,
        };
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|_, grant| grant.until > now);
        codes.insert(code.clone(), grant);
        code
    }

    fn redeem(&self, code: &str) -> Option<Grant> {
        self.codes.lock().unwrap_or_else(PoisonError::into_inner).remove(code)
    }
}
