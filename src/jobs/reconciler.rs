//! Settles what no browser comes back for, and takes away what cannot be trusted or was disconnected. Any number of processes may run it:
//! each takes its work by lease, and what one leaves undone another finds.

mod deletions;
mod disconnections;
mod erasures;
mod looks;

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt as _;

use crate::{domain::error::Error, gangway::Gangway};

/// How often it asks the store what is due, when nothing tells it to be quicker.
const PAUSE: Duration = Duration::from_secs(1);
/// How much it takes at once.
const AT_ONCE: u16 = 32;
/// For how many users it asks upstream at the same time.
const BESIDE_EACH_OTHER: usize = 4;

/// Works until the process is to stop.
pub(crate) async fn run(gangway: Arc<Gangway>) {
    while !gangway.shutdown.is_cancelled() {
        let more = alone(Box::pin(turn(&gangway))).await.unwrap_or(false);
        if !more {
            tokio::select! {
                () = gangway.reconciler_wakeup.notified() => {}
                () = tokio::time::sleep(PAUSE) => {}
                () = gangway.shutdown.cancelled() => {}
            }
        }
    }
}

/// Does what is due; true if there may be more.
async fn turn(gangway: &Gangway) -> Result<bool, Error> {
    // What is seen now may have to be deleted, so the looks come first.
    let looked = looks::turn(gangway).await?;
    let deleted = deletions::turn(gangway).await?;
    let erased = erasures::turn(gangway).await?;
    let disconnected = disconnections::turn(gangway).await?;
    Ok(looked.max(deleted).max(erased).max(disconnected) >= usize::from(AT_ONCE))
}

/// Does that without harm to anything else: what fails or panics is told in the log, and tried again by its lease.
async fn alone<T>(work: impl Future<Output = Result<T, Error>>) -> Option<T> {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(Ok(done)) => Some(done),
        Ok(Err(problem)) => {
            tracing::warn!(?problem, "the reconciler could not do its work");
            None
        }
        Err(_) => {
            tracing::error!("the reconciler panicked; it goes on");
            None
        }
    }
}
