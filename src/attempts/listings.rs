//! The shared look: one list call serves all requests that wait for the list of one Alloy user.
//!
//! Held status requests, page loads, foreign returns and calls of the host API ask here. Two rules keep this safe:
//!
//! - A caller gets a listing only if its call began after the caller asked. An older listing may miss what the caller
//!   came to see, such as a credential that was created a moment before the return.
//! - Snapshots of new attempts, deletions and erasures do not come here: they call the list themselves.
//!
//! For attempts, a call begins at most every [`PAUSE`], however many ask, and sooner only after an event of the attempt
//! ([`Haste`]). Pages that show connections do not wait for that: those that ask while a call runs share the next one.
//! Each process counts for itself.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use moka::future::Cache;
use time::OffsetDateTime;
use tokio::{
    sync::Mutex,
    time::{Instant, sleep_until, timeout_at},
};

use crate::{
    alloy::AlloyError,
    domain::{
        attempt::{AttemptId, LinkAttempt, Observation},
        connection::Listing,
        connector::ConnectorId,
        error::Error,
        session::AlloyUserId,
    },
    gangway::Gangway,
};

use crate::connections::load::{seen, unlisted};

/// Minimum time between the beginnings of two calls for one user.
pub(crate) const PAUSE: Duration = Duration::from_secs(2);
/// Times after a return at which the attempt's page may look, even just after another look: most lists show a new credential
/// within a second, and the last look comes just before the page is answered ([`super::confirm`] holds it for three).
const AFTER_RETURN: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(250), Duration::from_millis(1100), Duration::from_millis(2900)];
/// Timeout for a call that another request began.
const LONGEST_CALL: Duration = Duration::from_secs(10);
/// Maximum number of users whose last look is known.
const MOST: u64 = 10_000;
/// A listing is dropped when nothing asked for it so long.
const MEMORY: Duration = Duration::from_secs(10);

/// An attempt does not live longer.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether a look may begin before [`PAUSE`] is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Haste {
    /// Only the first look after the return.
    Patient,
    /// The looks of the page after the return, as in [`AFTER_RETURN`].
    AfterReturn,
    /// At once, for the first answer of the user to an attempt.
    AfterAnswer,
    /// At once, for the first foreign return of an attempt.
    AfterForeignReturn,
}

/// When a call may begin.
enum Start {
    AtOnce,
    /// After the pause, or at the first of these moments that no call has followed yet.
    After(Vec<Instant>),
}

/// Which list: the user's, and the connector's where Alloy has no list of all connectors.
type Key = (AlloyUserId, Option<ConnectorId>);

/// The last look at each list.
pub struct SharedLooks {
    lists: Cache<Key, Arc<Mutex<Last>>>,
    /// The attempts that had their look at once.
    hurried: Cache<(AttemptId, Haste), ()>,
    /// Whether Alloy has shown that it serves no list of all connectors.
    by_connector: AtomicBool,
}

impl Default for SharedLooks {
    fn default() -> Self {
        let lists = Cache::builder().max_capacity(MOST).time_to_idle(MEMORY).build();
        let hurried = Cache::builder().max_capacity(MOST).time_to_live(DAY).build();
        Self { lists, hurried, by_connector: AtomicBool::new(false) }
    }
}

/// The last look at one list.
#[derive(Default)]
struct Last {
    /// When the last call began, answered or not.
    began: Option<Instant>,
    seen: Option<Seen>,
}

/// The outcome of a look.
#[derive(Clone)]
pub(crate) struct Seen {
    began: Instant,
    began_at: OffsetDateTime,
    listing: Result<Arc<Listing>, Error>,
    /// An app that is not in the catalogue, whose credentials were told from those of other apps all the same.
    beside_catalogue: Option<ConnectorId>,
}

impl Seen {
    /// What it means for an attempt.
    pub(crate) fn observation(&self) -> Observation<'_> {
        seen(self.listing.as_deref().ok())
    }

    /// Whether it tells the credentials of that app from those of other apps.
    async fn tells(&self, gangway: &Gangway, connector: Option<&ConnectorId>) -> bool {
        let Some(connector) = connector.filter(|connector| self.beside_catalogue.as_ref() != Some(*connector)) else {
            return true;
        };
        gangway.catalogue.connectors().await.is_ok_and(|offer| offer.known.contains(connector))
    }
}

impl Last {
    /// When the next call may begin; `None` for at once. Of the moments, the first that no call has followed yet counts.
    fn next(&self, start: &Start) -> Option<Instant> {
        match start {
            Start::AtOnce => None,
            Start::After(moments) => {
                let paused = self.began? + PAUSE;
                let early = moments.iter().copied().filter(|moment| Some(*moment) > self.began).min();
                Some(early.map_or(paused, |early| early.min(paused)))
            }
        }
    }
}

/// The next look at the list of that attempt's user, begun after this call. Returns `None` if no look can begin until
/// then.
pub(crate) async fn next_look(
    gangway: &Gangway,
    user: &AlloyUserId,
    attempt: &LinkAttempt,
    haste: Haste,
    until: Instant,
) -> Option<Seen> {
    let start = start(gangway, attempt, haste).await;
    next(gangway, user, Some(&attempt.connector), &start, until).await
}

