//! The host's keys at an address of its own (RFC 7517): fetched when a token comes, cached, and used on while the address
//! does not answer.
//!
//! At most one fetch is under way, in a task of its own, so that no caller who goes away begins another. Tokens of known
//! keys never wait for it, apart from a moment when the keys are stale: a key that was taken away is noticed by the
//! first token. Tokens of unknown keys wait for its outcome.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration as StdDuration,
};

use reqwest::Client;
use time::{Duration, OffsetDateTime};
use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};
use url::Url;

use super::{Refused, keys::Key};
use crate::{
    domain::clock::SharedClock,
    runtime::net::{NoBody, body_of, client},
};

/// After this the keys are stale and fetched again, so that one that was taken away stops working.
const FRESH: Duration = Duration::minutes(10);
/// Minimum time between the last good fetch and one for an unknown key: made-up key ids cause no flood.
const ANEW: Duration = Duration::seconds(30);
/// Minimum time between a failed fetch and the next, for an unknown and for a known key.
const AFTER_FAILURE: Duration = Duration::seconds(5);
const AFTER_FAILURE_WITH_KEYS: Duration = Duration::minutes(1);
/// Stale keys are used for this long.
const LONGEST: Duration = Duration::hours(24);
/// Maximum size of the answer, in bytes.
const LARGEST: usize = 64 * 1024;
/// Timeout for a fetch.
const PATIENCE: StdDuration = StdDuration::from_secs(4);
/// Timeout for a token of a stale key, counted from the beginning of the fetch.
const A_MOMENT: StdDuration = StdDuration::from_millis(500);

/// The keys of one address.
pub(crate) struct KeySet(Arc<Shared>);

struct Shared {
    http: Client,
    url: Url,
    clock: SharedClock,
    /// Never held over a fetch.
    cached: Mutex<Cached>,
}

#[derive(Default)]
struct Cached {
    keys: Option<Arc<Vec<Key>>>,
    fetched_at: Option<OffsetDateTime>,
    failed_at: Option<OffsetDateTime>,
    fetch: Option<Fetch>,
}

/// A fetch; its channel closes when it ends.
#[derive(Clone)]
struct Fetch {
    began: Instant,
    ends: watch::Receiver<()>,
}

impl Fetch {
    fn is_under_way(&self) -> bool {
        self.ends.has_changed().is_ok()
    }

    /// Waits for its end, but not longer than that after its beginning.
    async fn ended_within(mut self, longest: StdDuration) {
        timeout_at(self.began + longest, self.ends.changed()).await.ok();
    }
}

impl Cached {
    /// Whether that was less than so long ago; a clock that was put back makes it neither younger nor stuck.
    fn within(at: Option<OffsetDateTime>, span: Duration, now: OffsetDateTime) -> bool {
        at.is_some_and(|at| (now - at).abs() < span)
    }

    /// The keys, unless they are too old.
    fn usable(&self, now: OffsetDateTime) -> Option<&Arc<Vec<Key>>> {
        self.keys.as_ref().filter(|_| Self::within(self.fetched_at, LONGEST, now))
    }

    /// Whether a fetch may begin for a key that is known or unknown.
    fn is_due(&self, known: bool, now: OffsetDateTime) -> bool {
        let (fresh, pause) = if known { (FRESH, AFTER_FAILURE_WITH_KEYS) } else { (ANEW, AFTER_FAILURE) };
        !Self::within(self.fetched_at, fresh, now) && !Self::within(self.failed_at, pause, now)
    }
}

impl KeySet {
    pub(crate) fn new(url: Url, clock: SharedClock) -> Result<Self, reqwest::Error> {
        let http = client().timeout(PATIENCE).build()?;
        Ok(Self(Arc::new(Shared { http, url, clock, cached: Mutex::default() })))
    }

    /// The keys; fetched anew if they are stale, or if the wanted one is not among them.
    pub(crate) async fn keys(&self, has_wanted: impl Fn(&[Key]) -> bool) -> Result<Arc<Vec<Key>>, Refused> {
        let shared = &self.0;
        let (fetch, longest) = {
            let (mut cached, now) = (shared.lock(), shared.clock.now());
            let known = cached.usable(now).is_some_and(|keys| has_wanted(keys));
            let is_fresh = known && Cached::within(cached.fetched_at, FRESH, now);
            let under_way = cached.fetch.clone().filter(Fetch::is_under_way);
            if under_way.is_none() && cached.is_due(known, now) {
                cached.fetch = Some(shared.begin());
            }
            let fetch = cached.fetch.clone().filter(|_| !is_fresh);
            (fetch, if known { A_MOMENT } else { PATIENCE * 2 })
        };
        if let Some(fetch) = fetch {
            fetch.ended_within(longest).await;
        }
        let (cached, now) = (shared.lock(), shared.clock.now());
        cached.usable(now).cloned().ok_or(Refused::NoKeys)
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Cached> {
        self.cached.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a fetch in a task of its own.
    fn begin(self: &Arc<Self>) -> Fetch {
        let (under_way, ends) = watch::channel(());
        let shared = Arc::clone(self);
        tokio::spawn(async move {
            let asked_at = shared.clock.now();
            let fetched = shared.fetch().await;
            shared.store(fetched, asked_at);
            drop(under_way);
        });
        Fetch { began: Instant::now(), ends }
    }

    fn store(&self, fetched: Result<Vec<Key>, String>, asked_at: OffsetDateTime) {
        let mut cached = self.lock();
        match fetched {
            Ok(keys) => {
                cached.keys = Some(Arc::new(keys));
                (cached.fetched_at, cached.failed_at) = (Some(asked_at), None);
            }
            Err(error) => {
                tracing::warn!(error, "host.token_jwks_url could not be read; the keys from before are used on");
                cached.failed_at = Some(self.clock.now());
            }
        }
    }

    async fn fetch(&self) -> Result<Vec<Key>, String> {
        let told = |error: reqwest::Error| error.without_url().to_string();
        let response = self.http.get(self.url.clone()).send().await.map_err(told)?;
        if response.status() != 200 {
            return Err(format!("it answered {}", response.status().as_u16()));
        }
        let body = body_of(response, LARGEST).await.map_err(|error| match error {
            NoBody::TooLarge => "its answer is too large".to_owned(),
            NoBody::BrokeOff(error) => told(error),
        })?;
        // An answer without any key is as good as none: it would lock every user out.
        Key::of_set(&body).filter(|keys| !keys.is_empty()).ok_or_else(|| "it has no keys that can be used".to_owned())
    }
}
