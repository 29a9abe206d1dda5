//! Looking at the list, again and again, while somebody waits for the answer.

use std::time::Duration;

use crate::{
    gangway::Gangway,
    link::{Actor, LinkAttempt},
    problem::Problem,
};

use super::look::settle_by_look;

/// The longest pause between two looks.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Looks at the list with growing pauses until there is something to say to who waits, or the time is over. A process that
/// is about to stop holds nobody: the next question is answered by another one.
///
/// # Errors
/// When the store fails.
pub(super) async fn watch(
    gangway: &Gangway,
    attempt: LinkAttempt,
    longest: Duration,
    is_news: impl Fn(&LinkAttempt) -> bool,
) -> Result<LinkAttempt, Problem> {
    let until = tokio::time::Instant::now() + longest;
    let mut pause = Duration::from_millis(250);
    let mut attempt = settle_by_look(gangway, Actor::User, attempt).await?;
    while !is_news(&attempt) && tokio::time::Instant::now() < until && !gangway.draining.is_on() {
        tokio::select! {
            () = tokio::time::sleep_until(until.min(tokio::time::Instant::now() + pause)) => {}
            () = gangway.draining.begun() => break,
        }
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        attempt = gangway.store.attempt(attempt.id).await?.ok_or(Problem::NotFound)?;
        attempt = settle_by_look(gangway, Actor::User, attempt).await?;
    }
    Ok(attempt)
}
