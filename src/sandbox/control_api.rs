//! Control calls over HTTP, for tests of a host in any language: what a user does in a browser, in one call. Their bodies
//! are JSON. They need no key: the sandbox holds no real account.

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Json, ServiceConfig, delete, get, post},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    authorize,
    fault::Switch,
    visit::{self, Decision},
    world::World,
};

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route("/sandbox/visit", post().to(visit::visit))
        .route("/sandbox/consent", post().to(consent))
        .route("/sandbox/revoke", post().to(revoke))
        .route("/sandbox/messages", get().to(messages))
        .route("/sandbox/faults", post().to(switch_on))
        .route("/sandbox/faults", delete().to(switch_all_off));
}

/// Body of `POST /sandbox/consent`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Consent {
    oauth_url: String,
    decision: Decision,
}

/// `POST /sandbox/consent`: Allow or Cancel at the provider. Answers with the URL that the browser would return to.
async fn consent(body: Json<Consent>, world: Data<World>) -> HttpResponse {
    let link = match authorize::check_url(&world, &body.oauth_url) {
        Ok(link) => link,
        Err(sentence) => return refused(sentence),
    };
    HttpResponse::Ok().json(json!({"redirectUri": visit::decide(&world, &link, body.decision)}))
}

/// Body of `POST /sandbox/revoke`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Revoke {
    credential_id: String,
}

/// `POST /sandbox/revoke`: the user removes the app's access at the provider.
async fn revoke(body: Json<Revoke>, world: Data<World>) -> HttpResponse {
    if world.ledger_mut().set_works(&body.credential_id, false) {
        HttpResponse::Ok().json(json!({"success": true}))
    } else {
        HttpResponse::NotFound().json(json!({"message": "Credential not found"}))
    }
}

/// `GET /sandbox/messages`: messages in the channels of all providers, the oldest first.
async fn messages(world: Data<World>) -> HttpResponse {
    HttpResponse::Ok().json(json!({"messages": world.messages.all()}))
}

/// Body of `POST /sandbox/faults`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SwitchOn {
    /// As on the command line, such as `rate-limited=7@execute`.
    fault: String,
}

/// `POST /sandbox/faults`: switches a fault on.
async fn switch_on(body: Json<SwitchOn>, world: Data<World>) -> HttpResponse {
    match body.fault.parse::<Switch>() {
        Ok(switch) => {
            world.faults.on(switch);
            HttpResponse::Ok().json(json!({"success": true}))
        }
        Err(mistake) => refused(&mistake),
    }
}

/// `DELETE /sandbox/faults`: switches all faults off.
async fn switch_all_off(world: Data<World>) -> HttpResponse {
    world.faults.clear();
    HttpResponse::Ok().json(json!({"success": true}))
}

fn refused(message: &str) -> HttpResponse {
    HttpResponse::build(StatusCode::UNPROCESSABLE_ENTITY).json(json!({"message": message}))
}
