//! The body of a webhook event: the one definition that is sent, stored and described in the API document.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{
    attempt::{AttemptId, EventKind, LinkAttempt, OutboxEvent, Reason, State},
    connection::CredentialId,
    connector::ConnectorId,
    session::{AlloyUserId, ClientReference, ExternalId, SessionId},
};

/// What an event names beside its attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EventIds {
    pub sequence: i64,
    pub alloy_user: Option<AlloyUserId>,
    pub client_reference: Option<ClientReference>,
}

/// An event. It says what happened and to what; how that stands by now the API says.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Event)]
pub(crate) struct Event {
    /// What happened.
    pub r#type: EventKind,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub timestamp: OffsetDateTime,
    /// To what.
    pub data: EventSubject,
}

/// What an event is about. A connection that no attempt had made has neither attempt nor state, reason and session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventSubject)]
pub(crate) struct EventSubject {
    /// The attempt.
    #[schema(required)]
    pub attempt_id: Option<AttemptId>,
    /// Where it stood then.
    #[schema(required)]
    state: Option<State>,
    /// Why it ended so.
    #[schema(required)]
    reason: Option<Reason>,
    /// The app.
    connector: ConnectorId,
    /// The connection.
    #[schema(required)]
    credential_id: Option<CredentialId>,
    /// The connection that it took the place of.
    #[schema(required)]
    replaces: Option<CredentialId>,
    /// Of `connection.replaced`: whether the connection before was of the same account, by the account that
    /// `connectors.<id>.whoami` last named for it. Null if one of the two accounts is unknown, and in all other events.
    #[schema(required)]
    same_account: Option<bool>,
    /// Your own id of the user.
    pub user_id: ExternalId,
    /// Alloy's id of the user. With `credential_id` your server uses the connection; null where Alloy has no such user.
    #[schema(required)]
    alloy_user_id: Option<AlloyUserId>,
    /// The `client_reference` of the session in which it began; null if it has none.
    #[schema(required)]
    client_reference: Option<ClientReference>,
    /// The session in which it began.
    #[schema(required)]
    session_id: Option<SessionId>,
    /// Counts the user's events from 1, without gaps. After an erasure of the user it begins at 1 again.
    #[schema(minimum = 1)]
    pub sequence: i64,
}

impl Event {
    pub(crate) fn of_attempt(attempt: &LinkAttempt, event: &OutboxEvent, ids: EventIds) -> Self {
        let data = EventSubject {
            attempt_id: Some(attempt.id),
            state: Some(attempt.state()),
            reason: attempt.reason(),
            connector: attempt.connector.clone(),
            credential_id: event.credential.clone(),
            replaces: attempt.replaces.clone(),
            same_account: event.same_account,
            user_id: attempt.user.clone(),
            alloy_user_id: ids.alloy_user,
            client_reference: ids.client_reference,
            session_id: Some(attempt.session_id),
            sequence: ids.sequence,
        };
        Self { r#type: event.kind, timestamp: event.at, data }
    }

    /// An event of a connection without an attempt.
    pub(crate) fn external(
        kind: EventKind,
        user: &ExternalId,
        (connector, credential): (&ConnectorId, &CredentialId),
        at: OffsetDateTime,
        ids: EventIds,
    ) -> Self {
        let data = EventSubject {
            attempt_id: None,
            state: None,
            reason: None,
            connector: connector.clone(),
            credential_id: Some(credential.clone()),
            replaces: None,
            same_account: None,
            user_id: user.clone(),
            alloy_user_id: ids.alloy_user,
            client_reference: ids.client_reference,
            session_id: None,
            sequence: ids.sequence,
        };
        Self { r#type: kind, timestamp: at, data }
    }
}
