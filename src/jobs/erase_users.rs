//! Deletes the credentials of erased users at Alloy, the users that Gangway created there, and then Gangway's remaining
//! rows of them.

use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use super::{
    DEADLINE, Parts,
    runner::{Job, Limits},
};
use crate::{
    alloy::{AlloyError, Refusal},
    connections::delete_upstream::{Extent, LEASE, delay_after},
    domain::error::Error,
    domain::{attempt::LinkAttempt, connection::Listed, session::ExternalId},
    store::{AlloyUserEnd, Disconnection, Erasure, ErasureState, with_job_limit},
};

/// Maximum difference between Alloy's clock and Gangway's.
const CLOCK_LEEWAY: Duration = Duration::seconds(60);
/// Minimum age of a finished erasure, because lists lag.
const MIN_AGE: Duration = Duration::minutes(10);
/// Minimum age of an erasure that ends because Alloy does not know the user: with a key of another environment it knows
/// none, and the operator needs time to notice.
const MIN_AGE_UNKNOWN: Duration = Duration::DAY;
/// The same if Alloy says so of the deletion only, and still has the user.
const MIN_AGE_DENIED: Duration = Duration::DAY;
/// Time in which Alloy serves no deletion of users before that is believed: the page of a proxy may say so for a while.
const NOT_SERVED_FOR: Duration = Duration::HOUR;
/// Maximum delay between two passes, with and without progress.
const MAX_DELAY: Duration = Duration::minutes(10);
const MAX_DELAY_STALLED: Duration = Duration::HOUR;

pub(super) struct EraseUsers(pub(super) Arc<Parts>);

impl Job for EraseUsers {
    type Item = Erasure;
    type Error = Error;

    fn limits(&self) -> Limits {
        Limits { kind: "erasures", slots: 2, slow_slots: 0, deadline: DEADLINE }
    }

    async fn lease(&self, most: usize) -> Result<Vec<Erasure>, Error> {
        let now = self.0.clock.now();
        let most = u16::try_from(most).unwrap_or(u16::MAX);
        Ok(self.0.store.lease_erasures(now, now + LEASE, most).await?)
    }

    async fn run(&self, erasure: Erasure) -> Result<(), Error> {
        let remaining = match continue_erasure(&self.0, &erasure).await {
            Ok(Progress::Done) => return Ok(()),
            Ok(Progress::Remaining(remaining)) => Some(remaining),
            Ok(Progress::Unknown) => None,
            Err(error) => {
                tracing::warn!(?error, "erasure not continued");
                None
            }
        };
        reschedule(&self.0, &erasure, remaining).await
    }
}

async fn reschedule(parts: &Parts, erasure: &Erasure, remaining: Option<i64>) -> Result<(), Error> {
    let now = parts.clock.now();
    let progressed = remaining.is_some_and(|remaining| remaining == 0 || erasure.remaining != Some(remaining));
    if !progressed && now - erasure.waits_since() > Erasure::STALLED_AFTER {
        tracing::error!(
            alarm = "erasure_stalled", alloy_user = %erasure.alloy_user, remaining = remaining.or(erasure.remaining),
            "an erased user or its credentials are not deleted: Alloy's list or its deletions fail"
        );
    }
    let max_delay = if progressed { MAX_DELAY } else { MAX_DELAY_STALLED };
    let next = now + delay_after(erasure.tries).min(max_delay);
    let progressed_at = progressed.then_some(now);
    Ok(parts.store.reschedule_erasure(&erasure.alloy_user, next, progressed_at, remaining).await?)
}

#[derive(Debug, PartialEq, Eq)]
enum Progress {
    Done,
    Remaining(i64),
    /// The list failed, its readable part is empty, or the user was not deleted.
    Unknown,
}

