//! Checks connections at intervals, where the settings say so.

use std::sync::Arc;

use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;

use super::{
    DEADLINE, Parts,
    runner::{Job, Limits},
};
use crate::{
    connections::{check::TIMEOUT, delete_upstream::LEASE},
    domain::error::Error,
    store::CheckedConnection,
};

/// Checks of one user that are leased together and run one after the other.
const PER_USER: u16 = 4;
const _: () = assert!(TIMEOUT.as_secs() * (PER_USER as u64) < DEADLINE.as_secs());
/// Delay between two searches for connections without a check ahead.
const SEARCH_INTERVAL: Duration = Duration::minutes(10);

pub(super) struct CheckConnections {
    parts: Arc<Parts>,
    searched_at: Mutex<Option<OffsetDateTime>>,
}

impl CheckConnections {
    pub(super) fn new(parts: Arc<Parts>) -> Self {
        Self { parts, searched_at: Mutex::default() }
    }

    async fn search(&self, now: OffsetDateTime) -> Result<(), Error> {
        let mut searched_at = self.searched_at.lock().await;
        if searched_at.is_none_or(|at| now >= at + SEARCH_INTERVAL) {
            *searched_at = Some(now);
            self.parts.connections.schedule_checks().await?;
        }
        Ok(())
    }
}

impl Job for CheckConnections {
    type Item = Vec<CheckedConnection>;
    type Error = Error;

    fn limits(&self) -> Limits {
        Limits { kind: "checks", slots: 2, slow_slots: 0, deadline: DEADLINE }
    }

    async fn lease(&self, _: usize) -> Result<Vec<Self::Item>, Error> {
        let now = self.parts.clock.now();
        self.search(now).await?;
        let due = self.parts.store.lease_checks(now, now + LEASE, PER_USER).await?;
        Ok(Some(due).filter(|due| !due.is_empty()).into_iter().collect())
    }

    async fn run(&self, due: Self::Item) -> Result<(), Error> {
        for checked in &due {
            self.parts.connections.check(checked).await?;
        }
        Ok(())
    }
}
