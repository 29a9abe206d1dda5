//! Rings when an attempt has ended, for the callers of the API who wait for it: at once for what ends here, and within
//! half a second for what another process ended. However many wait, the store is asked by one.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::{Notify, Semaphore, SemaphorePermit, futures::OwnedNotified};

use crate::{domain::attempt::AttemptId, gangway::Gangway};

/// How often the store is asked which of the attempts that somebody waits for have ended.
const PAUSE: Duration = Duration::from_millis(500);

/// All who wait may be woken in the same moment: so many of them read the store at once, and the others queue for that.
const AT_ONCE: usize = 32;

/// Who waits for which attempt.
pub struct Bell {
    waiting: Mutex<HashMap<AttemptId, Waiting>>,
    somebody: Notify,
    turns: Semaphore,
}

impl Default for Bell {
    fn default() -> Self {
        Self { waiting: Mutex::default(), somebody: Notify::new(), turns: Semaphore::new(AT_ONCE) }
    }
}

/// All who wait for one attempt.
#[derive(Default)]
struct Waiting {
    rung: Arc<Notify>,
    how_many: usize,
}

/// One who waits; whoever goes away is forgotten.
pub struct Listener<'a> {
    bell: &'a Bell,
    attempt: AttemptId,
    rung: Arc<Notify>,
}

impl Bell {
    /// Listens for the end of that attempt.
    pub fn listen(&self, attempt: AttemptId) -> Listener<'_> {
        let mut all = self.all();
        let waiting = all.entry(attempt).or_default();
        waiting.how_many += 1;
        self.somebody.notify_one();
        Listener { bell: self, attempt, rung: waiting.rung.clone() }
    }

    /// Tells all who wait for that attempt to look.
    pub fn ring(&self, attempt: AttemptId) {
        if let Some(waiting) = self.all().get(&attempt) {
            waiting.rung.notify_waiters();
        }
    }

    /// How many wait, for whatever attempt.
    pub fn waiting(&self) -> usize {
        self.all().values().map(|waiting| waiting.how_many).sum()
    }

    /// The turn of one who comes or was woken to read the store.
    pub(crate) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.turns.acquire().await.ok()
    }

    fn all(&self) -> MutexGuard<'_, HashMap<AttemptId, Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ids(&self) -> Vec<AttemptId> {
        self.all().keys().copied().collect()
    }
}

impl Listener<'_> {
    /// Done once the bell rings; what rings from the moment of this call counts.
    pub fn rung(&self) -> OwnedNotified {
        self.rung.clone().notified_owned()
    }
}

impl Drop for Listener<'_> {
    fn drop(&mut self) {
        let mut all = self.bell.all();
        if let Some(waiting) = all.get_mut(&self.attempt) {
            waiting.how_many -= 1;
            if waiting.how_many == 0 {
                all.remove(&self.attempt);
            }
        }
    }
}

/// Rings for what other processes end, until this one is to stop. While nobody waits, nothing is asked.
pub(crate) async fn ring_for_others(gangway: Arc<Gangway>) {
    tokio::select! {
        () = gangway.shutdown.cancelled() => {}
        () = ring_again_and_again(&gangway) => {}
    }
}

async fn ring_again_and_again(gangway: &Gangway) {
    loop {
        let awaited = gangway.bell.ids();
        if awaited.is_empty() {
            gangway.bell.somebody.notified().await;
            continue;
        }
        match gangway.store.ended_of(&awaited).await {
            Ok(ended) => ended.into_iter().for_each(|attempt| gangway.bell.ring(attempt)),
            Err(error) => tracing::warn!(%error, "it is not known which attempts have ended"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn who_listens_is_rung_for_and_who_goes_away_is_forgotten() {
        let (bell, one, other) = (Bell::default(), AttemptId(Uuid::from_u128(1)), AttemptId(Uuid::from_u128(2)));
        let (first, second) = (bell.listen(one), bell.listen(one));
        let (rung, also_rung) = (first.rung(), second.rung());
        bell.ring(other);
        bell.ring(one);
        tokio::join!(rung, also_rung);
        assert_eq!((bell.waiting(), bell.ids().len()), (2, 1));
        drop(first);
        assert_eq!((bell.waiting(), bell.ids().len()), (1, 1), "the second waits still");
        drop(second);
        assert_eq!((bell.waiting(), bell.ids().len()), (0, 0));
    }
}
