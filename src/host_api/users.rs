//! One user: whether Alloy knows them, and by which id.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::{
    domain::session::{AlloyUserId, ExternalId},
    sessions::alloy_users::AlloyUsers,
    web::routes::api,
};

use super::{ApiProblem, HostKey, NoParameters, Query, connections::no_such_user};

/// One of your users whom Alloy knows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KnownUser)]
struct KnownUserBody {
    /// Your own id.
    id: ExternalId,
    /// Alloy's id of the same user. Your server names it to Alloy as the acting user.
    alloy_user_id: AlloyUserId,
    /// When Gangway found out that the two are the same user; null if the user never had a session here.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    created_at: Option<OffsetDateTime>,
}

/// `GET /api/v1/users/{external_id}`: the user as Alloy knows them now. 404 if Alloy does not.
#[utoipa::path(
    get,
    path = api::USER,
    operation_id = "showUser",
    tag = "Users",
    summary = "A user's id at Alloy",
    description = "Alloy is asked each time, and nothing is created: 404 for a user who never connected anything, and for one \
                   who was deleted at Alloy.",
    params(("user" = ExternalId, Path, description = "Your own id of the user")),
    responses((status = 200, description = "The user", body = KnownUserBody))
)]
pub(crate) async fn show(
    _: HostKey,
    alloy_users: web::Data<AlloyUsers>,
    user: web::Path<String>,
    Query(NoParameters {}): Query<NoParameters>,
) -> Result<HttpResponse, ApiProblem> {
    let id = ExternalId::requested(user.into_inner());
    let id = id.ok_or_else(|| ApiProblem::not_found("No user can have this id."))?;
    let found = alloy_users.read(&id).await?;
    let (alloy_user_id, created_at) = found.ok_or_else(no_such_user)?;
    Ok(HttpResponse::Ok().json(KnownUserBody { id, alloy_user_id, created_at }))
}
