//! The moment in which a statement was last refused because its connection can only read: after a failover the old server
//! takes no more writes, and new connections lead to the new one. A process has one store, so one moment is enough.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

static LAST: Mutex<Option<Instant>> = Mutex::new(None);

pub(super) fn record() {
    *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
}

/// Whether that was since a connection of that age was opened.
pub(super) fn was_seen_within(age: Duration) -> bool {
    LAST.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|last| last.elapsed() <= age)
}
