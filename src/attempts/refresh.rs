//! Settles an attempt by what the shared look shows.

use tokio::time::{Instant, sleep_until};

use crate::{
    domain::{
        attempt::{Actor, LinkAttempt, Observation},
        error::Error,
    },
    gangway::Gangway,
};

use super::{
    commit::record,
    listings::{Haste, PAUSE, Seen, next_look, recent_look},
};

/// Looks once, if there is anything left to see, and ends the attempt if that decides it. Takes up to two seconds longer
/// than the call where another look began just before.
///
/// # Errors
/// When the store fails.
pub(crate) async fn settle_by_look(
    gangway: &Gangway,
    actor: Actor,
    attempt: LinkAttempt,
    haste: Haste,
) -> Result<LinkAttempt, Error> {
    if attempt.next_look.is_none() {
        return Ok(attempt);
    }
    let Some(user) = gangway.store.alloy_user(&attempt.user).await? else {
        return record(gangway, actor, attempt, &Observation::TimePassed).await;
    };
    let seen = next_look(gangway, &user, &attempt, haste, Instant::now() + PAUSE).await;
    settle(gangway, actor, attempt, seen.as_ref()).await
}

/// The same by the last look of others: no call, and no waiting.
///
/// # Errors
/// When the store fails.
pub(crate) async fn settle_by_recent_look(gangway: &Gangway, attempt: LinkAttempt) -> Result<LinkAttempt, Error> {
    let Some(user) = gangway.store.alloy_user(&attempt.user).await? else { return Ok(attempt) };
    let seen = recent_look(gangway, &user, &attempt).await;
    settle(gangway, Actor::User, attempt, seen.as_ref()).await
}

/// Waits for the next look until that time. Returns `None` when the time is over.
///
/// # Errors
/// When the store fails.
pub(crate) async fn await_look(
    gangway: &Gangway,
    attempt: &LinkAttempt,
    haste: Haste,
    until: Instant,
) -> Result<Option<Seen>, Error> {
    let user = if attempt.next_look.is_some() { gangway.store.alloy_user(&attempt.user).await? } else { None };
    let seen = match &user {
        Some(user) => next_look(gangway, user, attempt, haste, until).await,
        None => None,
    };
    if seen.is_none() {
        sleep_until(until.min(Instant::now() + PAUSE)).await;
    }
    Ok(seen)
}

/// Records what was seen, unless the attempt changed since it was read: then the look may have begun before that change,
/// and the next one counts. Gives the attempt as it stands.
///
/// # Errors
/// When the store fails; `NotFound` if its user was erased.
pub(crate) async fn settle(
    gangway: &Gangway,
    actor: Actor,
    read: LinkAttempt,
    seen: Option<&Seen>,
) -> Result<LinkAttempt, Error> {
    let now = gangway.store.attempt(read.id).await?.filter(|now| now.user == read.user).ok_or(Error::NotFound)?;
    match seen.filter(|_| now.version == read.version) {
        Some(seen) => record(gangway, actor, now, &seen.observation()).await,
        None => Ok(now),
    }
}
