//! Connect sessions: create, show, end.

use actix_web::{HttpResponse, http::header, web};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{ApiProblem, Body, HostKey, IdempotencyKey, Kind, NoParameters, Query, attempts::UserBody};
use crate::{
    connections::Connections,
    domain::session::{ClientReference, ConnectSession, EndedBy, SessionId, Standing},
    sessions::{CreateError, CreatedSession, InvalidField, SessionRequest, Sessions},
    web::{
        Site,
        routes::{self, api},
    },
};

// Without `Debug`, because it holds the start code and the ticket.
/// What opens a new session, once.
#[derive(Serialize, ToSchema)]
#[schema(as = NewConnectSessionAnswer)]
struct SessionCreated {
    /// Its id.
    id: SessionId,
    /// The start link, to send to the user.
    #[schema(format = "uri")]
    url: String,
    /// The start code, for a page of yours that posts it.
    start_code: String,
    /// When the code stops working.
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
    /// The ticket with which a page of yours reads the outcome, until ten minutes after the session's end. It opens
    /// nothing.
    watch: String,
}

/// A session as it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConnectSession)]
struct SessionBody {
    /// Its id.
    id: SessionId,
    /// Where it stands.
    state: SessionState,
    /// Whom it is for.
    user: UserBody,
    /// Your own reference of it; null if it has none.
    #[schema(required)]
    client_reference: Option<ClientReference>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    /// When a browser used its code up.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    redeemed_at: Option<OffsetDateTime>,
    /// When the user or your server ended it before its time.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    ended_at: Option<OffsetDateTime>,
}

/// Where a session stands: its code waits, a browser uses it, its time is over, or it was ended before.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ConnectSessionState)]
enum SessionState {
    Waiting,
    Live,
    Expired,
    Ended,
}

/// `POST /api/v1/connect-sessions`: 201 with the start code and the start link.
#[utoipa::path(
    post,
    path = api::CONNECT_SESSIONS,
    operation_id = "createConnectSession",
    tag = "Connect sessions",
    summary = "Lets a user connect apps for a while",
    description = "Answers with a code that opens the session in a browser, once. With an `Idempotency-Key` the same body again \
                   gives the same answer, for 24 hours at least, even if the session has ended. Apps and `reconnect` are \
                   compared with what Alloy lists; while Alloy does not answer, the session is made without that.",
    params((
        "Idempotency-Key" = Option<String>, Header,
        description = "A text of your own for this request, to send it again without harm",
        min_length = 1, max_length = 255, pattern = "^[!-~]([ -~]*[!-~])?$", example = "order-4711"
    )),
    request_body = SessionRequest,
    responses((
        status = 201, description = "The session is made", body = SessionCreated,
        headers(("Location" = String, description = "Where the session can be read"))
    ))
)]
pub(crate) async fn create(
    _: HostKey,
    sessions: web::Data<Sessions>,
    connections: web::Data<Connections>,
    site: web::Data<Site>,
    Query(NoParameters {}): Query<NoParameters>,
    IdempotencyKey(key): IdempotencyKey,
    Body(request): Body<SessionRequest>,
) -> Result<HttpResponse, ApiProblem> {
    let check = async |session: &ConnectSession| check_reconnect(&connections, session).await;
    let CreatedSession { session, code, watch } = match key {
        Some(key) => sessions.create_once(request, key, check).await?,
        None => sessions.create(request, check).await?,
    };
    let location = format!("{}/{}", api::CONNECT_SESSIONS, session.id);
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(SessionCreated {
        id: session.id,
        url: site.public(&routes::start(&code)),
        start_code: code.expose().to_owned(),
        expires_at: session.code_expires_at,
        watch: watch.expose().to_owned(),
    }))
}

/// Without an answer of Alloy the session is created: its pages show what the user has then.
async fn check_reconnect(connections: &Connections, session: &ConnectSession) -> Result<(), InvalidField> {
    let (Some(connector), Some(credential)) = (&session.connector, &session.reconnect) else { return Ok(()) };
    match connections.has(&session.user, connector, credential).await {
        Some(false) => Err(InvalidField::new("reconnect", "The user has no such connection of `connector`.")),
        Some(true) => Ok(()),
        None => {
            tracing::warn!(session = %session.id, "the connection that a session renews is not checked");
            Ok(())
        }
    }
}

impl From<CreateError> for ApiProblem {
    fn from(error: CreateError) -> Self {
        match error {
            CreateError::Field(invalid) => Self::field(invalid.field, invalid.detail),
            CreateError::IdempotencyKeyReused => Kind::IdempotencyKeyReused.into(),
            CreateError::IdempotencyKeyOutlived => Kind::IdempotencyKeyOutlived.into(),
            CreateError::Failed(error) => error.into(),
        }
    }
}

/// `GET /api/v1/connect-sessions/{id}`: the session as it stands.
///
/// # Errors
/// 404 when there is none of that id.
#[utoipa::path(
    get,
    path = api::CONNECT_SESSION,
    operation_id = "showConnectSession",
    tag = "Connect sessions",
    summary = "A session as it stands",
    params(("session" = SessionId, Path, description = "Its id")),
    responses((status = 200, description = "The session", body = SessionBody))
)]
pub(crate) async fn show(
    _: HostKey,
    sessions: web::Data<Sessions>,
    id: web::Path<String>,
    Query(NoParameters {}): Query<NoParameters>,
) -> Result<HttpResponse, ApiProblem> {
    let session = find(&sessions, &id).await?;
    let state = match sessions.standing(&session) {
        Standing::Waiting => SessionState::Waiting,
        Standing::Live => SessionState::Live,
        Standing::RanOut => SessionState::Expired,
        Standing::Ended => SessionState::Ended,
    };
    Ok(HttpResponse::Ok().json(SessionBody {
        id: session.id,
        state,
        user: UserBody { id: session.user.external_id },
        client_reference: session.client_reference,
        created_at: session.created_at,
        redeemed_at: session.redeemed_at,
        ended_at: session.ended_at,
    }))
}

/// `DELETE /api/v1/connect-sessions/{id}`: 204, also when it is repeated.
#[utoipa::path(
    delete,
    path = api::CONNECT_SESSION,
    operation_id = "endConnectSession",
    tag = "Connect sessions",
    summary = "Ends a session at once",
    description = "Its code and its browser's cookie stop working. Again is the same.",
    params(("session" = SessionId, Path, description = "Its id")),
    responses((status = 204, description = "The session has ended"))
)]
pub(crate) async fn end(
    _: HostKey,
    sessions: web::Data<Sessions>,
    id: web::Path<String>,
    Query(NoParameters {}): Query<NoParameters>,
) -> Result<HttpResponse, ApiProblem> {
    let session = find(&sessions, &id).await?;
    sessions.end(session.id, EndedBy::Host).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn find(sessions: &Sessions, id: &str) -> Result<ConnectSession, ApiProblem> {
    let missing = || ApiProblem::not_found("No session has this id.");
    let id = SessionId::parse(id).map_err(|_| missing())?;
    sessions.find(id).await?.ok_or_else(missing)
}
