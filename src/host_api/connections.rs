//! A user's connections.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::{
    connections::Connections,
    domain::{
        attempt::{Actor, AttemptId, Proof, State},
        connection::{Connection, ConnectionStatus, CredentialId, Origin, oldest_first},
        connector::ConnectorId,
        session::{AlloyUserId, EndUser, ExternalId},
    },
    sessions::alloy_users::AlloyUsers,
    web::{Site, routes::api},
};

use super::{ApiProblem, HostKey, Query};

/// What a user has connected.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Connections)]
struct ConnectionsBody {
    /// The oldest first.
    connections: Vec<ConnectionBody>,
}

/// What a user sees as linked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Connection)]
struct ConnectionBody {
    /// Alloy's id of it.
    credential_id: CredentialId,
    /// Alloy's id of the user. Your server uses the connection with both ids.
    alloy_user_id: AlloyUserId,
    /// The app.
    connector: ConnectorId,
    /// What Alloy calls it.
    name: String,
    /// Whether it can be used, as far as is known. Null for what does not count as connected.
    #[schema(required)]
    status: Option<ConnectionStatus>,
    /// Who made it.
    origin: Origin,
    /// The attempt that made it, if one of ours did.
    #[schema(required)]
    attempt_id: Option<AttemptId>,
    /// The result of the last call that tested it; null if there was none.
    #[schema(required)]
    proof: Option<Proof>,
    /// Whose account it is.
    #[schema(required)]
    account: Option<String>,
    /// What people call an account there.
    #[schema(required)]
    account_label: Option<String>,
    /// When it was made, by Alloy's clock.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    created_at: Option<OffsetDateTime>,
    /// When it last changed, a token's renewal included.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    updated_at: Option<OffsetDateTime>,
    /// Whether it counts as connected; only with `include=unverified`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    state: Option<ConnectionState>,
}

/// Whether a listed credential counts as connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ConnectionState)]
enum ConnectionState {
    /// It does.
    Connected,
    /// It waits for the host's word.
    Pending,
    /// It is not known whether the user did it.
    Unverified,
}

/// What is told beside the connections.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConnectionsQuery {
    /// More than what counts as connected.
    #[param(inline)]
    pub(crate) include: Option<Include>,
}

/// What does not count as connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Include {
    /// What attempts claimed that are open or unverified.
    Unverified,
}

/// `GET /api/v1/users/{external_id}/connections`: the user's connections, oldest first. `?include=unverified` adds the
/// credentials that open and unverified attempts claimed. An unknown user has none.
#[utoipa::path(
    get,
    path = api::CONNECTIONS,
    operation_id = "listConnections",
    tag = "Users",
    summary = "What a user has connected",
    description = "An unknown user has none; 404 where Alloy refuses the list, because it has no user of the id that is \
                   known here. With `include=unverified` also what attempts claimed that are open or unverified, and for \
                   each where it stands.",
    params(("user" = ExternalId, Path, description = "Your own id of the user"), ConnectionsQuery),
    responses((status = 200, description = "The connections", body = ConnectionsBody))
)]
pub(crate) async fn list(
    _: HostKey,
    site: web::Data<Site>,
    connections: web::Data<Connections>,
    alloy_users: web::Data<AlloyUsers>,
    user: web::Path<String>,
    Query(ConnectionsQuery { include }): Query<ConnectionsQuery>,
) -> Result<HttpResponse, ApiProblem> {
    let external_id = ExternalId::requested(user.into_inner());
    let external_id = external_id.ok_or_else(|| ApiProblem::not_found("No user can have this id."))?;
    let Some(alloy_user) = alloy_users.find(&external_id).await? else {
        return Ok(HttpResponse::Ok().json(ConnectionsBody { connections: Vec::new() }));
    };
    let user = EndUser { external_id, name: None, email: None, alloy_user_id: Some(alloy_user.clone()) };
    let body = |connection, state| connection_body(&site, alloy_user.clone(), connection, state);
    let known = connections.load(Actor::Host, &user).await?;
    let connected = match known.connected() {
        Ok(connected) => connected.into_iter(),
        Err(error) if alloy_users.is_unknown(&alloy_user, &error).await => return Err(no_such_user()),
        Err(error) => return Err(error.into()),
    };
    let connections = match include {
        None => connected.map(|connection| body(connection, None)).collect(),
        Some(Include::Unverified) => {
            let in_doubt = known.unconfirmed()?.into_iter().map(|(connection, state)| match state {
                State::Pending => (connection, ConnectionState::Pending),
                _ => (connection, ConnectionState::Unverified),
            });
            let connected = connected.map(|connection| (connection, ConnectionState::Connected));
            let mut all: Vec<_> = connected.chain(in_doubt).collect();
            all.sort_by(|(one, _), (other, _)| oldest_first(one, other));
            all.into_iter().map(|(connection, state)| body(connection, Some(state))).collect()
        }
    };
    Ok(HttpResponse::Ok().json(ConnectionsBody { connections }))
}

pub(super) fn no_such_user() -> ApiProblem {
    ApiProblem::not_found("Alloy has no such user.")
}

fn connection_body(
    site: &Site,
    alloy_user_id: AlloyUserId,
    connection: Connection,
    state: Option<ConnectionState>,
) -> ConnectionBody {
    let Connection { credential, origin, status, attempt, proof, account } = connection;
    let is_connected = state.is_none_or(|state| state == ConnectionState::Connected);
    let label = site.account_label(&credential.connector).filter(|_| account.is_some());
    ConnectionBody {
        credential_id: credential.id,
        alloy_user_id,
        connector: credential.connector,
        name: credential.name,
        status: is_connected.then_some(status),
        origin,
        attempt_id: attempt,
        proof,
        account_label: label,
        account,
        created_at: credential.created_at,
        updated_at: credential.updated_at,
        state,
    }
}
