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
        let same_browser = |last: &LinkAttempt| last.binds_session(session.id, self.needs_completion(session));
        let just_saved = |last: &LinkAttempt| {
            let recent = |at| at + self.parts.link.patience > now;
            last.is_api_key && last.state() == State::Linked && last.settled_at().is_some_and(recent)
        };
        let is_free = |last: &LinkAttempt| {
            let continues = |input: &Digest| last.continues_with(input, None, now) && same_browser(last);
            inputs.iter().any(|input| continues(input) || just_saved(last) && last.input == *input)
        };
        let last = self.parts.store.last_attempt(&session.user.external_id, connector).await?;
        Ok(!last.as_ref().is_some_and(is_free))
    }
}

/// Whether the app has as many accounts as `limits.keys_per_app` allows. All that Alloy lists count.
pub(super) fn is_full(limit: NonZeroU32, listing: &Listing, connector: &ConnectorId) -> bool {
    let own = listing.credentials.iter().filter(|listed| listed.connector.same_as(connector)).count();
    own >= usize::try_from(limit.get()).unwrap_or(usize::MAX)
}
