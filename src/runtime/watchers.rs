//! Callers that wait for a change of a row. A change in this process notifies them at once, and a query for all of them
//! finds those of other processes.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::{Notify, Semaphore, SemaphorePermit, futures::OwnedNotified};

/// Delay between two queries.
const PAUSE: Duration = Duration::from_millis(500);
/// Maximum number of watchers that read the store at once: all may be notified at the same moment.
const READERS: usize = 32;

pub(crate) struct Watchers<K: Copy + Eq + Hash> {
    watched: Mutex<HashMap<K, Watched>>,
    first_watcher: Notify,
    readers: Semaphore,
}

impl<K: Copy + Eq + Hash> Default for Watchers<K> {
    fn default() -> Self {
        Self { watched: Mutex::default(), first_watcher: Notify::new(), readers: Semaphore::new(READERS) }
    }
}

struct Watched {
    changed: Arc<Notify>,
    watchers: usize,
    /// The lowest version that a watcher has read.
    read: i64,
}

impl Default for Watched {
    fn default() -> Self {
        Self { changed: Arc::default(), watchers: 0, read: i64::MAX }
    }
}

pub(crate) struct Watcher<'a, K: Copy + Eq + Hash> {
    all: &'a Watchers<K>,
    key: K,
    changed: Arc<Notify>,
}

impl<K: Copy + Eq + Hash> Watchers<K> {
    pub(crate) fn watch(&self, key: K) -> Watcher<'_, K> {
        let mut all = self.watched();
        let watched = all.entry(key).or_default();
        watched.watchers += 1;
        self.first_watcher.notify_one();
        Watcher { all: self, key, changed: watched.changed.clone() }
    }

    pub(crate) fn notify(&self, key: K) {
        if let Some(watched) = self.watched().get(&key) {
            watched.changed.notify_waiters();
        }
    }

    /// Notifies if a watcher has read another version than this one.
    pub(crate) fn notify_of_version(&self, key: K, version: i64) {
        if let Some(watched) = self.watched().get_mut(&key)
            && watched.read != i64::MAX
            && watched.read != version
        {
            watched.read = version;
            watched.changed.notify_waiters();
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.watched().values().map(|watched| watched.watchers).sum()
    }

    pub(crate) async fn read_permit(&self) -> Option<SemaphorePermit<'_>> {
        self.readers.acquire().await.ok()
    }

    /// Waits until the next query is due, and returns what it has to ask for. Without callers none is due.
    pub(crate) async fn due(&self) -> Vec<K> {
        tokio::time::sleep(PAUSE).await;
        loop {
            let watched: Vec<K> = self.watched().keys().copied().collect();
            if !watched.is_empty() {
                return watched;
            }
            self.first_watcher.notified().await;
        }
    }

    fn watched(&self) -> MutexGuard<'_, HashMap<K, Watched>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Copy + Eq + Hash> Watcher<'_, K> {
    /// Completes at the next change; every notification after this call counts.
    pub(crate) fn notified(&self) -> OwnedNotified {
        self.changed.clone().notified_owned()
    }

    /// The version that this watcher has read, which only grows.
    pub(crate) fn has_read(&self, version: i64) {
        if let Some(watched) = self.all.watched().get_mut(&self.key) {
            watched.read = watched.read.min(version);
        }
    }
}

impl<K: Copy + Eq + Hash> Drop for Watcher<'_, K> {
    fn drop(&mut self) {
        let mut all = self.all.watched();
        if let Some(watched) = all.get_mut(&self.key) {
            watched.watchers -= 1;
            if watched.watchers == 0 {
                all.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn watchers_are_notified_and_dropped_ones_forgotten() {
        let all = Watchers::default();
        let (first, second) = (all.watch(1), all.watch(1));
        let (notified, also_notified) = (first.notified(), second.notified());
        all.notify(2);
        all.notify(1);
        tokio::join!(notified, also_notified);
        assert_eq!((all.count(), all.watched().len()), (2, 1));
        drop(first);
        assert_eq!((all.count(), all.watched().len()), (1, 1), "the second still waits");
        drop(second);
        assert_eq!((all.count(), all.watched().len()), (0, 0));
    }

    #[test]
    fn each_version_notifies_once_unless_a_watcher_has_read_an_older_one() {
        let all = Watchers::default();
        let (first, second) = (all.watch(1), all.watch(1));
        let is_notified_of = |version| {
            let notified = first.notified();
            all.notify_of_version(1, version);
            notified.now_or_never().is_some()
        };
        assert!(!is_notified_of(7), "no version was read");
        first.has_read(7);
        assert!(!is_notified_of(7));
        assert!(is_notified_of(8));
        assert!(!is_notified_of(8));
        first.has_read(8);
        second.has_read(7);
        assert!(is_notified_of(8), "the second has read an older one");
    }
}
