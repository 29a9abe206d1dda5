//! Deletes credentials at Alloy: those of unverified attempts, and those that users disconnected.

use std::sync::Arc;

use futures_util::{StreamExt as _, stream};

use super::{
    DEADLINE, Parts,
    runner::{Job, Limits},
};
use crate::{
    connections::delete_upstream::{CredentialToDelete, CurrentList, DeleteOutcome, LEASE, delay_after},
    domain::error::Error,
    domain::{
        attempt::{Actor, LinkAttempt, Observation, State},
        session::AlloyUserId,
    },
    store::{Deletion, Disconnection},
};

/// Maximum number of credentials deleted after one list call.
const PER_LIST: u16 = 32;
/// Concurrent delete calls per item. All jobs together stay within Alloy's 18 background slots: four lists for
/// attempts, four calls for deletions, six for disconnections, two lists for erasures and two calls for checks.
const CALLS_OF_DELETION: usize = 1;
const CALLS_OF_DISCONNECTION: usize = 3;

pub(super) struct DeleteUnverified(pub(super) Arc<Parts>);

impl Job for DeleteUnverified {
    type Item = Vec<Deletion>;
    type Error = Error;

    fn limits(&self) -> Limits {
        Limits { kind: "deletions", slots: 4, slow_slots: 0, deadline: DEADLINE }
    }

    async fn lease(&self, _: usize) -> Result<Vec<Self::Item>, Error> {
        let now = self.0.clock.now();
        let due = self.0.store.lease_deletions(now, now + LEASE, PER_LIST).await?;
        Ok(Some(due).filter(|due| !due.is_empty()).into_iter().collect())
    }

    async fn run(&self, due: Self::Item) -> Result<(), Error> {
        let parts = &*self.0;
        let mut deletions = Vec::new();
        let mut owner = None;
        for deletion in due {
            match claimant(parts, &deletion).await? {
                Some((attempt, user)) => {
                    owner = Some(user);
                    deletions.push(QueuedDeletion::Unverified(deletion, Box::new(attempt)));
                }
                None => {
                    let next = parts.clock.now() + delay_after(deletion.tries);
                    parts.store.reschedule_deletion(&deletion.credential, next, 0).await?;
                }
            }
        }
        match owner {
            Some(user) => delete_all(parts, &user, deletions, CALLS_OF_DELETION).await,
            None => Ok(()),
        }
    }
}

pub(super) struct Disconnect(pub(super) Arc<Parts>);

impl Job for Disconnect {
    type Item = Vec<Disconnection>;
    type Error = Error;

    fn limits(&self) -> Limits {
        Limits { kind: "disconnections", slots: 2, slow_slots: 0, deadline: DEADLINE }
    }

    async fn lease(&self, _: usize) -> Result<Vec<Self::Item>, Error> {
        let now = self.0.clock.now();
        let due = self.0.store.lease_disconnections(now, now + LEASE, PER_LIST).await?;
        Ok(Some(due).filter(|due| !due.is_empty()).into_iter().collect())
    }

    async fn run(&self, due: Self::Item) -> Result<(), Error> {
        let Some(user) = due.first().map(|first| first.alloy_user.clone()) else { return Ok(()) };
        let deletions = due.into_iter().map(QueuedDeletion::Disconnected).collect();
        delete_all(&self.0, &user, deletions, CALLS_OF_DISCONNECTION).await
    }
}

enum QueuedDeletion {
    Unverified(Deletion, Box<LinkAttempt>),
    Disconnected(Disconnection),
}

impl QueuedDeletion {
    fn credential<'a>(&'a self, user: &'a AlloyUserId) -> CredentialToDelete<'a> {
        match self {
            Self::Unverified(Deletion { credential, missed, .. }, attempt) => {
                CredentialToDelete { user, connector: &attempt.connector, credential, missed: *missed }
            }
            Self::Disconnected(disconnection) => disconnection.into(),
        }
    }

    fn tries(&self) -> i64 {
        match self {
            Self::Unverified(deletion, _) => deletion.tries,
            Self::Disconnected(disconnection) => disconnection.tries,
        }
    }

    async fn finish(&self, parts: &Parts) -> Result<(), Error> {
        match self {
            Self::Disconnected(disconnection) => {
                parts.connections.finish_disconnecting(Actor::Job, disconnection).await
            }
            Self::Unverified(deletion, attempt) => {
                tracing::info!(attempt = %attempt.id.logged(), connector = %attempt.connector, "unverified credential deleted");
                let removed = Observation::Removed(deletion.credential.clone());
                parts.attempts.observe(Actor::Job, (**attempt).clone(), &removed).await?;
                Ok(())
            }
        }
    }

    async fn reschedule(&self, parts: &Parts, outcome: DeleteOutcome) -> Result<(), Error> {
        let next = parts.clock.now() + delay_after(self.tries());
        match self {
            Self::Unverified(Deletion { credential, missed, .. }, _) => {
                parts.store.reschedule_deletion(credential, next, outcome.missed_in_a_row(*missed)).await?;
            }
            Self::Disconnected(Disconnection { credential, missed, .. }) => {
                parts.store.reschedule_disconnection(credential, next, outcome.missed_in_a_row(*missed)).await?;
            }
        }
        Ok(())
    }
}

/// Persists each outcome at once, because the deadline may interrupt the rest.
async fn delete_all(
    parts: &Parts,
    user: &AlloyUserId,
    deletions: Vec<QueuedDeletion>,
    most: usize,
) -> Result<(), Error> {
    let credentials: Vec<CredentialToDelete<'_>> = deletions.iter().map(|deletion| deletion.credential(user)).collect();
    let current = Box::pin(parts.connections.list_for(user, &credentials)).await;
    let calls = deletions.iter().map(|deletion| delete(parts, user, &current, deletion));
    let mut calls = stream::iter(calls.collect::<Vec<_>>()).buffer_unordered(most);
    let mut result = Ok(());
    while let Some(ended) = calls.next().await {
        result = result.and(ended);
    }
    result
}

async fn delete(
    parts: &Parts,
    user: &AlloyUserId,
    current: &CurrentList,
    deletion: &QueuedDeletion,
) -> Result<(), Error> {
    let outcome = parts.connections.delete_if_listed(current, deletion.credential(user)).await;
    if outcome == DeleteOutcome::Deleted {
        match deletion.finish(parts).await {
            Ok(()) => return Ok(()),
            Err(error) => tracing::warn!(?error, "deletion not recorded"),
        }
    }
    deletion.reschedule(parts, outcome).await
}

/// Only credentials claimed by an unverified attempt may be deleted.
async fn claimant(parts: &Parts, deletion: &Deletion) -> Result<Option<(LinkAttempt, AlloyUserId)>, Error> {
    let claim = parts.store.claim(&deletion.credential).await?;
    let claimed = claim.is_some_and(|claim| claim.attempt == deletion.attempt && claim.state == State::Unverified);
    let attempt = if claimed { parts.store.attempt(deletion.attempt).await? } else { None };
    let Some(attempt) = attempt else {
        tracing::error!(attempt = %deletion.attempt.logged(), "deletion without an unverified attempt that claimed its credential");
        return Ok(None);
    };
    let user = parts.store.alloy_user(&attempt.user).await?;
    Ok(user.map(|user| (attempt, user)))
}
