//! The health of connections: which ones were refused, and when each is checked next.

use sqlx::{AnyConnection, FromRow};
use time::OffsetDateTime;

use super::{
    Result, Store,
    attempt_row::connector_key,
    database::{commit, execute},
    outbox,
};
use crate::domain::{
    attempt::{AttemptId, Change, EventKind, HealthChange, LinkAttempt, OutboxEvent},
    clock::to_millis,
    connection::CredentialId,
    connector::ConnectorId,
    session::ExternalId,
};

/// A connection that may be refused or checked.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct CheckedConnection {
    #[sqlx(rename = "credential_id")]
    pub credential: CredentialId,
    #[sqlx(rename = "user_id")]
    pub user: ExternalId,
    pub connector: ConnectorId,
    /// The attempt that linked it last; `None` for an external connection.
    #[sqlx(rename = "attempt_id")]
    pub attempt: Option<AttemptId>,
}

impl Store {
    /// Marks the connection as refused, with the event for the host. `attempt` is the one that it names. Returns `false`
    /// if it is marked already or disconnected, or its user is unknown.
    pub async fn refuse(
        &self,
        refused: &CheckedConnection,
        attempt: Option<&LinkAttempt>,
        now: OffsetDateTime,
    ) -> Result<bool> {
        let mut connection = self.writes.acquire().await?;
        let mut transaction = self.durable_transaction(&mut connection).await?;
        let is_new = mark(&mut transaction, refused, now).await?;
        if is_new {
            let CheckedConnection { credential, user, connector, .. } = refused;
            outbox::put_refusal(&mut transaction, user, (connector, credential), attempt, now).await?;
        }
        commit(transaction).await?;
        self.end_durable(&mut connection).await?;
        Ok(is_new)
    }

    /// Returns whether the connection is marked as refused, by this user or one who shares the Alloy user.
    pub async fn is_refused(&self, user: &ExternalId, credential: &CredentialId) -> Result<bool> {
        let query = sqlx::query(include_str!("sql/health/is_refused.sql")).bind(credential).bind(user);
        let found: Option<(String,)> = self.fetch_optional(query).await?;
        Ok(found.is_some())
    }

    /// Returns whether the connection was marked as refused.
    pub async fn recover(&self, credential: &CredentialId) -> Result<bool> {
        Ok(self.execute(sqlx::query(include_str!("sql/health/recover.sql")).bind(credential)).await? == 1)
    }

    /// Linked connections of the app without a check ahead, in the order of their ids.
    pub async fn unscheduled(
        &self,
        connector: &ConnectorId,
        after: Option<&CredentialId>,
        most: u16,
    ) -> Result<Vec<CheckedConnection>> {
        let query = sqlx::query(include_str!("sql/health/unscheduled.sql"))
            .bind(connector_key(connector))
            .bind(after.map_or("", CredentialId::as_str))
            .bind(i64::from(most));
        self.fetch_all(query).await
    }

    /// Each is scheduled once, by the first process that does.
    pub async fn schedule_checks(&self, checks: &[(CheckedConnection, OffsetDateTime)]) -> Result<()> {
        let mut connection = self.writes.acquire().await?;
        let mut transaction = self.transaction(&mut connection).await?;
        for (checked, at) in checks {
            let query = sqlx::query(include_str!("sql/health/schedule.sql"))
                .bind(&checked.credential)
                .bind(&checked.user)
                .bind(&checked.connector)
                .bind(checked.attempt)
                .bind(to_millis(*at));
            execute(&mut transaction, query).await?;
        }
        commit(transaction).await
    }

    /// Leases due checks of one user.
    pub async fn lease_checks(
        &self,
        now: OffsetDateTime,
        until: OffsetDateTime,
        most: u16,
    ) -> Result<Vec<CheckedConnection>> {
        self.lease(include_str!("sql/health/lease_checks.sql"), now, until, most).await
    }

    /// Without a time, the connection is not checked any more.
    pub async fn reschedule_check(&self, credential: &CredentialId, next: Option<OffsetDateTime>) -> Result<()> {
        let query = match next {
            Some(next) => {
                let query = sqlx::query(include_str!("sql/health/reschedule_check.sql"));
                query.bind(credential).bind(to_millis(next))
            }
            None => sqlx::query(include_str!("sql/health/stop_checks.sql")).bind(credential),
        };
        self.execute(query).await?;
        Ok(())
    }
}

/// Returns `false` if the connection is marked already or disconnected, or its user is unknown.
async fn mark(connection: &mut AnyConnection, refused: &CheckedConnection, now: OffsetDateTime) -> Result<bool> {
    let query = sqlx::query(include_str!("sql/health/refuse.sql"))
        .bind(&refused.credential)
        .bind(&refused.user)
        .bind(&refused.connector)
        .bind(refused.attempt)
        .bind(to_millis(now));
    Ok(execute(connection, query).await? == 1)
}

/// Applies what a change of an attempt says of connections, and returns the events for the host.
pub(super) async fn apply(connection: &mut AnyConnection, change: &Change) -> Result<Vec<OutboxEvent>> {
    let attempt = &change.attempt;
    let mut events = Vec::new();
    for health in change.health.iter().filter(|_| !attempt.user.is_pseudonym()) {
        match health {
            HealthChange::Works(credential) => {
                let query = sqlx::query(include_str!("sql/health/linked.sql")).bind(credential).bind(attempt.id);
                execute(connection, query).await?;
            }
            HealthChange::Gone(credential) => forget(connection, credential).await?,
            HealthChange::Refused(credential) => {
                let at = change.timeline.last().map_or(attempt.began_at, |step| step.at);
                let (user, connector) = (attempt.user.clone(), attempt.connector.clone());
                let refused =
                    CheckedConnection { credential: credential.clone(), user, connector, attempt: Some(attempt.id) };
                if mark(connection, &refused, at).await? {
                    let credential = Some(credential.clone());
                    let kind = EventKind::ConnectionNeedsReconnect;
                    events.push(OutboxEvent { kind, credential, same_account: None, at });
                }
            }
        }
    }
    Ok(events)
}

pub(super) async fn forget(connection: &mut AnyConnection, credential: &CredentialId) -> Result<()> {
    execute(connection, sqlx::query(include_str!("sql/health/forget.sql")).bind(credential)).await?;
    Ok(())
}
