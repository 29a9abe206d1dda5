//! Waits for the outcome of an attempt, look by look.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    domain::{
        attempt::{Actor, LinkAttempt},
        error::Error,
    },
    gangway::Gangway,
};

use super::{
    listings::Haste,
    refresh::{await_look, settle, settle_by_look},
};

/// Looks until there is news, the time is over, or the client is gone. All who wait for one user share the looks. A
/// process that is about to stop holds no request: another process answers the next one.
///
/// # Errors
/// When the store fails.
pub(crate) async fn watch(
    gangway: &Gangway,
    attempt: LinkAttempt,
    longest: Duration,
    haste: Haste,
    gone: impl Future<Output = ()>,
    is_news: impl Fn(&LinkAttempt) -> bool,
) -> Result<LinkAttempt, Error> {
    let until = Instant::now() + longest;
    let mut attempt = settle_by_look(gangway, Actor::User, attempt, haste).await?;
    tokio::pin!(gone);
    while !is_news(&attempt) && Instant::now() < until && !gangway.shutdown.is_cancelled() {
        // Only the waiting is canceled, never a commit.
        let seen = tokio::select! {
            seen = await_look(gangway, &attempt, haste, until) => seen?,
            () = gangway.shutdown.cancelled() => break,
            () = &mut gone => break,
        };
        attempt = settle(gangway, Actor::User, attempt, seen.as_ref()).await?;
    }
    Ok(attempt)
}
