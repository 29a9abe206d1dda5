//! Refreshes attempts from Alloy's list on schedule, with or without a browser.

use std::{collections::BTreeMap, sync::Arc};

use time::Duration;

use super::{
    DEADLINE, Parts,
    runner::{Job, Limits},
};
use crate::{
    attempts::listings::observation_of_listing,
    connections::delete_upstream::LEASE,
    domain::error::Error,
    domain::{
        attempt::{Actor, LinkAttempt},
        connection::Listing,
        session::ExternalId,
    },
};

/// Maximum delay before the next refresh after a list call failed.
const RETRY_LIST: Duration = Duration::seconds(15);

pub(super) struct RefreshAttempts(pub(super) Arc<Parts>);

impl Job for RefreshAttempts {
    type Item = Vec<LinkAttempt>;
    type Error = Error;

    fn limits(&self) -> Limits {
        Limits { kind: "attempts", slots: 4, slow_slots: 0, deadline: DEADLINE }
    }

    async fn lease(&self, most: usize) -> Result<Vec<Self::Item>, Error> {
        let now = self.0.clock.now();
        let most = u16::try_from(most).unwrap_or(u16::MAX);
        let mut users: BTreeMap<ExternalId, Vec<LinkAttempt>> = BTreeMap::new();
        for attempt in self.0.store.lease_attempts(now, now + LEASE, most).await? {
            users.entry(attempt.user.clone()).or_default().push(attempt);
        }
        Ok(users.into_values().collect())
    }

    async fn run(&self, attempts: Self::Item) -> Result<(), Error> {
        let parts = &*self.0;
        let Some(first) = attempts.first() else { return Ok(()) };
        // Where Alloy serves no list of all apps, each attempt needs its own list.
        let only = Some(&first.connector).filter(|_| attempts.len() == 1);
        let alloy_user = parts.store.alloy_user(&first.user).await?;
        let list = async |app| match &alloy_user {
            Some(user) => parts.listings.call_in_background(user, app).await,
            None => None,
        };
        let all = list(only).await;
        for attempt in &attempts {
            let own = if all.is_none() && only.is_none() { list(Some(&attempt.connector)).await } else { None };
            if let Err(error) = refresh(parts, attempt, all.as_ref().or(own.as_ref())).await {
                tracing::warn!(attempt = %attempt.id.logged(), ?error, "attempt not refreshed, retrying when its lease ends");
            }
        }
        Ok(())
    }
}

async fn refresh(parts: &Parts, leased: &LinkAttempt, listing: Option<&Listing>) -> Result<(), Error> {
    let observation = observation_of_listing(listing);
    let attempt = parts.attempts.observe(Actor::Job, leased.clone(), &observation).await?;
    let now = parts.clock.now();
    let next = attempt.next_refresh_after(now);
    let next = if listing.is_none() { next.map(|next| next.min(now + RETRY_LIST)) } else { next };
    Ok(parts.store.release_attempt(&attempt, next).await?)
}
