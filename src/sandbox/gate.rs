//! Handles an API call: check, dispatch, faults, record.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::json;

use super::{
    actions,
    answer::{Answer, Refusal},
    breakage, credentials,
    fault::Fault,
    journal::Call,
    ledger::OWNER,
    route::Route,
    users,
    world::World,
};

/// The only version of the API.
const VERSION: &str = "2025-09";

pub(super) async fn answer(request: HttpRequest, body: Bytes, world: web::Data<World>) -> HttpResponse {
    let (route, answer) = respond(&world, &request, &body);
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    world.journal.note(Call {
        method: request.method().to_string(),
        path: request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
        headers: request.headers().iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect(),
        body,
        route,
        status: answer.status.as_u16(),
    });
    let route_name = route.map(<&str>::from);
    tracing::debug!(method = %request.method(), route = route_name, status = answer.status.as_u16(), "call");
    breakage::send(&world, route, answer).await
}

fn respond(world: &World, request: &HttpRequest, body: &[u8]) -> (Option<Route>, Answer) {
    let (method, path) = (request.method().as_str(), request.uri().path());
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let decoded: Option<Vec<_>> =
        path.split('/').skip(1).map(|segment| percent_decode_str(segment).decode_utf8().ok()).collect();
    let decoded = decoded.unwrap_or_default();
    let segments: Vec<&str> = decoded.iter().map(AsRef::as_ref).collect();
    let called = Route::of(method, &segments);
    let route = called.map(|(route, ..)| route);
    let strikes = |fault| world.faults.strikes(fault, route);

    // As upstream, an unknown version is answered before the key is checked.
    if header("x-api-version") != Some(VERSION) {
        return (route, Answer::cannot(method, path));
    }
    let key = header("authorization").and_then(|value| value.strip_prefix("Bearer "));
    if key != Some(&world.api_key) || strikes(Fault::KeyRefused).is_some() {
        return (route, Answer::json(StatusCode::UNAUTHORIZED, &json!({"message": "Invalid Authorization"})));
    }
    let Some((called, first, second)) = called else { return (None, Answer::cannot(method, path)) };
    let undocumented = called != Route::CreateCredential && strikes(Fault::OnlyDocumentedEndpoint).is_some();
    let not_served = strikes(Fault::NotServed);
    if undocumented || not_served.is_some() {
        let status = not_served.and_then(|strike| StatusCode::from_u16(u16::try_from(strike.number?).ok()?).ok());
        let json = |status| Answer::json(status, &json!({"message": "Not Found"}));
        return (route, status.map_or_else(|| Answer::cannot(method, path), json));
    }
    if let Some(failed) = breakage::instead(world, called) {
        return (route, failed);
    }
    let acting = header("x-alloy-userid");
    let outcome = dispatch(world, called, first, second, acting, body);
    let outcome = outcome.unwrap_or_else(|refusal| refusal.into_answer(strikes(Fault::FlatErrors).is_some()));
    (route, outcome)
}

fn dispatch(
    world: &World,
    route: Route,
    first: &str,
    second: &str,
    acting: Option<&str>,
    body: &[u8],
) -> Result<Answer, Refusal> {
    // As upstream, a call that names no user runs as the key's owner.
    let user = acting.unwrap_or(OWNER);
    match route {
        Route::ListConnectors => Ok(Answer::ready(world.listing.clone())),
        Route::Metadata => metadata(world, first),
        Route::CreateCredential => credentials::create(world, first, body),
        Route::ListCredentials => credentials::list(world, first, user),
        Route::ListUserCredentials => credentials::list_of_user(world, first),
        Route::DeleteCredential => credentials::delete(world, user, Some(first), second),
        Route::DeleteUserCredential => credentials::delete(world, first, None, second),
        Route::CreateUser => users::create(world, body),
        Route::ListUsers => Ok(users::list(world)),
        Route::ReadUser => users::read(world, first),
        Route::UpdateUser => users::update(world, first, body),
        Route::DeleteUser => users::delete(world, first),
        Route::Resources => actions::resources(world, first),
        Route::ActionDetails => actions::details(world, first, second),
        Route::Execute => actions::execute(world, first, second, acting, body),
    }
}

/// `GET /connectors/{connectorId}/credentials/metadata`
fn metadata(world: &World, connector_id: &str) -> Result<Answer, Refusal> {
    let connector = credentials::connector(world, connector_id)?;
    let older = world.faults.strikes(Fault::OlderMetadata, Some(Route::Metadata)).is_some();
    let entries: Vec<_> = connector.authentication.iter().map(|one| one.metadata(older)).collect();
    Ok(Answer::ok(&json!({"metadata": entries})))
}
