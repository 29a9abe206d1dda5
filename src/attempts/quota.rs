//! Limits on what one user may begin, so that no user fills Alloy's lists, the store or everyone's quota.

use std::num::NonZeroU32;

use super::Attempts;
use crate::domain::{
    attempt::{LinkAttempt, State},
    connection::Listing,
    connector::ConnectorId,
    error::Error,
    keys::Digest,
    session::ConnectSession,
};

impl Attempts {
    /// Does not count: continuing the open attempt with the same input, and repeating a key that was just saved.
    pub(super) async fn counts_as_new(
        &self,
        session: &ConnectSession,
        connector: &ConnectorId,
        inputs: &[Digest],
    ) -> Result<bool, Error> {
        let now = self.parts.clock.now();
        let same_browser = |open: &LinkAttempt| open.binds_session(session.id, self.needs_completion(session));
        let just_saved = |last: &LinkAttempt| {
            let recent = |at| at + self.parts.link.patience > now;
            last.is_api_key && last.state() == State::Linked && last.settled_at().is_some_and(recent)
        };
        if let Some(open) = self.open_with(session, connector, inputs).await? {
            let continues = inputs.iter().any(|input| open.continues_with(input, None, now));
            return Ok(!(continues && same_browser(&open)));
        }
        let last = self.parts.store.last_attempt(&session.user.external_id, connector).await?;
        Ok(!last.is_some_and(|last| just_saved(&last) && inputs.contains(&last.input)))
    }

    /// The user's open attempt at the app with one of these inputs.
    pub(super) async fn open_with(
        &self,
        session: &ConnectSession,
        connector: &ConnectorId,
        inputs: &[Digest],
    ) -> Result<Option<LinkAttempt>, Error> {
        let open = self.parts.store.open_attempts(&session.user.external_id, connector).await?;
        Ok(open.into_iter().find(|open| inputs.contains(&open.input)))
    }
}

/// Whether the app has as many accounts as `limits.keys_per_app` allows. All that Alloy lists count.
pub(super) fn is_full(limit: NonZeroU32, listing: &Listing, connector: &ConnectorId) -> bool {
    let own = listing.credentials.iter().filter(|listed| listed.connector.same_as(connector)).count();
    own >= usize::try_from(limit.get()).unwrap_or(usize::MAX)
}
