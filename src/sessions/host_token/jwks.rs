//! The host's keys at a URL (RFC 7517), cached, and used on while it does not respond. Each fetch is a task of its own,
//! so that a caller who disconnects does not start another. Known keys wait for it only briefly, and only if stale.

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
    runtime::net::{BodyError, body_of, client},
};

/// Maximum age of fresh keys. Stale ones are fetched again, so that a removed key stops working.
const FRESH: Duration = Duration::minutes(10);
/// Minimum time between a successful fetch and one for an unknown key: made-up key ids cause no flood.
const ANEW: Duration = Duration::seconds(30);
/// Minimum time between a failed fetch and the next, for an unknown and for a known key.
const AFTER_FAILURE: Duration = Duration::seconds(5);
const AFTER_FAILURE_WITH_KEYS: Duration = Duration::minutes(1);
/// Maximum age of stale keys.
const LONGEST: Duration = Duration::hours(24);
/// Maximum size of the response, in bytes.
const LARGEST: usize = 64 * 1024;
const PATIENCE: StdDuration = StdDuration::from_secs(4);
/// Timeout for a token of a stale key, counted from the beginning of the fetch.
const A_MOMENT: StdDuration = StdDuration::from_millis(500);

pub(crate) struct KeySet(Arc<Shared>);

struct Shared {
    http: Client,
    url: Url,
    clock: SharedClock,
    /// Never locked during a fetch.
    cached: Mutex<Cached>,
}

#[derive(Default)]
struct Cached {
    keys: Option<Arc<Vec<Key>>>,
    fetched_at: Option<OffsetDateTime>,
    failed_at: Option<OffsetDateTime>,
    fetch: Option<Fetch>,
}

#[derive(Clone)]
struct Fetch {
    began: Instant,
    ends: watch::Receiver<()>,
}

impl Fetch {
    fn is_under_way(&self) -> bool {
        self.ends.has_changed().is_ok()
    }

    async fn ended_within(mut self, longest: StdDuration) {
        timeout_at(self.began + longest, self.ends.changed()).await.ok();
    }
}

impl Cached {
    /// Whether `at` and `now` differ by less than `span`: a clock that was set back blocks nothing.
    fn within(at: Option<OffsetDateTime>, span: Duration, now: OffsetDateTime) -> bool {
        at.is_some_and(|at| (now - at).abs() < span)
    }

    fn usable(&self, now: OffsetDateTime) -> Option<&Arc<Vec<Key>>> {
        self.keys.as_ref().filter(|_| Self::within(self.fetched_at, LONGEST, now))
    }

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
            BodyError::TooLarge => "its answer is too large".to_owned(),
            BodyError::BrokeOff(error) => told(error),
        })?;
        // A response without keys would lock every user out.
        Key::of_set(&body).filter(|keys| !keys.is_empty()).ok_or_else(|| "it has no keys that can be used".to_owned())
    }
}
