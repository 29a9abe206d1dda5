//! Takes away what Alloy holds for users who were erased, and then all that was left of them here.

use time::{Duration, OffsetDateTime};

use super::{AT_ONCE, alone};
use crate::{
    connection::{Listed, Listing},
    gangway::Gangway,
    journey::{LEASE, list_by, pause_after},
    link::LinkAttempt,
    problem::Problem,
    session::ExternalId,
    store::{Disconnection, Erasure, Remains},
};

/// How far Alloy's clock and ours may be apart, where the one is held against the other.
const LEEWAY: Duration = Duration::seconds(60);
/// Lists lag: before that nobody believes that nothing is left.
const AT_LEAST: Duration = Duration::minutes(10);
/// The longest pause while only time is to pass.
const LONGEST: Duration = Duration::HOUR;

/// Takes what is due and goes on with it; says how many there were.
pub(super) async fn turn(gangway: &Gangway) -> Result<usize, Problem> {
    let now = gangway.clock.now();
    let due = gangway.store.due_erasures(now, now + LEASE, AT_ONCE).await?;
    for erasure in &due {
        if alone(go_on(gangway, erasure)).await != Some(Progress::Done) {
            let next = gangway.clock.now() + pause_after(erasure.tries).min(LONGEST);
            gangway.store.put_off_erasure(&erasure.alloy_user, next).await?;
        }
    }
    Ok(due.len())
}

/// How far it is.
#[derive(Debug, PartialEq, Eq)]
enum Progress {
    /// Nothing is left.
    Done,
    /// It is looked at again.
    UnderWay,
}

async fn go_on(gangway: &Gangway, erasure: &Erasure) -> Result<Progress, Problem> {
    let remains = gangway.store.remains(erasure).await?;
    let Some(listings) = lists(gangway, erasure, &remains).await else { return Ok(Progress::UnderWay) };
    let now = gangway.clock.now();
    let mut more = remains.under_way;
    for listing in &listings {
        let asked_at = erasure.asked_at + (listing.answered_at.unwrap_or(now) - now);
        for credential in listing.credentials.iter().filter(|listed| remains.dooms(listed, asked_at)) {
            let asked = remains.asked.contains(&credential.id);
            if !asked && let Some(user) = remains.pseudonym() {
                gangway.store.ask_disconnection(&wish(erasure, user, credential, now)).await?;
                gangway.work.notify_one();
            }
            more |= !asked;
        }
    }
    let links = remains.attempts.iter().filter(|attempt| attempt.user.is_pseudonym()).map(|attempt| attempt.deadline);
    let last = links.map(|deadline| deadline + LEEWAY).max().unwrap_or(erasure.asked_at);
    if more || now < last || now < erasure.asked_at + AT_LEAST {
        return Ok(Progress::UnderWay);
    }
    gangway.store.finish_erasure(erasure).await?;
    tracing::info!("nothing is left of a user who was erased");
    Ok(Progress::Done)
}

/// What Alloy lists for the user: of all apps, or of each that an attempt was at, where Alloy serves no other.
async fn lists(gangway: &Gangway, erasure: &Erasure, remains: &Remains) -> Option<Vec<Listing>> {
    let (alloy, user) = (&gangway.alloy_aside, &erasure.alloy_user);
    if let Some(all) = list_by(gangway, alloy, user, None).await {
        return Some(vec![all]);
    }
    let mut apps: Vec<_> = remains.attempts.iter().map(|attempt| &attempt.connector).collect();
    apps.sort();
    apps.dedup_by(|one, other| one.same_as(other));
    let mut lists = Vec::new();
    for app in apps {
        lists.push(list_by(gangway, alloy, user, Some(app)).await?);
    }
    (!lists.is_empty()).then_some(lists)
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
        if let Some((_, user)) = self.claims.iter().find(|(claimed, _)| *claimed == credential.id) {
            return user.is_pseudonym();
        }
        let brought = |attempt: &&LinkAttempt| attempt.may_have_brought(credential);
        let (theirs, others): (Vec<_>, Vec<_>) =
            self.attempts.iter().filter(brought).partition(|attempt| attempt.user.is_pseudonym());
        let before = credential.created_at.is_none_or(|made_at| made_at <= asked_at + LEEWAY);
        others.is_empty() && (before || !theirs.is_empty())
    }
}
