//! Link attempts: what the host's server asks for when a browser says that something was linked.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use time::OffsetDateTime;

use crate::{
    connection::CredentialId,
    connector::ConnectorId,
    gangway::Gangway,
    journey::{prove, settle_by_look},
    link::{AttemptId, LinkAttempt, Proof, Reason, State, TimelineEvent},
    session::{ExternalId, SessionId},
    store::StoreError,
};

use super::{ApiProblem, HostKey};

/// An attempt as every answer of the API has it.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    id: AttemptId,
    state: State,
    reason: Option<Reason>,
    connector: ConnectorId,
    credential_id: Option<CredentialId>,
    replaces: Option<CredentialId>,
    proof: Option<Proof>,
    account: Option<String>,
    account_label: Option<String>,
    user: ShownUser,
    session_id: SessionId,
    reference: String,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    settled_at: Option<OffsetDateTime>,
    timeline: Vec<ShownStep>,
}

#[derive(Debug, Serialize)]
struct ShownUser {
    id: ExternalId,
}

#[derive(Debug, Serialize)]
struct ShownStep {
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    event: TimelineEvent,
}

/// `GET /api/v1/link-attempts/{id}`: where the attempt stands, and every step until now. An open attempt is looked at
/// once more before the answer, and what it linked is tried if nobody could say yet that it works.
///
/// # Errors
/// 404 when there is none of that id.
pub async fn show(_: HostKey, gangway: web::Data<Gangway>, id: web::Path<String>) -> Result<HttpResponse, ApiProblem> {
    let missing = || ApiProblem::not_found("No link attempt has this id.");
    let id = AttemptId(id.parse().map_err(|_| missing())?);
    let attempt = gangway.store.attempt(id).await?.ok_or_else(missing)?;
    let attempt = prove(&gangway, settle_by_look(&gangway, attempt).await?).await?;
    Ok(HttpResponse::Ok().json(shown(&gangway, attempt).await?))
}

/// An attempt with every step until now.
pub(super) async fn shown(gangway: &Gangway, attempt: LinkAttempt) -> Result<Shown, StoreError> {
    let timeline = gangway.store.timeline(attempt.id).await?;
    let label = gangway.account_label(&attempt.connector).filter(|_| attempt.account.is_some());
    Ok(Shown {
        reference: attempt.id.reference().to_string(),
        id: attempt.id,
        state: attempt.state,
        reason: attempt.reason,
        connector: attempt.connector,
        credential_id: attempt.credential,
        replaces: attempt.replaces,
        proof: attempt.proof,
        account_label: label,
        account: attempt.account,
        user: ShownUser { id: attempt.user },
        session_id: attempt.session_id,
        created_at: attempt.began_at,
        settled_at: attempt.settled_at,
        timeline: timeline.into_iter().map(|step| ShownStep { at: step.at, event: step.event }).collect(),
    })
}
