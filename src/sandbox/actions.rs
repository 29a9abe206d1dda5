//! One action, `whoami`, for a few apps: the only way to see whether a credential works.

use actix_web::http::StatusCode;
use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal},
    clock::new_id,
    credentials::connector,
    world::World,
};

/// The apps that have the action, and whether they answer with `success` and `result`, as some do.
const APPS: [(&str, bool); 3] = [("slack", false), ("trello", false), ("shippo", true)];

fn answers_with_result(connector_id: &str) -> Option<bool> {
    APPS.iter().find(|(id, _)| *id == connector_id).map(|(_, with_result)| *with_result)
}

/// `GET /connectors/{connectorId}/resources`
pub(super) fn resources(world: &World, connector_id: &str) -> Result<Answer, Refusal> {
    let connector = connector(world, connector_id)?;
    let resources = if answers_with_result(&connector.id).is_some() {
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
    let with_result = answers_with_result(&connector.id).filter(|_| action_id == "whoami");
    let with_result = with_result.ok_or_else(|| Refusal::not_found("ACTION_NOT_FOUND", "Action not found"))?;
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let credential_id = body.get("credentialId").and_then(Value::as_str);
    let ledger = world.ledger();
    let credential = ledger
        .credentials(acting)
        .iter()
        .find(|one| Some(one.credential_id.as_str()) == credential_id && one.connector == connector.id)
        .ok_or_else(|| Refusal::not_found("CREDENTIAL_NOT_FOUND", "Credential not found"))?;
    if !credential.works {
        let message = format!("{} refused the credential", connector.name);
        return Err(Refusal {
            status: StatusCode::UNAUTHORIZED,
            code: "AUTHENTICATION_FAILED",
            ..Refusal::invalid(message)
        });
    }
    let account = json!({"account": credential.name});
    Ok(Answer::ok(&if with_result {
        json!({"success": true, "result": account})
    } else {
        json!({"responseData": account, "executionId": new_id(world.clock.now()), "status": "success"})
    }))
}
