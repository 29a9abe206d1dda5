//! Deletion of a connection.

use actix_web::{HttpResponse, web};

use crate::{
    attempts::Attempts,
    connections::{Connections, disconnect::Target},
    domain::{
        attempt::{Actor, State},
        connection::CredentialId,
        session::{EndUser, ExternalId},
    },
    sessions::alloy_users::AlloyUsers,
    store::StoreIf,
    web::routes::api,
};

use super::{ApiProblem, HostKey, NoParameters, Query};

/// `DELETE /api/v1/users/{external_id}/connections/{credential_id}`: 204 once the request is stored, also when it is
/// repeated. The event `connection.removed` follows the deletion at Alloy.
#[utoipa::path(
    delete,
    path = api::CONNECTION,
    operation_id = "removeConnection",
    tag = "Users",
    summary = "Takes a connection away",
    description = "It is deleted at Alloy at once, or as soon as that can be had; the event `connection.removed` says that it \
                   is gone. Again is the same.",
    params(
        ("user" = ExternalId, Path, description = "Your own id of the user"),
        ("credential" = CredentialId, Path, description = "Alloy's id of the connection"),
    ),
    responses((status = 204, description = "The wish is kept"))
)]
pub(crate) async fn disconnect(
    _: HostKey,
    attempts: web::Data<Attempts>,
    connections: web::Data<Connections>,
    alloy_users: web::Data<AlloyUsers>,
    path: web::Path<(String, String)>,
    Query(NoParameters {}): Query<NoParameters>,
) -> Result<HttpResponse, ApiProblem> {
    let missing = || ApiProblem::not_found("The user has no connection of this id.");
    let (user, credential) = path.into_inner();
    let external_id = ExternalId::requested(user).ok_or_else(missing)?;
    let credential = CredentialId::parse(credential).map_err(|_| missing())?;
    if connections.find_disconnection(&external_id, &credential).await?.is_some() {
        return Ok(HttpResponse::NoContent().finish());
    }
    let at_alloy = alloy_users.find(&external_id).await?.ok_or_else(missing)?;
    // Stores the user, who may have no session, so that the disconnection refers to a known user.
    let at_alloy = alloy_users.map(&external_id, &at_alloy, StoreIf::Always).await?;
    let user = EndUser { external_id, name: None, email: None, alloy_user_id: Some(at_alloy.clone()) };
    let known = connections.load(Actor::Host, &user).await?;
    match (known.connected(), known.unconfirmed()) {
        (Ok(connected), Ok(in_doubt)) => {
            // An attempt that awaits the host's confirmation has no connection yet.
            let unverified = in_doubt.into_iter().filter(|(_, state)| *state == State::Unverified);
            let mut known = connected.into_iter().chain(unverified.map(|(connection, _)| connection));
            let found = known.find(|known| known.credential.id == credential).ok_or_else(missing)?;
            connections.disconnect(Actor::Host, &user, found.into()).await?;
        }
        (Err(error), _) | (_, Err(error)) => {
            let Some(claimed) = claimed(&attempts, &user, credential).await? else {
                let is_unknown = alloy_users.is_unknown(&at_alloy, &error).await;
                return Err(if is_unknown { missing() } else { error.into() });
            };
            connections.disconnect_later(&user, claimed).await?;
        }
    }
    Ok(HttpResponse::NoContent().finish())
}

/// The credential if one of the user's attempts claimed it, for the case that Alloy's list is not available.
async fn claimed(attempts: &Attempts, user: &EndUser, credential: CredentialId) -> Result<Option<Target>, ApiProblem> {
    let claims = attempts.claims(&user.external_id).await?;
    let Some(claim) = claims.get(&credential).filter(|claim| claim.state != State::Pending) else { return Ok(None) };
    let made_by = attempts.find(claim.attempt).await?;
    Ok(made_by.map(|attempt| Target { credential, connector: attempt.connector, attempt: Some(attempt.id) }))
}
