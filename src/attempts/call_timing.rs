//! When a shared list call may begin: mostly two seconds after the last one, earlier after an event of the attempt.

use std::time::Duration;

use moka::future::Cache;
use time::OffsetDateTime;
use tokio::time::Instant;

use crate::domain::attempt::{AttemptId, LinkAttempt};

/// Minimum time between the beginnings of two calls for one user's attempts, however many requests wait.
pub(super) const PAUSE: Duration = Duration::from_secs(2);
/// Delays after a return at which the attempt's page may call despite [`PAUSE`]: most lists show a new credential
/// within a second, and the page is answered after three.
const AFTER_RETURN: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(250), Duration::from_millis(1100), Duration::from_millis(2900)];
const CAPACITY: u64 = 10_000;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether a call may begin before [`PAUSE`] is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Urgency {
    /// Only the first call after the return.
    Normal,
    AfterReturn,
    /// At once, for the first answer of the user to an attempt.
    AfterAnswer,
    /// At once, for the first foreign return of an attempt.
    AfterForeignReturn,
}

pub(super) enum Start {
    AtOnce,
    After(Vec<Instant>),
}

impl Start {
    pub(super) fn next(&self, began: Option<Instant>) -> Option<Instant> {
        match self {
            Self::AtOnce => None,
            Self::After(moments) => {
                let paused = began? + PAUSE;
                let early = moments.iter().copied().filter(|moment| Some(*moment) > began).min();
                Some(early.map_or(paused, |early| early.min(paused)))
            }
        }
    }
}

pub(super) struct UrgentCalls(Cache<(AttemptId, Urgency), ()>);

impl Default for UrgentCalls {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(CAPACITY).time_to_live(DAY).build())
    }
}

impl UrgentCalls {
    pub(super) async fn start(&self, attempt: &LinkAttempt, urgency: Urgency, now: OffsetDateTime) -> Start {
        let returned =
            attempt.last_returned_at().or(attempt.foreign_at().filter(|_| attempt.is_awaiting_host_confirmation()));
        let returned = returned.or(attempt.is_api_key.then_some(attempt.began_at));
        let since = returned.and_then(|at| Duration::try_from(now - at).ok());
        let returned = since.and_then(|since| Instant::now().checked_sub(since));
        let times: &[Duration] = match urgency {
            Urgency::AfterAnswer | Urgency::AfterForeignReturn if self.is_first(attempt.id, urgency).await => {
                return Start::AtOnce;
            }
            Urgency::AfterAnswer | Urgency::AfterForeignReturn | Urgency::Normal => &[Duration::ZERO],
            Urgency::AfterReturn => &AFTER_RETURN,
        };
        Start::After(returned.into_iter().flat_map(|at| times.iter().map(move |time| at + *time)).collect())
    }

    async fn is_first(&self, attempt: AttemptId, urgency: Urgency) -> bool {
        self.0.entry((attempt, urgency)).or_insert(()).await.is_fresh()
    }
}