async fn continue_erasure(parts: &Parts, erasure: &Erasure) -> Result<Progress, Error> {
    let remains = with_job_limit(parts.store.erasure_state(erasure)).await?;
    let mut apps = parts.store.erased_apps(&erasure.alloy_user).await?;
    apps.sort();
    apps.dedup_by(|one, other| one.same_as(other));
    let listed = parts.connections.list_to_delete(&erasure.alloy_user, &apps.iter().collect::<Vec<_>>()).await;
    let now = parts.clock.now();
    let open_links = remains.attempts.iter().filter(|attempt| attempt.user.is_pseudonym());
    let links_end = open_links.map(|attempt| attempt.deadline + CLOCK_LEEWAY).max().unwrap_or(erasure.asked_at);
    let may_end = now >= links_end && now >= erasure.asked_at + MIN_AGE;
    let (listing, extent) = match listed {
        Ok(listed) => listed,
        // Deleted there by hand, or by a process that died then.
        Err(error) if parts.connections.is_gone(&erasure.alloy_user, &error).await => {
            if !may_end || now < erasure.asked_at + MIN_AGE_UNKNOWN {
                return Ok(Progress::Remaining(0));
            }
            tracing::warn!(alloy_user = %erasure.alloy_user, "user is not at Alloy");
            return finish(parts, erasure, AlloyUserEnd::Deleted).await;
        }
        // Alloy lists by connector only, and no attempt names one.
        Err(AlloyError::NotServed) if apps.is_empty() => {
            if !may_end || now < erasure.asked_at + MIN_AGE_UNKNOWN {
                return Ok(Progress::Remaining(0));
            }
            tracing::warn!(alloy_user = %erasure.alloy_user, "Alloy serves no list of what the user has");
            return finish(parts, erasure, AlloyUserEnd::Stays).await;
        }
        Err(_) => return Ok(Progress::Unknown),
    };
    let asked_at = erasure.asked_at + (listing.answered_at.unwrap_or(now) - now);
    let to_delete = listing.credentials.iter().filter(|listed| remains.includes(listed, asked_at));
    let new: Vec<&Listed> = to_delete.filter(|listed| !remains.enqueued.contains(&listed.id)).collect();
    if let (Some(user), false) = (remains.pseudonym(), new.is_empty()) {
        let users = || (user.clone(), erasure.alloy_user.clone());
        let disconnection =
            |listed: &&Listed| Disconnection::new((listed.id.clone(), listed.connector.clone()), users(), None, now);
        let disconnections: Vec<Disconnection> = new.iter().map(disconnection).collect();
        parts.store.enqueue_disconnections(&disconnections).await?;
        parts.wakeup.notify_waiters();
    }
    let remaining = remains.open + i64::try_from(new.len()).unwrap_or(i64::MAX);
    if remaining == 0 && extent == Extent::Beginning {
        return Ok(Progress::Unknown);
    }
    if remaining > 0 || !may_end {
        return Ok(Progress::Remaining(remaining));
    }
    // Its user may have returned, also during the call, or others have connected something.
    let is_used = parts.store.has_users(&erasure.alloy_user).await?
        || listing.credentials.iter().any(|listed| !remains.includes(listed, asked_at));
    if !erasure.deletes_user || extent != Extent::User || is_used {
        return finish(parts, erasure, AlloyUserEnd::Stays).await;
    }
    let error = match parts.connections.delete_alloy_user(&erasure.alloy_user).await {
        Ok(()) => return finish(parts, erasure, AlloyUserEnd::Deleted).await,
        Err(error) => error,
    };
    match error {
        AlloyError::NotServed => {
            let since = parts.connections.users_stay_since();
            if since.is_none_or(|since| now < since + NOT_SERVED_FOR) {
                return Ok(Progress::Remaining(0));
            }
        }
        AlloyError::Refused(Refusal { status: 400 | 404, .. }) if now >= erasure.asked_at + MIN_AGE_DENIED => {}
        _ => return Ok(Progress::Unknown),
    }
    tracing::warn!(alloy_user = %erasure.alloy_user, "Alloy does not delete the user, who stays there");
    finish(parts, erasure, AlloyUserEnd::Undeletable).await
}

async fn finish(parts: &Parts, erasure: &Erasure, alloy_user: AlloyUserEnd) -> Result<Progress, Error> {
    with_job_limit(parts.store.finish_erasure(erasure, alloy_user)).await?;
    tracing::info!(?alloy_user, "erasure finished");
    Ok(Progress::Done)
}

impl ErasureState {
    fn pseudonym(&self) -> Option<&ExternalId> {
        self.erased.first()
    }

    /// Credentials of other users with the same Alloy user stay, as do those that the user linked after returning.
    fn includes(&self, credential: &Listed, asked_at: OffsetDateTime) -> bool {
        if let Some(user) = self.claims.get(&credential.id) {
            return user.is_pseudonym();
        }
        let brought = |attempt: &&LinkAttempt| attempt.may_have_created(credential);
        let (erased, others): (Vec<_>, Vec<_>) =
            self.attempts.iter().filter(brought).partition(|attempt| attempt.user.is_pseudonym());
        let is_older = credential.created_at.is_none_or(|created_at| created_at <= asked_at + CLOCK_LEEWAY);
        others.is_empty() && (is_older || !erased.is_empty())
    }
}
