//! What a user has connected.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use time::OffsetDateTime;

use crate::{
    connection::{Connection, CredentialId, Origin},
    connector::ConnectorId,
    gangway::Gangway,
    journey::look,
    link::{AttemptId, Proof},
    session::{EndUser, ExternalId},
};

use super::{ApiProblem, HostKey};

#[derive(Debug, Serialize)]
struct Answer {
    connections: Vec<Shown>,
}

#[derive(Debug, Serialize)]
struct Shown {
    credential_id: CredentialId,
    connector: ConnectorId,
    name: String,
    origin: Origin,
    attempt_id: Option<AttemptId>,
    proof: Option<Proof>,
    account: Option<String>,
    account_label: Option<String>,
    #[serde(with = "time::serde::rfc3339::option")]
    created_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    updated_at: Option<OffsetDateTime>,
}

/// `GET /api/v1/users/{external_id}/connections`: what counts as connected, oldest first. A user of whom nobody has
/// heard has none.
///
/// # Errors
/// 404 when the id cannot be one; 503 when Alloy does not answer: nobody knows then.
pub async fn list(
    _: HostKey,
    gangway: web::Data<Gangway>,
    user: web::Path<String>,
) -> Result<HttpResponse, ApiProblem> {
    let external_id =
        ExternalId::parse(user.into_inner()).map_err(|_| ApiProblem::not_found("No user can have this id."))?;
    if gangway.known_alloy_user(&external_id).await?.is_none() {
        return Ok(HttpResponse::Ok().json(Answer { connections: Vec::new() }));
    }
    let user = EndUser { external_id, name: None, email: None, alloy_user_id: None };
    let connections = look(&gangway, &user).await?.connected().ok_or_else(ApiProblem::upstream)?;
    let shown = connections.into_iter().map(|connection| shown(&gangway, connection)).collect();
    Ok(HttpResponse::Ok().json(Answer { connections: shown }))
}

fn shown(gangway: &Gangway, connection: Connection) -> Shown {
    let Connection { credential, origin, attempt, proof, account } = connection;
    let label = gangway.account_label(&credential.connector).filter(|_| account.is_some());
    Shown {
        credential_id: credential.id,
        connector: credential.connector,
        name: credential.name,
        origin,
        attempt_id: attempt,
        proof,
        account_label: label,
        account,
        created_at: credential.created_at,
        updated_at: credential.updated_at,
    }
}
