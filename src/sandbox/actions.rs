//! The action `whoami` of a few connectors: the only way to learn whether a credential works.

use actix_web::http::StatusCode;
use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal},
    clock::new_id,
    credentials::connector,
    fault::Fault,
    ledger::Credential,
    route::Route,
    world::World,
};

/// A connector with the action.
struct App {
    id: &'static str,
    /// Answers with `success` and `result`.
    with_result: bool,
    /// Account name; `None` for the user's own.
    account: Option<&'static str>,
}

const APPS: [App; 3] = [
    App { id: "slack", with_result: false, account: Some("Acme HQ") },
    App { id: "trello", with_result: false, account: None },
    App { id: "shippo", with_result: true, account: None },
];

fn app(connector_id: &str) -> Option<&'static App> {
    APPS.iter().find(|app| app.id == connector_id)
}

/// `GET /connectors/{connectorId}/resources`
pub(super) fn resources(world: &World, connector_id: &str) -> Result<Answer, Refusal> {
    let connector = connector(world, connector_id)?;
    let resources = if app(&connector.id).is_some() {
        json!([{
            "name": "account",
            "description": format!("The account at {}", connector.name),
            "actions": [{"id": "whoami", "name": "Who am I", "description": "Says whose account this is"}],
        }])
    } else {
        json!([])
    };
    Ok(Answer::ok(&json!({"resources": resources})))
}

/// `POST /connectors/{connectorId}/actions/{actionId}/execute`
pub(super) fn execute(
    world: &World,
    connector_id: &str,
    action_id: &str,
    acting: &str,
    body: &[u8],
) -> Result<Answer, Refusal> {
    let connector = connector(world, connector_id)?;
    let app = app(&connector.id).filter(|_| action_id == "whoami");
    let app = app.ok_or_else(|| Refusal::not_found("ACTION_NOT_FOUND", "Action not found"))?;
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let credential_id = body.get("credentialId").and_then(Value::as_str);
    let ledger = world.ledger();
    let credential = ledger
        .credentials(acting)
        .iter()
        .find(|one| Some(one.credential_id.as_str()) == credential_id && one.connector == connector.id)
        .ok_or_else(|| Refusal::not_found("CREDENTIAL_NOT_FOUND", "Credential not found"))?;
    let strikes = |fault| world.faults.strikes(fault, Some(Route::Execute)).is_some();
    if !credential.works || strikes(Fault::DeadCredentials) {
        let message = format!("{} refused the credential", connector.name);
        return Err(Refusal {
            status: StatusCode::UNAUTHORIZED,
            code: "AUTHENTICATION_FAILED",
            ..Refusal::invalid(message)
        });
    }
    if strikes(Fault::ActionFails) {
        return Ok(Answer::ok(&json!({"success": false, "error": {"message": "The action failed"}})));
    }
    let full_name = ledger.user(acting).and_then(|user| user.full_name.as_deref());
    let named = world.account().clone();
    let named = named.as_deref().unwrap_or_else(|| account(app, full_name, credential));
    let account = json!({"account": named});
    Ok(Answer::ok(&if app.with_result {
        json!({"success": true, "result": account})
    } else {
        json!({"responseData": account, "executionId": new_id(world.clock.now()), "status": "success"})
    }))
}

/// The workspace, else the user's name, else the credential's.
fn account<'a>(app: &App, full_name: Option<&'a str>, credential: &'a Credential) -> &'a str {
    app.account.or(full_name).unwrap_or(&credential.name)
}
