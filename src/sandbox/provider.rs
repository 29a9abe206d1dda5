//! The provider of every connector, under `/provider/{connector}`: an authorization server (RFC 6749, RFC 7636) with a
//! consent page.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use bytes::Bytes;
use serde_json::json;

use super::{
    authorization_code::{ALLOY, Grant},
    catalogue::Connector,
    clock::new_secret,
    credentials::credential_name,
    fault::Fault,
    pages,
    redirect::{callback_uri, found, parameter, with_parameters},
    round_trip::challenge,
    world::World,
};

struct AuthorizationRequest<'a> {
    connector: &'a Connector,
    app: &'a str,
    client_id: String,
    redirect_uri: String,
    state: String,
    challenge: String,
    account: String,
}

/// Reads an authorization request from a query or form. `None` if an error must not be redirected (RFC 6749 section
/// 4.1.2.1).
fn read_request<'a>(world: &'a World, connector_id: &str, form: &str) -> Option<AuthorizationRequest<'a>> {
    let connector = world.catalogue.find(connector_id)?;
    let client_id = parameter(form, "client_id")?;
    let redirect_uri =
        parameter(form, "redirect_uri").filter(|uri| *uri == callback_uri(&world.base_url, connector_id))?;
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
    Some(AuthorizationRequest {
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

impl AuthorizationRequest<'_> {
    fn redirect(&self, parameters: &[(&str, &str)]) -> HttpResponse {
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
    let Some(authorization) = read_request(&world, &connector_id, query) else { return refusal_page() };
    if authorization.challenge.is_empty() || parameter(query, "response_type").as_deref() != Some("code") {
        return authorization.redirect(&[("error", "invalid_request")]);
    }
    let given = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    pages::consent(authorization.connector, authorization.app, &authorization.account, given)
}

/// `POST /provider/{connector}/authorize`: Allow or Cancel.
pub(super) async fn decide(form: String, connector_id: web::Path<String>, world: web::Data<World>) -> HttpResponse {
    let Some(authorization) = read_request(&world, &connector_id, &form) else { return refusal_page() };
    if parameter(&form, "decision").as_deref() != Some("allow") {
        return authorization.redirect(&[("error", "access_denied")]);
    }
    if world.faults.strikes(Fault::AdminApproval, None).is_some() {
        let sentence = format!(
            "Only an administrator of {} can allow {}. Your request was sent to them.",
            authorization.account, authorization.app
        );
        return pages::message(StatusCode::OK, "Waiting for an administrator", &sentence);
    }
    if world.faults.strikes(Fault::ProviderError, None).is_some() {
        return authorization.redirect(&[("error", "server_error"), ("error_description", "Something went wrong")]);
    }
    let grant = Grant {
        connector: authorization.connector.id.clone(),
        client_id: authorization.client_id.clone(),
        redirect_uri: authorization.redirect_uri.clone(),
        challenge: authorization.challenge.clone(),
        account: authorization.account.clone(),
    };
    let code = world.codes.issue(grant, world.clock.now());
    authorization.redirect(&[("code", &code)])
}

/// `POST /provider/{connector}/token`. Any mismatch answers 400 `invalid_grant` and uses the code up.
pub(super) async fn token(body: Bytes, connector_id: web::Path<String>, world: web::Data<World>) -> HttpResponse {
    let form = String::from_utf8_lossy(&body);
    let field = |name: &str| parameter(&form, name).unwrap_or_default();
    if field("grant_type") != "authorization_code" {
        return HttpResponse::BadRequest().json(json!({"error": "unsupported_grant_type"}));
    }
    let grant = world.codes.redeem(&field("code"), world.clock.now()).filter(|grant| {
        grant.connector == *connector_id
            && grant.client_id == field("client_id")
            && grant.redirect_uri == field("redirect_uri")
            && grant.challenge == challenge(&field("code_verifier"))
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
