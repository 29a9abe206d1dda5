//! Locks for attempts that several requests change at the same moment.

use tokio::sync::{Mutex, MutexGuard};

use crate::domain::attempt::AttemptId;

/// Number of lock stripes.
const STRIPES: u128 = 64;

/// A request that lost a version conflict waits here instead of racing again. The store's version check still decides,
/// because other processes do not share these locks.
pub(super) struct AttemptLocks(Vec<Mutex<()>>);

impl Default for AttemptLocks {
    fn default() -> Self {
        Self((0..STRIPES).map(|_| Mutex::default()).collect())
    }
}

impl AttemptLocks {
    pub(super) async fn lock(&self, attempt: AttemptId) -> Option<MutexGuard<'_, ()>> {
        let stripe = usize::try_from(attempt.0.as_u128() % STRIPES).ok()?;
        Some(self.0.get(stripe)?.lock().await)
    }
}
