//! The store over a database: what a call needs of it, and which noun answers which call.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::{Any, Connection as _, Executor as _, Transaction};
use time::OffsetDateTime;
use tokio::time::timeout;

use super::{
    Begun, BrowserState, Committed, Deletion, Known, Mapping, NewSession, Redeemed, Redemption, SessionCreated, Store,
    StoreIf, Stored, StoredEvent, attempts, browser, claims, commit,
    connections::{Connections, Turn},
    deletions,
    disconnections::{self, Disconnection},
    looks, outbox, sessions, users,
};
use crate::domain::{
    attempt::{AttemptId, Change, LinkAttempt, Reference, TimelineEntry},
    connection::{Claim, Claims, CredentialId},
    connector::ConnectorId,
    keys::Digest,
    session::{AlloyUserId, ConnectSession, EndedBy, ExternalId, SessionId},
};

/// How long a call waits for its turn before it fails: a page must not hang on a locked database.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// How a transaction that writes is opened.
#[derive(Debug, Clone, Copy)]
pub(super) struct BeginWrite {
    /// What it keeps survives the end of this process.
    pub(super) usual: &'static str,
    /// What it keeps survives a power cut.
    pub(super) to_disk: &'static str,
    /// What is said after that, so that the next statement does not wait for the disk.
    pub(super) after_disk: Option<&'static str>,
    /// What is said in a transaction that nobody may write beside, where others could.
    pub(super) alone: Option<&'static str>,
}

/// A database of either kind.
pub(super) struct Database {
    /// Connections that only read.
    pub(super) reads: Connections,
    /// Connections that write.
    pub(super) writes: Connections,
    /// What differs about writing.
    pub(super) begin_write: BeginWrite,
}

impl Database {
    /// Opens a transaction that writes; what it keeps survives the end of this process, `kill -9` included. A single
    /// statement is a transaction by itself and needs none of this.
    pub(super) async fn begin<'a>(&self, turn: &'a mut Turn<'_>) -> Stored<Transaction<'a, Any>> {
        begin_with(turn, self.begin_write.usual).await
    }

    /// The same for what somebody is told of: it survives a power cut too.
    pub(super) async fn begin_to_disk<'a>(&self, turn: &'a mut Turn<'_>) -> Stored<Transaction<'a, Any>> {
        begin_with(turn, self.begin_write.to_disk).await
    }

    /// The same, and nobody else writes anything of a user until it ends: for what must not be half-way to be seen.
    pub(super) async fn begin_alone<'a>(&self, turn: &'a mut Turn<'_>) -> Stored<Transaction<'a, Any>> {
        let mut transaction = self.begin_to_disk(turn).await?;
        if let Some(statement) = self.begin_write.alone {
            transaction.execute(statement).await?;
        }
        Ok(transaction)
    }

    /// Lets the connection write as usual again.
    pub(super) async fn end_to_disk(&self, turn: &mut Turn<'_>) -> Stored<()> {
        if let Some(statement) = self.begin_write.after_disk {
            turn.execute(statement).await?;
        }
        Ok(())
    }
}

async fn begin_with<'a>(turn: &'a mut Turn<'_>, statement: &'static str) -> Stored<Transaction<'a, Any>> {
    let begun = timeout(PATIENCE, turn.begin_with(statement)).await;
    Ok(begun.unwrap_or(Err(sqlx::Error::PoolTimedOut))?)
}

#[async_trait]
impl Store for Database {
    async fn ping(&self) -> Stored<()> {
        sqlx::query("select 1").execute(&mut *self.reads.turn().await?).await?;
        Ok(())
    }

    async fn insert_session(&self, session: &ConnectSession, code: &Digest) -> Stored<()> {
        sessions::insert(self, session, code).await
    }

    async fn session(&self, id: SessionId) -> Stored<Option<ConnectSession>> {
        sessions::by_id(self, id).await
    }

    async fn session_by_code(&self, code: &Digest) -> Stored<Option<ConnectSession>> {
        sessions::by_code(self, code).await
    }

    async fn create_session(&self, new: &NewSession<'_>, now: OffsetDateTime) -> Stored<SessionCreated> {
        sessions::create(self, new, now).await
    }

    async fn redeem(&self, redemption: &Redemption<'_>) -> Stored<Redeemed> {
        sessions::redeem(self, redemption).await
    }

    async fn touch_session(&self, id: SessionId, now: OffsetDateTime) -> Stored<()> {
        sessions::touch(self, id, now).await
    }

    async fn end_session(&self, id: SessionId, by: EndedBy, now: OffsetDateTime) -> Stored<bool> {
        sessions::end(self, id, by, now).await
    }

    async fn put_browser(&self, key: &Digest, state: &BrowserState) -> Stored<()> {
        browser::put(self, key, state).await
    }

    async fn browser(&self, key: &Digest, now: OffsetDateTime) -> Stored<Option<BrowserState>> {
        browser::by_key(self, key, now).await
    }

