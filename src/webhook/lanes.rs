//! How much is sent at once. A receiver that hangs on some events does not keep the others from being sent.

use std::{pin::pin, sync::Arc, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::store::Line;

/// First tries at once.
const FIRST: usize = 32;
/// First tries that take long, beside those.
const SLOW: usize = 64;
/// Tries of what failed before, at once.
const AGAIN: usize = 8;
/// What takes longer than this takes long.
const LONG: Duration = Duration::from_secs(2);

/// The places of one process.
pub(super) struct Lanes {
    first: Arc<Semaphore>,
    slow: Arc<Semaphore>,
    again: Arc<Semaphore>,
}

impl Default for Lanes {
    fn default() -> Self {
        let lane = |places| Arc::new(Semaphore::new(places));
        Self { first: lane(FIRST), slow: lane(SLOW), again: lane(AGAIN) }
    }
}

impl Lanes {
    fn lane(&self, line: Line) -> &Arc<Semaphore> {
        match line {
            Line::FirstTries => &self.first,
            Line::Retries => &self.again,
        }
    }

    /// The places that are free. Each is taken until it is dropped.
    pub(super) fn free(&self, line: Line) -> Vec<OwnedSemaphorePermit> {
        std::iter::from_fn(|| Arc::clone(self.lane(line)).try_acquire_owned().ok()).collect()
    }

    /// Does that work in its place. A first try that takes long makes room for others, as long as there is room for what is
    /// slow; `made_room` tells of it.
    pub(super) async fn work(
        &self,
        line: Line,
        place: OwnedSemaphorePermit,
        work: impl Future<Output = ()>,
        made_room: impl Fn(),
    ) {
        let (mut work, mut place) = (pin!(work), place);
        if timeout(LONG, work.as_mut()).await.is_ok() {
            return;
        }
        if line == Line::FirstTries
            && let Ok(slow) = Arc::clone(&self.slow).try_acquire_owned()
        {
            place = slow;
            made_room();
        }
        work.await;
        drop(place);
    }
}
