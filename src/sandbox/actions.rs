//! Actions of a few connectors: `whoami`, the only call that shows whether a credential works, and Slack's
//! `chat_postMessage`.

use actix_web::http::StatusCode;
use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal},
    catalogue::Connector,
    clock::{is_id, iso, new_id},
    credentials::connector,
    fault::Fault,
    ledger::{Credential, Ledger, OWNER},
    messages::{Message, channel_id, team_id},
    route::Route,
    schema,
    world::World,
};

/// A connector with actions.
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Whoami,
    PostMessage,
}

impl Action {
    fn find(app: &App, id: &str) -> Option<Self> {
        match id {
            "whoami" => Some(Self::Whoami),
            "chat_postMessage" if app.id == "slack" => Some(Self::PostMessage),
            _ => None,
        }
    }

    /// The action's own fields: what `GET …/actions/{actionId}` answers.
    fn details(self) -> Value {
        match self {
            Self::Whoami => json!({
                "id": "whoami",
                "displayName": "Who am I",
                "description": "Says whose account this is",
                "httpMethod": "get",
                "path": "/whoami",
                "parameters": [],
            }),
            Self::PostMessage => json!({
                "id": "chat_postMessage",
                "displayName": "Post",
                "description": "Posts a message to a channel",
                "httpMethod": "post",
                "path": "/chat.postMessage",
                "parameters": [{
                    "name": "token",
                    "in": "header",
                    "description": "Alloy sends it",
                    "required": true,
                    "schema": {"type": "string"},
                }],
                "requestBody": self.schema(),
            }),
        }
    }

    /// Schema of `requestBody`.
    fn schema(self) -> Value {
        match self {
            Self::Whoami => json!({"type": "object"}),
            Self::PostMessage => json!({
                "type": "object",
                "required": ["channel", "text"],
                "properties": {
                    "channel": {"type": "string", "description": "Name or id of the channel"},
                    "text": {"type": "string", "description": "Text of the message"},
                },
            }),
        }
    }
}

/// `GET /connectors/{connectorId}/resources`
pub(super) fn resources(world: &World, connector_id: &str) -> Result<Answer, Refusal> {
    let connector = connector(world, connector_id)?;
    let Some(app) = app(&connector.id) else { return Ok(Answer::ok(&json!({"resources": []}))) };
    let mut resources = vec![json!({
        "name": "account",
        "description": format!("The account at {}", connector.name),
        "actions": [{"id": "whoami", "name": "Who am I", "description": "Says whose account this is"}],
    })];
    if Action::find(app, "chat_postMessage").is_some() {
        resources.push(json!({
            "name": "chat",
            "description": "Messages",
            "actions": [{"id": "chat_postMessage", "name": "Post", "description": "Posts a message to a channel"}],
        }));
    }
    Ok(Answer::ok(&json!({"resources": resources})))
}

/// `GET /connectors/{connectorId}/actions/{actionId}`
pub(super) fn details(world: &World, connector_id: &str, action_id: &str) -> Result<Answer, Refusal> {
    let (_, _, action) = find(world, connector_id, action_id)?;
    Ok(Answer::ok(&json!({"action": action.details()})))
}

fn find<'a>(
    world: &'a World,
    connector_id: &str,
    action_id: &str,
) -> Result<(&'a Connector, &'static App, Action), Refusal> {
    let connector = connector(world, connector_id)?;
    let found = app(&connector.id).and_then(|app| Some((connector, app, Action::find(app, action_id)?)));
    found.ok_or_else(|| Refusal::not_found("ACTION_NOT_FOUND", "Action not found"))
}