    async fn delete_browser(&self, key: &Digest) -> Stored<()> {
        browser::delete(self, key).await
    }

    async fn alloy_user(&self, user: &ExternalId) -> Stored<Option<AlloyUserId>> {
        users::alloy_user(self, user).await
    }

    async fn remember_alloy_user(
        &self,
        user: &ExternalId,
        alloy_user: &AlloyUserId,
        now: OffsetDateTime,
    ) -> Stored<AlloyUserId> {
        users::remember_alloy_user(self, user, alloy_user, now).await
    }

    async fn map_alloy_user(
        &self,
        user: &ExternalId,
        alloy_user: &AlloyUserId,
        condition: StoreIf,
        now: OffsetDateTime,
    ) -> Stored<Mapping> {
        users::map_alloy_user(self, user, alloy_user, condition, now).await
    }

    async fn alloy_user_is_taken(&self, user: &ExternalId, alloy_user: &AlloyUserId) -> Stored<bool> {
        users::is_taken(self, user, alloy_user).await
    }

    async fn begin(&self, attempt: &LinkAttempt) -> Stored<Begun> {
        attempts::begin(self, attempt, None).await
    }

    async fn begin_key(&self, attempt: &LinkAttempt, saved_since: OffsetDateTime) -> Stored<Begun> {
        attempts::begin(self, attempt, Some(saved_since)).await
    }

    async fn attempt(&self, id: AttemptId) -> Stored<Option<LinkAttempt>> {
        attempts::by_id(self, id).await
    }

    async fn attempt_by_state(&self, state: &Digest) -> Stored<Option<LinkAttempt>> {
        attempts::by_state(self, state).await
    }

    async fn attempt_by_completion(&self, code: &Digest) -> Stored<Option<LinkAttempt>> {
        attempts::by_completion(self, code).await
    }

    async fn attempt_by_reference(&self, reference: Reference) -> Stored<Option<LinkAttempt>> {
        attempts::by_reference(self, reference).await
    }

    async fn known(&self, user: &ExternalId) -> Stored<Known> {
        attempts::known(self, user).await
    }

    async fn last_attempt(&self, user: &ExternalId, connector: &ConnectorId) -> Stored<Option<LinkAttempt>> {
        attempts::last(self, user, connector).await
    }

    async fn timeline(&self, id: AttemptId) -> Stored<Vec<TimelineEntry>> {
        attempts::timeline(self, id).await
    }

    async fn claims(&self, user: &ExternalId) -> Stored<Claims> {
        claims::of_user(self, user).await
    }

    async fn claim(&self, credential: &CredentialId) -> Stored<Option<Claim>> {
        claims::on(self, credential).await
    }

    async fn commit(&self, change: &Change) -> Stored<Committed> {
        commit::commit(self, change).await
    }

    async fn due_looks(&self, now: OffsetDateTime, lease: OffsetDateTime, most: u16) -> Stored<Vec<LinkAttempt>> {
        looks::due(self, now, lease, most).await
    }

    async fn looked(&self, attempt: &LinkAttempt, next: Option<OffsetDateTime>) -> Stored<()> {
        looks::looked(self, attempt, next).await
    }

    async fn due_deletions(&self, now: OffsetDateTime, lease: OffsetDateTime, most: u16) -> Stored<Vec<Deletion>> {
        deletions::due(self, now, lease, most).await
    }

    async fn put_off_deletion(&self, credential: &CredentialId, next_at: OffsetDateTime, missed: i64) -> Stored<()> {
        deletions::put_off(self, credential, next_at, missed).await
    }

    async fn removed(&self, attempt: AttemptId) -> Stored<bool> {
        deletions::removed(self, attempt).await
    }

    async fn ask_disconnection(&self, wanted: &Disconnection) -> Stored<bool> {
        disconnections::ask(self, wanted).await
    }

    async fn disconnection(&self, user: &ExternalId, credential: &CredentialId) -> Stored<Option<Disconnection>> {
        disconnections::of_user(self, user, credential).await
    }

    async fn due_disconnections(
        &self,
        now: OffsetDateTime,
        lease: OffsetDateTime,
        most: u16,
    ) -> Stored<Vec<Disconnection>> {
        disconnections::due(self, now, lease, most).await
    }

    async fn put_off_disconnection(
        &self,
        credential: &CredentialId,
        next_at: OffsetDateTime,
        missed: i64,
    ) -> Stored<()> {
        disconnections::put_off(self, credential, next_at, missed).await
    }

    async fn disconnected(&self, wanted: &Disconnection, now: OffsetDateTime) -> Stored<bool> {
        disconnections::finish(self, wanted, now).await
    }

    async fn events(&self, user: &ExternalId, after: i64) -> Stored<Vec<StoredEvent>> {
        outbox::after(self, user, after).await
    }
}
