//! Notifies callers of the API of the end of an attempt: at once if it ended in this process, otherwise within half a
//! second. One query serves all callers.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::{Notify, Semaphore, SemaphorePermit, futures::OwnedNotified};

use super::Attempts;
use crate::domain::attempt::AttemptId;

const PAUSE: Duration = Duration::from_millis(500);
/// Maximum number of watchers that read the store at once: all may be notified at the same moment.
const READERS: usize = 32;

pub(crate) struct AttemptWatchers {
    watched: Mutex<HashMap<AttemptId, Watched>>,
    first_watcher: Notify,
    readers: Semaphore,
}

impl Default for AttemptWatchers {
    fn default() -> Self {
        Self { watched: Mutex::default(), first_watcher: Notify::new(), readers: Semaphore::new(READERS) }
    }
}

#[derive(Default)]
struct Watched {
    ended: Arc<Notify>,
    watchers: usize,
}

pub(super) struct Watcher<'a> {
    all: &'a AttemptWatchers,
    attempt: AttemptId,
    ended: Arc<Notify>,
}

impl AttemptWatchers {
    pub(super) fn watch(&self, attempt: AttemptId) -> Watcher<'_> {
        let mut all = self.watched();
        let watched = all.entry(attempt).or_default();
        watched.watchers += 1;
        self.first_watcher.notify_one();
        Watcher { all: self, attempt, ended: watched.ended.clone() }
    }

    pub(super) fn notify(&self, attempt: AttemptId) {
        if let Some(watched) = self.watched().get(&attempt) {
            watched.ended.notify_waiters();
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.watched().values().map(|watched| watched.watchers).sum()
    }

    pub(super) async fn read_permit(&self) -> Option<SemaphorePermit<'_>> {
        self.readers.acquire().await.ok()
    }

    fn watched(&self) -> MutexGuard<'_, HashMap<AttemptId, Watched>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ids(&self) -> Vec<AttemptId> {
        self.watched().keys().copied().collect()
    }
}

impl Watcher<'_> {
    /// Completes when the attempt has ended; every notification after this call counts.
    pub(super) fn notified(&self) -> OwnedNotified {
        self.ended.clone().notified_owned()
    }
}

impl Drop for Watcher<'_> {
    fn drop(&mut self) {
        let mut all = self.all.watched();
        if let Some(watched) = all.get_mut(&self.attempt) {
            watched.watchers -= 1;
            if watched.watchers == 0 {
                all.remove(&self.attempt);
            }
        }
    }
}

impl Attempts {
    /// For attempts that other processes ended, until this process stops. Makes no query while no caller waits.
    pub(crate) async fn notify_watchers(self: Arc<Self>) {
        tokio::select! {
            () = self.parts.shutdown.cancelled() => {}
            () = self.query_watched() => {}
        }
    }

    async fn query_watched(&self) {
        loop {
            let watched = self.watchers.ids();
            if watched.is_empty() {
                self.watchers.first_watcher.notified().await;
                continue;
            }
            match self.parts.store.ended_among(&watched).await {
                Ok(ended) => ended.into_iter().for_each(|attempt| self.watchers.notify(attempt)),
                Err(error) => tracing::warn!(%error, "the query for ended attempts failed"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn watchers_are_notified_and_dropped_ones_forgotten() {
        let all = AttemptWatchers::default();
        let [one, other] = [1, 2].map(|id| AttemptId::from_uuid(Uuid::from_u128(id)));
        let (first, second) = (all.watch(one), all.watch(one));
        let (notified, also_notified) = (first.notified(), second.notified());
        all.notify(other);
        all.notify(one);
        tokio::join!(notified, also_notified);
        assert_eq!((all.count(), all.ids().len()), (2, 1));
        drop(first);
        assert_eq!((all.count(), all.ids().len()), (1, 1), "the second still waits");
        drop(second);
        assert_eq!((all.count(), all.ids().len()), (0, 0));
    }
}
