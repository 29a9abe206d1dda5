//! Erasure of a user.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
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

/// What is still at Alloy afterwards.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Remains {
    /// What is not deleted there.
    remains: Vec<Remainder>,
}

/// Something that is not deleted at Alloy.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Remainder {
    /// Alloy's user, with its name. Gangway did not create it, it is another of your users, too, or Alloy deletes no users.
    AlloyUser,
}

/// `DELETE /api/v1/users/{external_id}`: 204 once the user is erased here, also for an unknown user. With
/// `?credentials=delete` a background job deletes the user's credentials at Alloy, and Alloy's user if it may: else 200.
#[utoipa::path(
    delete,
    path = api::USER,
    operation_id = "eraseUser",
    tag = "Users",
    summary = "Forgets a user",
    description = "Afterwards nothing here has the user's id, name or address. With `credentials=delete` all \
                   credentials that Alloy holds for the user are deleted too, in the background and until it is done. Then \
                   Alloy's user is deleted, about ten minutes later, or once the last link that the user began is over. It \
                   stays if Gangway did not create it, if another of your users is the same user of Alloy, if Alloy is known \
                   to delete no users (all answered with 200), or if it is used again meanwhile. A repeated call and an unknown user are answered the same \
                   way.",
    params(("user" = ExternalId, Path, description = "Your own id of the user"), EraseQuery),
    responses(
        (status = 200, description = "The user is forgotten, and this remains at Alloy", body = Remains),
        (status = 204, description = "The user is forgotten")
    )
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
    let alloy_user_remains = connections.erase_user(&user, at_alloy.as_ref()).await?;
    tracing::info!(credentials = at_alloy.is_some(), alloy_user_remains, "a user is erased");
    if alloy_user_remains {
        return Ok(HttpResponse::Ok().json(Remains { remains: vec![Remainder::AlloyUser] }));
    }
    Ok(HttpResponse::NoContent().finish())
}
