//! API calls on users.

use actix_web::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::{
    answer::{Answer, Refusal},
    clock::new_id,
    fault::Fault,
    ledger::User,
    route::Route,
    world::World,
};

/// Body of `POST /users` and `PUT /users/{id}`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    username: Option<String>,
    full_name: Option<String>,
}

fn input(body: &[u8]) -> Result<Input, Refusal> {
    serde_json::from_slice(body).map_err(|_| Refusal::invalid("The body must be a JSON object with a username"))
}

fn no_such_user() -> Refusal {
    Refusal::not_found("USER_NOT_FOUND", "User not found")
}

/// `POST /users`
pub(super) fn create(world: &World, body: &[u8]) -> Result<Answer, Refusal> {
    let input = input(body)?;
    let username = input.username.filter(|name| !name.trim().is_empty());
    let username = username.ok_or_else(|| Refusal::invalid("username is required"))?;
    let strikes = |fault| world.faults.strikes(fault, Some(Route::CreateUser)).is_some();
    let answer = |user: &User| {
        let named = strikes(Fault::CreatedUserNamed);
        Answer::ok(&if named { json!(user) } else { json!({"userId": user.user_id}) })
    };
    let mut ledger = world.ledger_mut();
    if strikes(Fault::AnotherUser)
        && let Some(other) = ledger.users().last()
    {
        return Ok(answer(other));
    }
    if strikes(Fault::UsernamesIgnoreCase)
        && let Some(existing) = ledger.user_ignoring_case(&username)
    {
        return Ok(answer(existing));
    }
    if let Some(existing) = ledger.user(&username) {
        if strikes(Fault::DuplicateUserExisting) {
            return Ok(answer(existing));
        }
        if strikes(Fault::DuplicateUser400) {
            return Err(Refusal::invalid("username must be unique"));
        }
        if !strikes(Fault::DuplicateUserAgain) {
            return Err(Refusal::conflict("A user with this username already exists"));
        }
    }
    Ok(answer(&ledger.add_user(new_id(world.clock.now()), &username, input.full_name)))
}

/// `GET /users`
pub(super) fn list(world: &World) -> Answer {
    Answer::ok(&json!({"data": world.ledger().users()}))
}

/// `GET /users/{userId or username}`
pub(super) fn read(world: &World, user: &str) -> Result<Answer, Refusal> {
    let ledger = world.ledger();
    let ignores_case = world.faults.strikes(Fault::UsernamesIgnoreCase, Some(Route::ReadUser)).is_some();
    let found = if ignores_case { ledger.user_ignoring_case(user) } else { ledger.user(user) };
    let user = found.ok_or_else(no_such_user)?;
    Ok(Answer::json(StatusCode::OK, &json!(user)))
}

/// `PUT /users/{userId}`
pub(super) fn update(world: &World, id: &str, body: &[u8]) -> Result<Answer, Refusal> {
    let input = input(body)?;
    let mut ledger = world.ledger_mut();
    let user = ledger.update_user(id, input.username, input.full_name).ok_or_else(no_such_user)?;
    Ok(Answer::ok(&json!(user)))
}

/// `DELETE /users/{userId}`
pub(super) fn delete(world: &World, id: &str) -> Result<Answer, Refusal> {
    if world.ledger_mut().remove_user(id) { Ok(Answer::ok(&json!({"success": true}))) } else { Err(no_such_user()) }
}
