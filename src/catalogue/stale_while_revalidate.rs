//! Cache of responses, served stale during a refresh and an outage: `moka` cannot serve an expired entry.

use std::{
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use moka::future::Cache;
use time::Duration;

use crate::alloy::AlloyError;
use crate::domain::clock::{SharedClock, to_millis};

const FRESH: Duration = Duration::minutes(5);
/// Time reserved for one refresh: longer than any call takes.
const LEASE: Duration = Duration::seconds(15);
const PAUSE: Duration = Duration::seconds(2);

#[derive(Clone)]
pub(super) struct StaleWhileRevalidate<K, V> {
    entries: Cache<K, Arc<Entry<V>>>,
    clock: SharedClock,
}

struct Entry<V> {
    value: V,
    /// Time of the next refresh, in milliseconds since the Unix epoch.
    next: AtomicI64,
    stale: AtomicBool,
}

impl<K, V> StaleWhileRevalidate<K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub(super) fn new(capacity: u64, clock: SharedClock) -> Self {
        Self { entries: Cache::new(capacity), clock }
    }

    /// Also returns whether the last refresh failed. Concurrent requests for a missing entry share one call and its
    /// error.
    pub(super) async fn get<F>(&self, key: K, fetch: F) -> Result<(V, bool), AlloyError>
    where
        F: Future<Output = Result<V, AlloyError>> + Send + 'static,
    {
        if let Some(entry) = self.entries.get(&key).await {
            let stale = entry.stale.load(Ordering::Relaxed);
            let value = entry.value.clone();
            if self.begin_refresh(&entry) {
                tokio::spawn(self.clone().refresh(key, entry, fetch));
            }
            return Ok((value, stale));
        }
        let first = async { fetch.await.map(|value| self.entry(value)) };
        let entry = self.entries.try_get_with(key, first).await.map_err(|error| error.as_ref().clone())?;
        Ok((entry.value.clone(), false))
    }

    pub(super) async fn cached(&self, key: &K) -> Option<V> {
        Some(self.entries.get(key).await?.value.clone())
    }

    fn entry(&self, value: V) -> Arc<Entry<V>> {
        let next = AtomicI64::new(to_millis(self.clock.now() + FRESH));
        Arc::new(Entry { value, next, stale: AtomicBool::new(false) })
    }

    fn begin_refresh(&self, entry: &Entry<V>) -> bool {
        let (now, next) = (self.clock.now(), entry.next.load(Ordering::Relaxed));
        let lease = to_millis(now + LEASE);
        next <= to_millis(now) && entry.next.compare_exchange(next, lease, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    async fn refresh<F>(self, key: K, entry: Arc<Entry<V>>, fetch: F)
    where
        F: Future<Output = Result<V, AlloyError>> + Send + 'static,
    {
        match fetch.await {
            Ok(value) => self.entries.insert(key, self.entry(value)).await,
            Err(error) => {
                tracing::warn!(%error, "Alloy's last good answer is served instead of a new one");
                entry.stale.store(true, Ordering::Relaxed);
                entry.next.store(to_millis(self.clock.now() + PAUSE), Ordering::Relaxed);
            }
        }
    }
}
