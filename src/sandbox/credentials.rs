//! API calls that create, list and delete credentials.

use actix_web::http::StatusCode;
use rand::seq::SliceRandom as _;
use serde::Serialize;
use serde_json::{Value, json};
use time::Duration;

use super::{
    answer::{Answer, Refusal},
    catalogue::{Authentication, Connector},
    clock::{is_id, new_id},
    fault::Fault,
    ledger::{Credential, NewCredential, REVOKED},
    link_token::{Claims, LIFETIME},
    route::Route,
    schema,
    world::World,
};

/// `POST /connectors/{connectorId}/credentials`: an authorization URL for an OAuth type; a stored credential
/// for a key type.
pub(super) fn create(world: &World, connector_id: &str, body: &[u8]) -> Result<Answer, Refusal> {
    let connector = connector(world, connector_id)?;
    let body: Value = serde_json::from_slice(body).map_err(|_| Refusal::invalid("The body must be a JSON object"))?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let user_id = text("userId").filter(|id| is_id(id)).ok_or_else(invalid_user_id)?;
    let kind = text("authenticationType").ok_or_else(|| Refusal::invalid("authenticationType is required"))?;
    let authentication = connector.authentication(kind).ok_or_else(Refusal::no_such_authentication)?;
    check_auth_config(authentication, text("authConfigId"))?;
    let mistakes = schema::mistakes(&authentication.schema(false), &body);
    if !mistakes.is_empty() {
        let message = mistakes.join(", ");
        return Err(Refusal { details: mistakes, ..Refusal::invalid(message) });
    }
    let user = world.ledger().user(user_id).cloned();
    let user = user.ok_or_else(|| Refusal::not_found("USER_NOT_FOUND", "User not found"))?;
    let redirect_uri = text("redirectUri").map(str::to_owned);
    if redirect_uri.as_deref().is_some_and(|uri| !world.allows_redirect(uri, Some(Route::CreateCredential))) {
        return Err(Refusal::invalid("redirectUri is not allowed"));
    }
    if authentication.is_oauth() {
        let iat = world.clock.now().unix_timestamp();
        let claims = Claims {
            user_id: user.user_id,
            connector_id: connector.id.clone(),
            authentication_type: kind.to_owned(),
            redirect_uri,
            auth_config_id: text("authConfigId").map(str::to_owned),
            data: body.get("data").cloned(),
            iat,
            exp: iat + LIFETIME,
        };
        return Ok(created(world, "oauthUrl", &world.authorization_url(&claims)));
    }
    // Like Alloy, any key is stored untested.
    let works = !body.get("data").is_some_and(|data| data.to_string().contains(REVOKED));
    let credential = world.ledger_mut().add_credential(
        &NewCredential {
            user_id: &user.user_id,
            connector: &connector.id,
            authentication: kind,
            name: credential_name(user.full_name.as_deref(), &connector.name),
            works,
        },
        world.clock.now(),
    );
    Ok(created(world, "credentialId", &credential.credential_id))
}

/// `GET /connectors/{connectorId}/credentials`
pub(super) fn list(world: &World, connector_id: &str, acting: &str) -> Result<Answer, Refusal> {
    #[derive(Serialize)]
    struct Listing {
        credentials: Vec<Credential>,
    }
    let connector = connector(world, connector_id)?;
    let credentials = listed(world, acting, Some(&connector.id), Route::ListCredentials)?;
    Ok(Answer::ready(serde_json::to_vec(&Listing { credentials }).unwrap_or_default().into()))
}

/// `GET /users/{userId}/credentials`
pub(super) fn list_of_user(world: &World, user_id: &str) -> Result<Answer, Refusal> {
    #[derive(Serialize)]
    struct Listing {
        data: Vec<Credential>,
    }
    let data = listed(world, user_id, None, Route::ListUserCredentials)?;
    Ok(Answer::ready(serde_json::to_vec(&Listing { data }).unwrap_or_default().into()))
}

