//! Takes away what Alloy holds for users who were erased, and then all that was left of them here.

use time::{Duration, OffsetDateTime};

use super::{AT_ONCE, alone};
use crate::{
    connections::delete_upstream::{LEASE, delay_after},
    domain::{attempt::LinkAttempt, connection::Listed, error::Error, session::ExternalId},
    gangway::Gangway,
    store::{Disconnection, Erasure, Remains},
};

/// How far Alloy's clock and ours may be apart, where the one is held against the other.
const LEEWAY: Duration = Duration::seconds(60);
/// Lists lag: before that nobody believes that nothing is left.
const AT_LEAST: Duration = Duration::minutes(10);
/// The longest pause while it goes on, and while it does not.
const LONGEST: Duration = Duration::minutes(10);
const LONGEST_IN_VAIN: Duration = Duration::HOUR;

/// Takes what is due and goes on with it; says how many there were.
pub(crate) async fn turn(gangway: &Gangway) -> Result<usize, Error> {
    let now = gangway.clock.now();
    let due = gangway.store.due_erasures(now, now + LEASE, AT_ONCE).await?;
    for erasure in &due {
        let remaining = match alone(go_on(gangway, erasure)).await {
            Some(Progress::Done) => continue,
            Some(Progress::Remaining(remaining)) => Some(remaining),
            Some(Progress::Unknown) | None => None,
        };
        let now = gangway.clock.now();
        let goes_on = remaining.is_some_and(|remaining| remaining == 0 || erasure.remaining != Some(remaining));
        if !goes_on && now - erasure.waits_since() > Erasure::STALLED_AFTER {
            tracing::error!(
                alarm = "erasure_stalled", alloy_user = %erasure.alloy_user, remaining = remaining.or(erasure.remaining),
                "the credentials of an erased user are not deleted: Alloy's list or its deletions fail"
            );
        }
        let longest = if goes_on { LONGEST } else { LONGEST_IN_VAIN };
        let next = now + delay_after(erasure.tries).min(longest);
        let progressed_at = goes_on.then_some(now);
        gangway.store.put_off_erasure(&erasure.alloy_user, next, progressed_at, remaining).await?;
    }
    Ok(due.len())
}

/// How far it is.
#[derive(Debug, PartialEq, Eq)]
enum Progress {
    /// Nothing is left.
    Done,
    /// So many credentials are known to be still there.
    Remaining(i64),
    /// There is no list, or nothing in the part of it that could be read.
    Unknown,
}

async fn go_on(gangway: &Gangway, erasure: &Erasure) -> Result<Progress, Error> {
    let remains = gangway.store.remains(erasure).await?;
    let mut apps = gangway.store.erased_apps(&erasure.alloy_user).await?;
    apps.sort();
    apps.dedup_by(|one, other| one.same_as(other));
    let apps: Vec<_> = apps.iter().collect();
    let listed = gangway.connections.list_to_delete(&erasure.alloy_user, &apps).await;
    let Ok((listing, whole)) = listed else { return Ok(Progress::Unknown) };
    let now = gangway.clock.now();
    let asked_at = erasure.asked_at + (listing.answered_at.unwrap_or(now) - now);
    let doomed = listing.credentials.iter().filter(|listed| remains.dooms(listed, asked_at));
    let new: Vec<&Listed> = doomed.filter(|listed| !remains.asked.contains(&listed.id)).collect();
    if let (Some(user), false) = (remains.pseudonym(), new.is_empty()) {
        let wishes: Vec<Disconnection> = new.iter().map(|listed| wish(erasure, user, listed, now)).collect();
        gangway.store.ask_disconnections(&wishes).await?;
        gangway.reconciler_wakeup.notify_one();
    }
    let remaining = remains.open + i64::try_from(new.len()).unwrap_or(i64::MAX);
    let links = remains.attempts.iter().filter(|attempt| attempt.user.is_pseudonym()).map(|attempt| attempt.deadline);
    let last = links.map(|deadline| deadline + LEEWAY).max().unwrap_or(erasure.asked_at);
    if remaining == 0 && !whole {
        return Ok(Progress::Unknown);
    }
    if remaining > 0 || now < last || now < erasure.asked_at + AT_LEAST {
        return Ok(Progress::Remaining(remaining));
    }
    gangway.store.finish_erasure(erasure).await?;
    tracing::info!("nothing is left of a user who was erased");
    Ok(Progress::Done)
}

/// The user's wish, as it is kept for all that is to be disconnected.
fn wish(erasure: &Erasure, user: &ExternalId, credential: &Listed, now: OffsetDateTime) -> Disconnection {
    Disconnection {
        credential: credential.id.clone(),
        user: user.clone(),
        alloy_user: erasure.alloy_user.clone(),
        connector: credential.connector.clone(),
        attempt: None,
        asked_at: now,
        tries: 0,
        missed: 0,
        lease: None,
        done_at: None,
    }
}

impl Remains {
    fn pseudonym(&self) -> Option<&ExternalId> {
        self.erased.first()
    }

    /// Whether a listed credential goes with the erased user. What a user of the host has who is the same user of
    /// Alloy's stays, and so does what was made since by somebody who came back.
    fn dooms(&self, credential: &Listed, asked_at: OffsetDateTime) -> bool {
        if let Some(user) = self.claims.get(&credential.id) {
            return user.is_pseudonym();
        }
        let brought = |attempt: &&LinkAttempt| attempt.may_have_brought(credential);
        let (theirs, others): (Vec<_>, Vec<_>) =
            self.attempts.iter().filter(brought).partition(|attempt| attempt.user.is_pseudonym());
        let before = credential.created_at.is_none_or(|made_at| made_at <= asked_at + LEEWAY);
        others.is_empty() && (before || !theirs.is_empty())
    }
}
