//! The last good answers: fresh for a while, served stale while one refresh runs, and kept through an outage.

use std::{
    fmt,
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

/// How long an answer counts as fresh.
const FRESH: Duration = Duration::minutes(5);
/// How long one refresh has before another may start: longer than any call takes.
const LEASE: Duration = Duration::seconds(15);
/// How long after a refresh that failed the next may start.
const PAUSE: Duration = Duration::seconds(2);

/// The last good answers, by key; the least used are dropped beyond `most`.
#[derive(Clone)]
pub(super) struct Kept<K, V> {
    entries: Cache<K, Arc<Entry<V>>>,
    clock: SharedClock,
}

struct Entry<V> {
    value: V,
    /// From when the next refresh may start, in milliseconds since the Unix epoch.
    next: AtomicI64,
    /// Whether the last refresh failed.
    stale: AtomicBool,
}

impl<K, V> Kept<K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub(super) fn new(most: u64, clock: SharedClock) -> Self {
        Self { entries: Cache::new(most), clock }
    }

    /// The answer, and whether it is stale because the vendor gives no newer one. Many who ask at once for what is
    /// not there share one call, and its failure.
    pub(super) async fn get<F>(&self, key: K, fetch: F) -> Result<(V, bool), AlloyError>
    where
        F: Future<Output = Result<V, AlloyError>> + Send + 'static,
    {
        if let Some(entry) = self.entries.get(&key).await {
            let stale = entry.stale.load(Ordering::Relaxed);
            let value = entry.value.clone();
            if self.may_refresh(&entry) {
                tokio::spawn(self.clone().refresh(key, entry, fetch));
            }
            return Ok((value, stale));
        }
        let first = async { fetch.await.map(|value| self.entry(value)) };
        let entry = self.entries.try_get_with(key, first).await.map_err(|error| error.as_ref().clone())?;
        Ok((entry.value.clone(), false))
    }

    /// The answer, if there is one: nobody is asked.
    pub(super) async fn now(&self, key: &K) -> Option<V> {
        Some(self.entries.get(key).await?.value.clone())
    }

    fn entry(&self, value: V) -> Arc<Entry<V>> {
        let next = AtomicI64::new(to_millis(self.clock.now() + FRESH));
        Arc::new(Entry { value, next, stale: AtomicBool::new(false) })
    }

    /// Whether the entry is due, and nobody else refreshes it.
    fn may_refresh(&self, entry: &Entry<V>) -> bool {
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

impl<K, V> fmt::Debug for Kept<K, V> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Kept")
    }
}
