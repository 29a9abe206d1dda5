//! Alloy's credential lists. One call serves all requests that wait for the list of one user, but only if it began
//! after the request: an older one may miss a credential created just before the return. Snapshots, deletions and
//! erasures make calls of their own.

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

use super::call_timing::{PAUSE, Start, Urgency, UrgentCalls};
use crate::{
    alloy::{self, AlloyClient, AlloyError},
    catalogue::Catalogue,
    domain::{
        attempt::{LinkAttempt, Observation},
        clock::SharedClock,
        connection::Listing,
        connector::ConnectorId,
        error::Error,
        session::AlloyUserId,
    },
};

/// Timeout for a call that another request began.
const CALL_TIMEOUT: Duration = Duration::from_secs(10);
const CAPACITY: u64 = 10_000;
const IDLE_TIMEOUT: Duration = Duration::from_secs(10);
/// Which list: the user's, and the connector's where Alloy has no list of all connectors.
type Key = (AlloyUserId, Option<ConnectorId>);

/// Each process shares the calls of its own requests.
pub(crate) struct Listings {
    alloy: Arc<AlloyClient>,
    background: AlloyClient,
    catalogue: Arc<Catalogue>,
    clock: SharedClock,
    lists: Cache<Key, Arc<Mutex<LastCall>>>,
    urgency: UrgentCalls,
    by_connector: AtomicBool,
}

#[derive(Default)]
struct LastCall {
    began: Option<Instant>,
    listing: Option<SharedListing>,
}

#[derive(Clone)]
pub(crate) struct SharedListing {
    began: Instant,
    began_at: OffsetDateTime,
    listing: Result<Arc<Listing>, Error>,
    /// A connector outside the catalogue whose credentials this listing recognizes.
    beside_catalogue: Option<ConnectorId>,
}

impl SharedListing {
    pub(super) fn observation(&self) -> Observation<'_> {
        observation_of_listing(self.listing.as_deref().ok())
    }
}

pub(crate) fn observation_of_listing(listing: Option<&Listing>) -> Observation<'_> {
    listing.map_or(Observation::TimePassed, Observation::Listed)
}

impl Listings {
    pub(crate) fn new(alloy: Arc<AlloyClient>, catalogue: Arc<Catalogue>, clock: SharedClock) -> Self {
        Self {
            background: alloy.in_background(),
            alloy,
            catalogue,
            clock,
            lists: Cache::builder().max_capacity(CAPACITY).time_to_idle(IDLE_TIMEOUT).build(),
            urgency: UrgentCalls::default(),
            by_connector: AtomicBool::new(false),
        }
    }

    /// Begins after this call. Returns `None` if no call can begin until then.
    pub(super) async fn next_for_attempt(
        &self,
        user: &AlloyUserId,
        attempt: &LinkAttempt,
        urgency: Urgency,
        until: Instant,
    ) -> Option<SharedListing> {
        let start = self.urgency.start(attempt, urgency, self.clock.now()).await;
        self.shared(user, Some(&attempt.connector), &start, until).await
    }

    pub(crate) async fn next(&self, user: &AlloyUserId) -> Result<Listing, Error> {
        let listing = self.shared(user, None, &Start::AtOnce, Instant::now()).await;
        listing.ok_or(Error::UpstreamUnavailable)?.listing.map(Arc::unwrap_or_clone)
    }

    /// As `next`, or the last listing if its call began within the last two seconds.
    pub(crate) async fn recent_or_next(&self, user: &AlloyUserId) -> Result<Listing, Error> {
        let now = Instant::now();
        let since = now.checked_sub(PAUSE).unwrap_or(now);
        let listing = self.shared_since(user, None, &Start::AtOnce, now, since).await;
        listing.ok_or(Error::UpstreamUnavailable)?.listing.map(Arc::unwrap_or_clone)
    }

    /// As `next`, but a call that began since then serves, and no call begins within two seconds of the last one.
    pub(crate) async fn paced(&self, user: &AlloyUserId, since: Instant) -> Result<Listing, Error> {
        let until = Instant::now() + PAUSE;
        let listing = self.shared_since(user, None, &Start::After(Vec::new()), until, since).await;
        listing.ok_or(Error::UpstreamUnavailable)?.listing.map(Arc::unwrap_or_clone)
    }

    /// The last listing, without a call, if it is recent and began after the state with which it is compared.
    pub(super) async fn recent(&self, user: &AlloyUserId, attempt: &LinkAttempt) -> Option<SharedListing> {
        let (last, _) = self.last_call(user, Some(&attempt.connector)).await;
        let listing = last.try_lock().ok()?.listing.clone()?;
        let counts = listing.began.elapsed() <= PAUSE && attempt.is_covered_by(listing.began_at, self.clock.now());
        (counts && self.recognizes(&listing, Some(&attempt.connector)).await).then_some(listing)
    }

