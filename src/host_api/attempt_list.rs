//! Pages of link attempts, newest first.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::{
    attempts::Attempts,
    domain::{
        attempt::{AttemptId, LinkAttempt, State},
        clock::{from_millis, to_millis},
        session::{ExternalId, SessionId},
    },
    store::AttemptFilter,
    web::{Site, routes::api},
};

use super::{
    ApiProblem, HostKey, Query,
    attempts::{AttemptBody, attempt_body},
    paging,
};

/// Filters of the list; an attempt must match all of them.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// Begun in that session.
    pub(crate) session: Option<SessionId>,
    /// Of that user, by the host's id.
    pub(crate) user: Option<ExternalId>,
    /// Standing there.
    pub(crate) state: Option<State>,
    /// So many at the most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    #[serde(default = "paging::default_limit", deserialize_with = "paging::limit")]
    pub(crate) limit: u16,
    /// Where an earlier page said that it goes on.
    #[param(value_type = Option<String>, pattern = "^[A-Za-z0-9_-]{32}$")]
    pub(crate) cursor: Option<Cursor>,
}

/// The last attempt of a page, opaque to callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Cursor(OffsetDateTime, AttemptId);

impl Cursor {
    fn after(attempt: &LinkAttempt) -> Self {
        Self(attempt.began_at, attempt.id)
    }

    fn to_text(self) -> String {
        let Self(at, id) = self;
        paging::cursor([to_millis(at)], id.uuid())
    }
}

impl TryFrom<String> for Cursor {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let ([at], id) = paging::place(&text)?;
        Ok(Self(from_millis(at), AttemptId::from_uuid(id)))
    }
}

/// A page of attempts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LinkAttempts)]
struct AttemptsPage {
    /// The newest first.
    link_attempts: Vec<AttemptBody>,
    /// The `cursor` of the next page; null on the last one.
    #[schema(required)]
    next: Option<String>,
}

/// `GET /api/v1/link-attempts`: attempts as they were last stored, without a call to Alloy.
#[utoipa::path(
    get,
    path = api::LINK_ATTEMPTS,
    operation_id = "listLinkAttempts",
    tag = "Link attempts",
    summary = "Attempts by the page, the newest first",
    description = "As they were last kept: nothing is asked of Alloy for this.",
    params(ListQuery),
    responses((status = 200, description = "A page of attempts", body = AttemptsPage))
)]
pub(crate) async fn list(
    _: HostKey,
    site: web::Data<Site>,
    attempts: web::Data<Attempts>,
    Query(query): Query<ListQuery>,
) -> Result<HttpResponse, ApiProblem> {
    let ListQuery { session, user, state, limit, cursor } = query;
    let filter = AttemptFilter { session, user, state, before: cursor.map(|Cursor(at, id)| (at, id)) };
    let find = async |most| attempts.list(&filter, most).await;
    let (found, next) = paging::page(limit, find, |last| Cursor::after(&last.attempt).to_text()).await?;
    let link_attempts = found.into_iter().map(|one| attempt_body(&site, one)).collect();
    Ok(HttpResponse::Ok().json(AttemptsPage { link_attempts, next }))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn cursor_round_trips_and_other_texts_are_refused() {
        let cursor = Cursor(from_millis(1_790_000_000_123), AttemptId::from_uuid(Uuid::from_u128(7)));
        assert_eq!(Cursor::try_from(cursor.to_text()), Ok(cursor));
        for text in ["", "x", "AAAA", &format!("{}A", cursor.to_text()), &"é".repeat(16)] {
            assert!(Cursor::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
