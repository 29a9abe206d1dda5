//! Erasure of a user.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    connections::Connections, domain::session::ExternalId, sessions::alloy_users::AlloyUsers, web::routes::api,
};

use super::{ApiProblem, HostKey, Query};

/// What else is to go.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct EraseQuery {
    /// What becomes of the user's credentials at Alloy; they stay, if nothing is said.
    #[param(inline)]
    pub(crate) credentials: Option<Credentials>,
}

/// What becomes of credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Credentials {
    /// They are deleted.
    Delete,
}

/// `DELETE /api/v1/users/{external_id}`: 204 once the user is erased here, also for an unknown user. With
/// `?credentials=delete` a background job deletes the user's credentials at Alloy.
#[utoipa::path(
    delete,
    path = api::USER,
    operation_id = "eraseUser",
    tag = "Users",
    summary = "Forgets a user",
    description = "Afterwards nothing here has the user's id, name or address. With `credentials=delete` all that Alloy holds \
                   for the user is deleted too, in the background and until it is done. A repeated call and an unknown user are \
                   answered the same way.",
    params(("user" = ExternalId, Path, description = "Your own id of the user"), EraseQuery),
    responses((status = 204, description = "The user is forgotten"))
)]
pub(crate) async fn erase_user(
    _: HostKey,
    connections: web::Data<Connections>,
    alloy_users: web::Data<AlloyUsers>,
    user: web::Path<String>,
    Query(EraseQuery { credentials }): Query<EraseQuery>,
) -> Result<HttpResponse, ApiProblem> {
    let user = ExternalId::requested(user.into_inner());
    let user = user.ok_or_else(|| ApiProblem::not_found("No user can have this id."))?;
    let at_alloy = match credentials {
        Some(Credentials::Delete) => alloy_users.find(&user).await?,
        None => None,
    };
    connections.erase_user(&user, at_alloy.as_ref()).await?;
    tracing::info!(credentials = at_alloy.is_some(), "a user is erased");
    Ok(HttpResponse::NoContent().finish())
}