/// The list of all connectors, by the next call after this one.
///
/// # Errors
/// What a page says when there is no list.
pub(crate) async fn next_listing(gangway: &Gangway, user: &AlloyUserId) -> Result<Listing, Error> {
    let seen = next(gangway, user, None, &Start::AtOnce, Instant::now()).await.ok_or(Error::UpstreamUnavailable)?;
    seen.listing.map(Arc::unwrap_or_clone)
}

/// The outcome of the next call that begins after this one. Returns `None` if none can begin until then.
async fn next(
    gangway: &Gangway,
    user: &AlloyUserId,
    connector: Option<&ConnectorId>,
    start: &Start,
    until: Instant,
) -> Option<Seen> {
    let asked = Instant::now();
    let (last, one) = gangway.looks.of(user, connector).await;
    loop {
        let lock = timeout_at(gangway.alloy.until(LONGEST_CALL), last.lock()).await;
        let Ok(mut last) = lock else {
            let (began_at, listing) = (gangway.clock.now(), Err(Error::UpstreamUnavailable));
            return Some(Seen { began: asked, began_at, listing, beside_catalogue: None });
        };
        if let Some(seen) = last.seen.as_ref().filter(|seen| seen.began >= asked)
            && seen.tells(gangway, connector).await
        {
            return Some(seen.clone());
        }
        let now = Instant::now();
        match last.next(start).filter(|next| *next > now) {
            None => {
                // A call that is canceled counts, too.
                last.began = Some(now);
                let began_at = gangway.clock.now();
                let (listing, serves_all) = call(gangway, user, connector, one.as_ref()).await;
                let beside_catalogue = connector.cloned();
                let seen = Seen { began: now, began_at, listing: listing.map(Arc::new), beside_catalogue };
                last.seen = Some(seen.clone()).filter(|_| serves_all);
                return Some(seen);
            }
            Some(next) if next > until => return None,
            Some(next) => {
                drop(last);
                sleep_until(next).await;
            }
        }
    }
}

/// The last look, without a call and without waiting, if it is recent and began after all that it is to be compared with.
pub(crate) async fn recent_look(gangway: &Gangway, user: &AlloyUserId, attempt: &LinkAttempt) -> Option<Seen> {
    let (last, _) = gangway.looks.of(user, Some(&attempt.connector)).await;
    let seen = last.try_lock().ok()?.seen.clone()?;
    let counts = seen.began.elapsed() <= PAUSE && attempt.is_shown_by(seen.began_at, gangway.clock.now());
    (counts && seen.tells(gangway, Some(&attempt.connector)).await).then_some(seen)
}

/// When a look at the list for an attempt may begin.
async fn start(gangway: &Gangway, attempt: &LinkAttempt, haste: Haste) -> Start {
    let began = attempt.began_at;
    let came = attempt.returned_at.or(attempt.foreign_at.filter(|_| attempt.guest));
    let came = came.or(attempt.by_key.then_some(began));
    let since = came.and_then(|at| Duration::try_from(gangway.clock.now() - at).ok());
    let came = since.and_then(|since| Instant::now().checked_sub(since));
    let times: &[Duration] = match haste {
        Haste::AfterAnswer | Haste::AfterForeignReturn if gangway.looks.is_first(attempt.id, haste).await => {
            return Start::AtOnce;
        }
        Haste::AfterAnswer | Haste::AfterForeignReturn | Haste::Patient => &[Duration::ZERO],
        Haste::AfterReturn => &AFTER_RETURN,
    };
    Start::After(came.into_iter().flat_map(|at| times.iter().map(move |time| at + *time)).collect())
}

impl SharedLooks {
    async fn is_first(&self, attempt: AttemptId, haste: Haste) -> bool {
        self.hurried.entry((attempt, haste)).or_insert(()).await.is_fresh()
    }

    /// The list of all connectors, or of that one; and which one.
    async fn of(&self, user: &AlloyUserId, connector: Option<&ConnectorId>) -> (Arc<Mutex<Last>>, Option<ConnectorId>) {
        let one = connector.filter(|_| self.by_connector.load(Ordering::Relaxed)).cloned();
        (self.lists.get_with((user.clone(), one.clone()), async { Arc::default() }).await, one)
    }
}

/// The list of all connectors, or of the one of its key. Where Alloy has no list of all, or one that is too large to be
/// read, the list of that connector. Says, too, whether the listing is what its key promises: not where the list of all
/// failed.
async fn call(
    gangway: &Gangway,
    user: &AlloyUserId,
    connector: Option<&ConnectorId>,
    one: Option<&ConnectorId>,
) -> (Result<Listing, Error>, bool) {
    let by_connector = &gangway.looks.by_connector;
    let (listing, serves_all) = match gangway.catalogue.connectors().await {
        Ok(offer) => {
            let known: Vec<ConnectorId> = offer.known.iter().chain(connector).cloned().collect();
            match (gangway.alloy.listing(user, &known, one).await, one, connector) {
                (Err(error @ (AlloyError::NotServed | AlloyError::TooLarge)), None, Some(connector)) => {
                    by_connector.fetch_or(error == AlloyError::NotServed, Ordering::Relaxed);
                    (gangway.alloy.listing_of_app(user, &known, connector).await, false)
                }
                (listing, ..) => (listing, true),
            }
        }
        Err(error) => (Err(error), true),
    };
    let listing = listing.map_err(|error| {
        tracing::warn!(%error, "GET credentials failed");
        unlisted(&error)
    });
    (listing, serves_all)
}