/// `POST /connectors/{connectorId}/actions/{actionId}/execute`
pub(super) fn execute(
    world: &World,
    connector_id: &str,
    action_id: &str,
    acting: Option<&str>,
    body: &[u8],
) -> Result<Answer, Refusal> {
    let (connector, app, action) = find(world, connector_id, action_id)?;
    let strikes = |fault| world.faults.strikes(fault, Some(Route::Execute));
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let credential_id = body.get("credentialId").and_then(Value::as_str).filter(|id| is_id(id));
    let credential_id = credential_id.ok_or_else(|| Refusal::invalid("credentialId must be a valid ID"))?;
    let ledger = world.ledger();
    let credential = credential(world, &ledger, acting, credential_id)
        .filter(|credential| credential.connector == connector.id)
        .ok_or_else(|| Refusal::not_found("CREDENTIAL_NOT_FOUND", "Credential not found"))?;
    let input = body.get("requestBody").cloned().unwrap_or_else(|| json!({}));
    let mistakes = schema::mistakes(&action.schema(), &input);
    if !mistakes.is_empty() {
        let message = mistakes.join(", ");
        return Err(Refusal { details: mistakes, ..Refusal::invalid(message) });
    }
    if !credential.works || strikes(Fault::DeadCredentials).is_some() {
        return refused(world, connector);
    }
    if strikes(Fault::ActionFails).is_some() {
        return Ok(Answer::ok(&json!({"success": false, "error": {"message": "The action failed"}})));
    }
    let full_name = ledger.user(acting.unwrap_or(OWNER)).and_then(|user| user.full_name.as_deref());
    let named = world.account().clone();
    let account = named.as_deref().unwrap_or_else(|| account(app, full_name, credential));
    let data = match action {
        Action::Whoami => json!({"account": account}),
        Action::PostMessage => post(world, &input, full_name.unwrap_or(&credential.name), credential, account),
    };
    Ok(Answer::ok(&if app.with_result || strikes(Fault::ResultForm).is_some() {
        json!({"success": true, "result": data})
    } else {
        json!({"responseData": data, "executionId": new_id(world.clock.now()), "status": "success"})
    }))
}

/// The credential that the call uses. Alloy documents only that a call without an acting user runs as the API key's
/// owner. By default that owner reaches every user's credential, which is the leak that a forgotten header would cause.
fn credential<'a>(world: &World, ledger: &'a Ledger, acting: Option<&str>, id: &str) -> Option<&'a Credential> {
    let strikes = |fault| world.faults.strikes(fault, Some(Route::Execute)).is_some();
    let of = |user: &str| ledger.credentials(user).iter().find(|credential| credential.credential_id == id);
    match acting {
        Some(user) => of(user),
        None if strikes(Fault::OwnerCredentialsOnly) => of(OWNER),
        None if strikes(Fault::OwnerAccount) => {
            let connector = &ledger.find(id)?.connector;
            ledger.credentials(OWNER).iter().find(|credential| credential.connector == *connector)
        }
        None => ledger.find(id),
    }
}

/// The provider takes the credential no longer. What Alloy then answers is undocumented.
fn refused(world: &World, connector: &Connector) -> Result<Answer, Refusal> {
    let strikes = |fault| world.faults.strikes(fault, Some(Route::Execute));
    if strikes(Fault::RefusedInBody).is_some() {
        let data = json!({"ok": false, "error": "token_revoked"});
        return Ok(Answer::ok(&json!({"responseData": data, "executionId": new_id(world.clock.now())})));
    }
    let status = strikes(Fault::RefusedStatus).map(|strike| strike.number.unwrap_or(403));
    let status = status.and_then(|number| StatusCode::from_u16(u16::try_from(number).ok()?).ok());
    Err(Refusal {
        status: status.unwrap_or(StatusCode::UNAUTHORIZED),
        code: "AUTHENTICATION_FAILED",
        ..Refusal::invalid(format!("{} refused the credential", connector.name))
    })
}

/// Posts the message; returns the provider's answer.
fn post(world: &World, input: &Value, author: &str, credential: &Credential, workspace: &str) -> Value {
    let text = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default();
    let now = world.clock.now();
    let message = Message {
        connector: credential.connector.clone(),
        channel: world.messages.channel_name(text("channel")),
        text: text("text").to_owned(),
        author: author.to_owned(),
        account: credential.name.clone(),
        workspace: workspace.to_owned(),
        at: iso(now),
        ts: format!("{}.{:06}", now.unix_timestamp(), now.microsecond()),
    };
    let answer = json!({
        "ok": true,
        "channel": channel_id(&message.channel),
        "ts": message.ts,
        "message": {
            "type": "message",
            "text": message.text,
            "username": message.author,
            "team": team_id(&message.workspace),
            "ts": message.ts,
        },
    });
    world.messages.add(message);
    answer
}

/// The workspace, else the user's name, else the credential's.
fn account<'a>(app: &App, full_name: Option<&'a str>, credential: &'a Credential) -> &'a str {
    app.account.or(full_name).unwrap_or(&credential.name)
}