    /// The list for a snapshot, by a call of its own: of all connectors, or of one where Alloy serves no other.
    pub(crate) async fn call(
        &self,
        user: &AlloyUserId,
        connector: Option<&ConnectorId>,
    ) -> Result<Listing, AlloyError> {
        self.call_by(&self.alloy, user, connector).await
    }

    /// As `call`, with the slots for background work. Returns `None` if the call fails; the log has the reason.
    pub(crate) async fn call_in_background(
        &self,
        user: &AlloyUserId,
        connector: Option<&ConnectorId>,
    ) -> Option<Listing> {
        self.call_by(&self.background, user, connector).await.ok()
    }

    async fn call_by(
        &self,
        alloy: &AlloyClient,
        user: &AlloyUserId,
        connector: Option<&ConnectorId>,
    ) -> Result<Listing, AlloyError> {
        let listing = match self.catalogue.connectors().await {
            Ok(offer) => alloy.listing(user, &offer.known, connector).await,
            Err(error) => Err(error),
        };
        listing.inspect_err(|error| tracing::warn!(%error, "GET credentials failed"))
    }

    async fn shared(
        &self,
        user: &AlloyUserId,
        connector: Option<&ConnectorId>,
        start: &Start,
        until: Instant,
    ) -> Option<SharedListing> {
        self.shared_since(user, connector, start, until, Instant::now()).await
    }

    /// A listing whose call began since then serves.
    async fn shared_since(
        &self,
        user: &AlloyUserId,
        connector: Option<&ConnectorId>,
        start: &Start,
        until: Instant,
        since: Instant,
    ) -> Option<SharedListing> {
        let requested = Instant::now();
        let (last, one) = self.last_call(user, connector).await;
        loop {
            let lock = timeout_at(alloy::deadline(CALL_TIMEOUT), last.lock()).await;
            let Ok(mut last) = lock else {
                let (began_at, listing) = (self.clock.now(), Err(Error::UpstreamUnavailable));
                return Some(SharedListing { began: requested, began_at, listing, beside_catalogue: None });
            };
            if let Some(listing) = last.listing.as_ref().filter(|listing| listing.began >= since)
                && self.recognizes(listing, connector).await
            {
                return Some(listing.clone());
            }
            let now = Instant::now();
            match start.next(last.began).filter(|next| *next > now) {
                None => {
                    // A call that is canceled counts, too.
                    last.began = Some(now);
                    let began_at = self.clock.now();
                    let (listing, is_shared) = self.call_shared(user, connector, one.as_ref()).await;
                    let beside_catalogue = connector.cloned();
                    let listing = listing.map(Arc::new);
                    let listing = SharedListing { began: now, began_at, listing, beside_catalogue };
                    last.listing = Some(listing.clone()).filter(|_| is_shared);
                    return Some(listing);
                }
                Some(next) if next > until => return None,
                Some(next) => {
                    drop(last);
                    sleep_until(next).await;
                }
            }
        }
    }

    /// Whether Alloy was seen to serve no list of all connectors of a user.
    pub(crate) fn are_by_connector(&self) -> bool {
        self.by_connector.load(Ordering::Relaxed)
    }

    /// Falls back to the connector's list. The second value: whether other callers of this key may use it.
    async fn call_shared(
        &self,
        user: &AlloyUserId,
        connector: Option<&ConnectorId>,
        one: Option<&ConnectorId>,
    ) -> (Result<Listing, Error>, bool) {
        let (listing, is_shared) = match self.catalogue.connectors().await {
            Ok(offer) => {
                let known: Vec<ConnectorId> = offer.known.iter().chain(connector).cloned().collect();
                match (self.alloy.listing(user, &known, one).await, one, connector) {
                    (Err(error @ (AlloyError::NotServed | AlloyError::TooLarge)), None, Some(connector)) => {
                        self.by_connector.fetch_or(error == AlloyError::NotServed, Ordering::Relaxed);
                        (self.alloy.listing_of_app(user, &known, connector).await, false)
                    }
                    (listing, ..) => (listing, true),
                }
            }
            Err(error) => (Err(error), true),
        };
        let listing = listing.map_err(|error| {
            tracing::warn!(%error, "GET credentials failed");
            match error {
                AlloyError::TooLarge => Error::ListTooLong,
                AlloyError::Refused(_) => Error::UpstreamRefused,
                _ => Error::UpstreamUnavailable,
            }
        });
        (listing, is_shared)
    }

    async fn last_call(
        &self,
        user: &AlloyUserId,
        connector: Option<&ConnectorId>,
    ) -> (Arc<Mutex<LastCall>>, Option<ConnectorId>) {
        let one = connector.filter(|_| self.are_by_connector()).cloned();
        (self.lists.get_with((user.clone(), one.clone()), async { Arc::default() }).await, one)
    }

    async fn recognizes(&self, listing: &SharedListing, connector: Option<&ConnectorId>) -> bool {
        let Some(connector) = connector.filter(|connector| listing.beside_catalogue.as_ref() != Some(*connector))
        else {
            return true;
        };
        self.catalogue.connectors().await.is_ok_and(|offer| offer.known.contains(connector))
    }
}
