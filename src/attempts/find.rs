//! Reads of stored attempts.

use std::time::Duration;

use tokio::time::Instant;
use tracing::Span;

use super::Attempts;
use crate::{
    alloy,
    domain::{
        attempt::{AttemptId, LinkAttempt, Reason, TimelineEntry},
        connection::Claims,
        error::Error,
        keys::Digest,
        session::ExternalId,
    },
    store::{AttemptFilter, AttemptWithTimeline},
};

const DELETION_CHECK_DELAY: Duration = Duration::from_millis(100);

/// Names the attempt in all further lines of the request.
pub(super) fn note(id: AttemptId) {
    Span::current().record("attempt", tracing::field::display(id.reference()));
}

impl Attempts {
    pub(crate) async fn find(&self, id: AttemptId) -> Result<Option<LinkAttempt>, Error> {
        note(id);
        Ok(self.parts.store.attempt(id).await?)
    }

    pub(crate) async fn find_by_state(&self, state: &Digest) -> Result<Option<LinkAttempt>, Error> {
        let found = self.parts.store.attempt_by_state(state).await?;
        Ok(found.inspect(|attempt| note(attempt.id)))
    }

    pub(crate) async fn list(&self, filter: &AttemptFilter, limit: u16) -> Result<Vec<AttemptWithTimeline>, Error> {
        Ok(self.parts.store.attempts(filter, limit).await?)
    }

    pub(crate) async fn timeline(&self, id: AttemptId) -> Result<Vec<TimelineEntry>, Error> {
        Ok(self.parts.store.timeline(id).await?)
    }

    pub(crate) async fn claims(&self, user: &ExternalId) -> Result<Claims, Error> {
        Ok(self.parts.store.claims(user).await?)
    }

    /// The account of the credential that the attempt renewed in place, as it was known before.
    pub(crate) async fn earlier_account(&self, attempt: &LinkAttempt) -> Result<Option<String>, Error> {
        let is_compared = attempt.reason() == Some(Reason::Renewed) && attempt.account().is_some();
        Ok(if is_compared { self.parts.store.earlier_account(attempt).await? } else { None })
    }

    /// Returns `false` if the deletion takes longer than `timeout`.
    pub(crate) async fn is_deleted_within(&self, id: AttemptId, timeout: Duration) -> Result<bool, Error> {
        let deadline = alloy::deadline(timeout);
        while !self.parts.store.deletions_are_complete(id).await? {
            if Instant::now() >= deadline {
                return Ok(false);
            }
            tokio::time::sleep(DELETION_CHECK_DELAY).await;
        }
        Ok(true)
    }
}
