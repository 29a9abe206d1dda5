//! Alloy's two addresses for browsers: the link that leads to the provider, and the callback from there.
//!
//! As upstream, nothing binds a link to a browser: a person who opens it connects *their* account to the user for whom
//! the link was created.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use url::{Url, form_urlencoded};

use super::{
    authorization_code::ALLOY,
    clock::new_secret,
    credentials::credential_name,
    fault::Fault,
    ledger::{Credential, NewCredential},
    link_token::{Claims, Link, TokenError},
    pages,
    redirect::{callback_uri, found, parameter, with_parameters},
    world::World,
};

/// Verifies the parts of a link. The error is the sentence on its page.
fn check(world: &World, connector_id: &str, query: &str) -> Result<Link, &'static str> {
    let token = parameter(query, "token").unwrap_or_default();
    let claims = world.link_key.verify(&token, world.clock.now()).map_err(|refused| match refused {
        TokenError::Forged => "This link is not valid.",
        TokenError::Expired => "This link has expired. Go back to where you came from and start again.",
    })?;
    if claims.connector_id != connector_id || parameter(query, "userId").as_deref() != Some(&claims.user_id) {
        return Err("This link is not valid.");
    }
    let redirect_uri = parameter(query, "redirectUri");
    if redirect_uri != claims.redirect_uri && world.faults.strikes(Fault::RedirectTied, None).is_some() {
        return Err("This link was changed: it would lead somewhere else.");
    }
    let usable = redirect_uri.as_deref().is_none_or(|uri| {
        Url::parse(uri).is_ok_and(|uri| matches!(uri.scheme(), "http" | "https")) && world.allows_redirect(uri, None)
    });
    if usable { Ok(Link { claims, redirect_uri }) } else { Err("This link leads to a place that is not allowed.") }
}

/// Verifies a whole link, as `check` does.
pub(super) fn check_url(world: &World, authorization_url: &str) -> Result<Link, &'static str> {
    let url = Url::parse(authorization_url).map_err(|_| "This is no address.")?;
    let connector_id = url.path_segments().and_then(|mut segments| segments.nth(3)).unwrap_or_default();
    check(world, connector_id, url.query().unwrap_or_default())
}

/// `GET /api/strategy/connector/{connectorId}/authorize?userId&redirectUri&token`: redirects to the provider.
pub(super) async fn authorize(
    request: HttpRequest,
    connector_id: web::Path<String>,
    world: web::Data<World>,
) -> HttpResponse {
    let link = match check(&world, &connector_id, request.query_string()) {
        Ok(link) => link,
        Err(sentence) => return pages::message(StatusCode::BAD_REQUEST, "Alloy cannot connect this app", sentence),
    };
    let client_id = client_id(&link);
    let name = world.ledger().user(&link.claims.user_id).and_then(|user| user.full_name.clone());
    let (state, challenge) = world.round_trips.begin(link, world.clock.now());
    let mut query = form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("response_type", "code")
        .append_pair("client_id", &client_id)
        .append_pair("redirect_uri", &callback_uri(&world.base_url, &connector_id))
        .append_pair("state", &state)
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256");
    if let Some(name) = name {
        // OpenID Connect's hint at the account; the provider's page shows it.
        query.append_pair("login_hint", &name);
    }
    found(&format!("{}/provider/{connector_id}/authorize?{}", world.base_url, query.finish()))
}

/// `GET /api/strategy/connector/{connectorId}/callback?code&state`: the provider's redirect.
pub(super) async fn callback(
    request: HttpRequest,
    connector_id: web::Path<String>,
    world: web::Data<World>,
) -> HttpResponse {
    let query = request.query_string();
    let state = parameter(query, "state").unwrap_or_default();
    let trip = world.round_trips.end(&state, world.clock.now());
    let Some(trip) = trip.filter(|trip| trip.link.claims.connector_id == *connector_id) else {
        return pages::message(StatusCode::BAD_REQUEST, "Alloy cannot connect this app", "This return is not known.");
    };
    let Some(code) = parameter(query, "code") else {
        let error = parameter(query, "error").unwrap_or_else(|| "server_error".to_owned());
        return provider_refused(&world, &trip.link, &error);
    };
    let redirect_uri = callback_uri(&world.base_url, &connector_id);
    match world.round_trips.exchange(&trip, &code, &client_id(&trip.link), &redirect_uri).await {
        Some(granted) => match approved(&world, &trip.link, Some(granted.account)) {
            Some(location) => found(&location),
            None => pages::message(StatusCode::OK, "Connected", "You can close this page."),
        },
        None => provider_refused(&world, &trip.link, "server_error"),
    }
}

/// Stores the credential and returns the redirect URI, if the link has one.
pub(super) fn approved(world: &World, link: &Link, account: Option<String>) -> Option<String> {
    let credential = store(world, link, account);
    let mut location = link.redirect_uri.clone()?;
    if world.faults.strikes(Fault::ReturnOauth, None).is_some() {
        location = with_parameters(&location, &[("code", &new_secret()), ("state", &new_secret())]);
    }
    if world.faults.strikes(Fault::ReturnVendor, None).is_some() {
        location = with_parameters(&location, &[("credentialId", &credential.credential_id), ("success", "true")]);
    }
    Some(location)
}

fn store(world: &World, link: &Link, account: Option<String>) -> Credential {
    let Claims { user_id, connector_id, authentication_type, .. } = &link.claims;
    let now = world.clock.now();
    let mut ledger = world.ledger_mut();
    let kind = format!("{connector_id}-{authentication_type}");
    let newest = ledger.credentials(user_id).iter().rfind(|credential| credential.kind == kind).cloned();
    if let Some(newest) = newest
        && world.faults.strikes(Fault::ReconnectRenews, None).is_some()
    {
        ledger.renew(user_id, &newest.credential_id, now);
        ledger.set_works(&newest.credential_id, true);
        return newest;
    }
    let app = world.catalogue.find(connector_id).map_or(connector_id.as_str(), |connector| &connector.name);
    let full_name = ledger.user(user_id).and_then(|user| user.full_name.clone());
    let name = account.unwrap_or_else(|| credential_name(full_name.as_deref(), app));
    let new =
        NewCredential { user_id, connector: connector_id, authentication: authentication_type, name, works: true };
    ledger.add_credential(&new, now)
}

/// The response after an error of the provider.
fn provider_refused(world: &World, link: &Link, error: &str) -> HttpResponse {
    let denied = error == "access_denied";
    let strikes = |fault| denied && world.faults.strikes(fault, None).is_some();
    let page = || pages::message(StatusCode::OK, "Not connected", "Nothing was changed. You can close this page.");
    if strikes(Fault::DenialNever) {
        return page();
    }
    match &link.redirect_uri {
        None => page(),
        Some(uri) if strikes(Fault::DenialBare) => found(uri),
        Some(uri) if strikes(Fault::DenialFragment) => found(&format!("{uri}#error={error}")),
        Some(uri) => found(&with_parameters(uri, &[("error", error)])),
    }
}

/// The client id at the provider: Alloy's own app, or the host's.
fn client_id(link: &Link) -> String {
    link.claims.auth_config_id.clone().unwrap_or_else(|| ALLOY.to_owned())
}
