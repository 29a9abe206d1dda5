//! Waiting for the end of an attempt, for a caller who would have to ask again and again.

use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use crate::{
    domain::{attempt::AttemptId, error::Error},
    gangway::Gangway,
    store::Told,
};

/// Waits until the attempt has ended, that time is over, the caller is gone, or we are about to stop; then tells how it
/// stands. `None` if there is no such attempt, or none any more.
///
/// # Errors
/// When the store fails.
pub(crate) async fn await_end(
    gangway: &Gangway,
    id: AttemptId,
    longest: Duration,
    gone: impl Future<Output = ()>,
) -> Result<Option<Told>, Error> {
    let until = Instant::now() + longest;
    let _held = gangway.metrics.hold();
    let listener = gangway.bell.listen(id);
    tokio::pin!(gone);
    loop {
        // Whatever ends it from here on rings.
        let rung = listener.rung();
        let told = told(gangway, id).await?;
        let open = told.as_ref().is_some_and(|told| !told.attempt.state.is_end());
        if !open || Instant::now() >= until || gangway.shutdown.is_cancelled() {
            return Ok(told);
        }
        tokio::select! {
            _ = timeout_at(until, rung) => {}
            () = gangway.shutdown.cancelled() => {}
            () = &mut gone => return Ok(told),
        }
    }
}

/// How long a caller queues for the store at the most.
const PATIENCE: Duration = Duration::from_secs(10);

/// How the attempt stands. Thousands may ask in the same moment, who would all be told that the store is busy: they queue,
/// and few ask at once.
///
/// # Errors
/// When the store fails, or the queue does not move.
pub(crate) async fn told(gangway: &Gangway, id: AttemptId) -> Result<Option<Told>, Error> {
    let _turn = timeout(PATIENCE, gangway.bell.turn())
        .await
        .map_err(|_| Error::StoreBusy("too many callers read attempts".to_owned()))?;
    Ok(gangway.store.told(id).await?)
}
