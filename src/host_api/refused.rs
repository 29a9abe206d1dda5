//! Report of a refused connection.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    connections::Connections,
    domain::{connection::CredentialId, error::Error, session::ExternalId},
    web::routes::api,
};

use super::{ApiProblem, HostKey, NoParameters, OptionalBody, Query};

/// An empty object.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = RefusedConnection)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefusedBody {}

/// `POST /api/v1/users/{external_id}/connections/{credential_id}/refused`: 204, also when it is repeated.
#[utoipa::path(
    post,
    path = api::REFUSED,
    operation_id = "reportRefusedConnection",
    tag = "Users",
    summary = "Reports that a connection was refused",
    description = "For a connection whose credential the app or Alloy does not accept any more. It stays, its `status` is \
                   `needs_reconnect`, and the user is asked to connect it again; that, or a successful test, ends it. The event \
                   `connection.needs_reconnect` is sent once until then. A repeated call changes nothing.",
    params(
        ("user" = ExternalId, Path, description = "Your own id of the user"),
        ("credential" = CredentialId, Path, description = "Alloy's id of the connection"),
    ),
    request_body(content = Option<RefusedBody>, description = "May be left out"),
    responses((status = 204, description = "The connection needs reconnecting"))
)]
pub(crate) async fn report(
    _: HostKey,
    connections: web::Data<Connections>,
    path: web::Path<(String, String)>,
    Query(NoParameters {}): Query<NoParameters>,
    OptionalBody(_): OptionalBody<RefusedBody>,
) -> Result<HttpResponse, ApiProblem> {
    let missing = || ApiProblem::not_found("The user has no connection of this id.");
    let (user, credential) = path.into_inner();
    let user = ExternalId::requested(user).ok_or_else(missing)?;
    let credential = CredentialId::parse(credential).map_err(|_| missing())?;
    match connections.report_refused(user, credential).await {
        Err(Error::NotFound) => Err(missing()),
        outcome => Ok(outcome.map(|()| HttpResponse::NoContent().finish())?),
    }
}
