//! Limits on what one user may begin, so that no one fills Alloy's lists, our store or the quota of all.

use std::num::NonZeroU32;

use crate::{
    domain::{
        attempt::{LinkAttempt, State},
        connection::Listing,
        connector::{Connector, ConnectorId},
        error::Error,
        keys::Digest,
        session::ConnectSession,
    },
    gangway::Gangway,
};

/// Counts an attempt that is about to begin (`limits.attempts_per_user`); false if nothing was counted. A press that
/// continues the open attempt with the same input, or repeats a key that was just saved, is free.
///
/// # Errors
/// `TooMany` when the user began too many; what the store fails with.
pub(crate) async fn count_attempt(
    gangway: &Gangway,
    session: &ConnectSession,
    connector: &ConnectorId,
    inputs: &[Digest],
) -> Result<bool, Error> {
    let (user, now) = (&session.user.external_id, gangway.clock.now());
    let same_browser = |last: &LinkAttempt| last.is_of(session.id, gangway.sessions.needs_completion(session));
    let saved = |last: &LinkAttempt| {
        let recent = |at| at + gangway.settings.link.patience > now;
        last.by_key && last.state == State::Linked && last.settled_at.is_some_and(recent)
    };
    let is_free = |last: &LinkAttempt| {
        let continues = |input: &Digest| last.continues_with(input, None, now) && same_browser(last);
        inputs.iter().any(|input| continues(input) || saved(last) && last.input == *input)
    };
    if gangway.store.last_attempt(user, connector).await?.as_ref().is_some_and(is_free) {
        return Ok(false);
    }
    gangway.limits.count_attempt(user).map_err(|left| Error::RateLimited { seconds: left.seconds() })?;
    Ok(true)
}

/// The maximum, if one more key cannot be stored for that app (`limits.keys_per_app`). Every account that Alloy lists for
/// the app counts, and where there is no list nothing can be counted.
pub(crate) fn is_full(gangway: &Gangway, listing: Option<&Listing>, connector: &Connector) -> Option<NonZeroU32> {
    let most = gangway.settings.limits.keys_per_app;
    let own =
        |listing: &Listing| listing.credentials.iter().filter(|listed| listed.connector.same_as(&connector.id)).count();
    listing.filter(|listing| own(listing) >= usize::try_from(most.get()).unwrap_or(usize::MAX)).map(|_| most)
}
