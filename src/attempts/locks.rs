//! Locks for attempts that concurrent requests change.

use tokio::sync::{Mutex, MutexGuard};

use crate::domain::attempt::AttemptId;

const STRIPES: u128 = 64;

/// Avoids repeated version conflicts within this process. The store's version check still decides.
pub(super) struct AttemptLocks(Vec<Mutex<()>>);

impl Default for AttemptLocks {
    fn default() -> Self {
        Self((0..STRIPES).map(|_| Mutex::default()).collect())
    }
}

impl AttemptLocks {
    pub(super) async fn lock(&self, attempt: AttemptId) -> Option<MutexGuard<'_, ()>> {
        let stripe = usize::try_from(attempt.uuid().as_u128() % STRIPES).ok()?;
        Some(self.0.get(stripe)?.lock().await)
    }
}
