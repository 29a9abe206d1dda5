//! Looks at the list for attempts that are due: one call upstream for all of a user's.

use std::{collections::BTreeMap, future::ready};

use futures_util::{StreamExt as _, stream};
use time::Duration;

use super::{AT_ONCE, BESIDE_EACH_OTHER, alone};
use crate::{
    attempts::listings::observation_of_listing,
    connections::delete_upstream::LEASE,
    domain::{
        attempt::{Actor, LinkAttempt},
        connection::Listing,
        error::Error,
        session::ExternalId,
    },
    gangway::Gangway,
};

/// After a list that could not be had, the next is asked for no later than this.
const WITHOUT_LIST: Duration = Duration::seconds(15);

/// Takes what is due, looks, and gives it back; says how many attempts there were.
pub(crate) async fn turn(gangway: &Gangway) -> Result<usize, Error> {
    let now = gangway.clock.now();
    let due = gangway.store.due_looks(now, now + LEASE, AT_ONCE).await?;
    let count = due.len();
    let mut users: BTreeMap<ExternalId, Vec<LinkAttempt>> = BTreeMap::new();
    for attempt in due {
        users.entry(attempt.user.clone()).or_default().push(attempt);
    }
    let each = users.into_iter().map(|(user, attempts)| alone(look_for(gangway, user, attempts)));
    stream::iter(each).buffer_unordered(BESIDE_EACH_OTHER).for_each(|_| ready(())).await;
    Ok(count)
}

async fn look_for(gangway: &Gangway, user: ExternalId, attempts: Vec<LinkAttempt>) -> Result<(), Error> {
    // Where Alloy has no list of all apps, there is one for each.
    let one = attempts.first().filter(|_| attempts.len() == 1).map(|attempt| &attempt.connector);
    let alloy_user = gangway.store.alloy_user(&user).await?;
    let all = match &alloy_user {
        Some(alloy_user) => gangway.listings.call_in_background(alloy_user, one).await,
        None => None,
    };
    for taken in &attempts {
        let own = match &alloy_user {
            Some(alloy_user) if all.is_none() && one.is_none() => {
                gangway.listings.call_in_background(alloy_user, Some(&taken.connector)).await
            }
            _ => None,
        };
        alone(settle(gangway, taken, all.as_ref().or(own.as_ref()))).await;
    }
    Ok(())
}

async fn settle(gangway: &Gangway, taken: &LinkAttempt, listing: Option<&Listing>) -> Result<(), Error> {
    let observation = observation_of_listing(listing);
    let attempt = gangway.attempts.observe(Actor::Reconciler, taken.clone(), &observation).await?;
    let now = gangway.clock.now();
    let next = attempt.looks_next(now);
    let next = if listing.is_none() { next.map(|next| next.min(now + WITHOUT_LIST)) } else { next };
    Ok(gangway.store.looked(&attempt, next).await?)
}