/// Both delete endpoints; with a connector, only its credentials.
pub(super) fn delete(
    world: &World,
    user_id: &str,
    connector_id: Option<&str>,
    credential_id: &str,
) -> Result<Answer, Refusal> {
    let now = world.clock.now();
    let mut ledger = world.ledger_mut();
    let listed = ledger.credentials(user_id).iter().any(|credential| {
        credential.credential_id == credential_id && connector_id.is_none_or(|id| id == credential.connector)
    });
    if listed && ledger.remove_credential(user_id, credential_id, now) {
        Ok(Answer::ok(&json!({"success": true})))
    } else {
        Err(Refusal::not_found("CREDENTIAL_NOT_FOUND", "Credential not found"))
    }
}

/// Name of a credential, such as "Jane's Slack".
pub(super) fn credential_name(full_name: Option<&str>, connector: &str) -> String {
    match full_name.and_then(|name| name.split_whitespace().next()) {
        Some(first) => format!("{first}'s {connector}"),
        None => format!("My {connector}"),
    }
}

pub(super) fn connector<'a>(world: &'a World, id: &str) -> Result<&'a Connector, Refusal> {
    world.catalogue.find(id).ok_or_else(|| Refusal::not_found("CONNECTOR_NOT_FOUND", "Connector not found"))
}

fn invalid_user_id() -> Refusal {
    Refusal::invalid("userId must be a valid ID")
}

fn check_auth_config(authentication: &Authentication, given: Option<&str>) -> Result<(), Refusal> {
    match given {
        None if authentication.auth_config_required => Err(Refusal::invalid("authConfigId is required")),
        Some(id) if authentication.auth_configs.iter().all(|config| config.id != id) => {
            Err(Refusal::not_found("AUTH_CONFIG_NOT_FOUND", "Auth config not found"))
        }
        _ => Ok(()),
    }
}

/// Response of `create`, with the active faults.
fn created(world: &World, key: &str, value: &str) -> Answer {
    let strikes = |fault| world.faults.strikes(fault, Some(Route::CreateCredential)).is_some();
    let mut body = json!({key: value});
    if strikes(Fault::BadAuthorizationUrl) {
        body = json!({"oauthUrl": "javascript:alert(document.domain)"});
    }
    if strikes(Fault::BothKeys) {
        let unknown = new_id(world.clock.now());
        body = json!({"oauthUrl": format!("{}/api/strategy", world.base_url), "credentialId": unknown});
    }
    if strikes(Fault::NeitherKey) {
        body = json!({});
    }
    if strikes(Fault::WrongTypes) {
        body = json!({"oauthUrl": 1, "credentialId": 2});
    }
    let status = if strikes(Fault::Created) { StatusCode::CREATED } else { StatusCode::OK };
    Answer::json(status, &body)
}

fn listed(world: &World, user_id: &str, connector: Option<&str>, route: Route) -> Result<Vec<Credential>, Refusal> {
    if !is_id(user_id) {
        return Err(invalid_user_id());
    }
    let seconds = |fault| {
        let lag = world.faults.strikes(fault, Some(route)).map(|strike| strike.number.unwrap_or(5));
        Duration::seconds(i64::try_from(lag.unwrap_or_default()).unwrap_or(i64::MAX))
    };
    let (lag, deletion_lag) = (seconds(Fault::ListLag), seconds(Fault::DeletionLag));
    let unlisted = world.faults.strikes(Fault::RefusedUnlisted, Some(route)).is_some();
    let now = world.clock.now();
    let ledger = world.ledger();
    let current = ledger.credentials(user_id).iter().filter(|credential| now - credential.created >= lag);
    let current = current.filter(|credential| credential.works || !unlisted);
    let deleted =
        ledger.removed(user_id).iter().filter(|(at, _)| now - *at < deletion_lag).map(|(_, credential)| credential);
    let mut listed: Vec<Credential> = current
        .chain(deleted)
        .filter(|credential| connector.is_none_or(|id| id == credential.connector))
        .cloned()
        .collect();
    if world.faults.strikes(Fault::AnyOrder, Some(route)).is_some() {
        listed.shuffle(&mut rand::rng());
    }
    Ok(listed)
}
