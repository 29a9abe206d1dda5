//! Waiting for the end of an attempt, for a caller who would have to ask again and again.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::{gangway::Gangway, link::AttemptId, problem::Problem, store::Told};

/// Waits until the attempt has ended, that time is over, the caller is gone, or we are about to stop; then tells how it
/// stands. `None` if there is no such attempt, or none any more.
///
/// # Errors
/// When the store fails.
pub async fn await_end(
    gangway: &Gangway,
    id: AttemptId,
    longest: Duration,
    gone: impl Future<Output = ()>,
) -> Result<Option<Told>, Problem> {
    let until = Instant::now() + longest;
    let _held = (!longest.is_zero()).then(|| gangway.metrics.hold());
    let listener = gangway.bell.listen(id);
    tokio::pin!(gone);
    loop {
        // Whatever ends it from here on rings.
        let rung = listener.rung();
        let told = told(gangway, id).await?;
        let open = told.as_ref().is_some_and(|told| !told.attempt.state.is_end());
        if !open || Instant::now() >= until || gangway.draining.is_on() {
            return Ok(told);
        }
        tokio::select! {
            _ = timeout_at(until, rung) => {}
            () = gangway.draining.begun() => {}
            () = &mut gone => return Ok(told),
        }
    }
}

async fn told(gangway: &Gangway, id: AttemptId) -> Result<Option<Told>, Problem> {
    let _turn = gangway.bell.turn().await;
    Ok(gangway.store.told(id).await?)
}
