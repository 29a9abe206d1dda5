//! The loop of each background job: lease due items, run each in its own slot, wait for more.
//!
//! Each kind has its own loop and slots, so that kinds do not delay each other. A loop leases no more items than it has
//! free slots, and an item ends before its lease. Items that fail, panic or time out become due again with the end of
//! the lease.

use std::{fmt, pin::pin, sync::Arc, time::Duration};

use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    task::{JoinError, JoinSet},
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

/// Delay before the store is queried again without a notification.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// Running time after which an item moves to a slow slot, if its kind has any.
const SLOW_AFTER: Duration = Duration::from_secs(2);

pub(crate) trait Job: Send + Sync + 'static {
    type Item: Send + 'static;
    type Error: fmt::Debug + Send + 'static;

    fn limits(&self) -> Limits;
    fn lease(&self, most: usize) -> impl Future<Output = Result<Vec<Self::Item>, Self::Error>> + Send;
    fn run(&self, item: Self::Item) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub kind: &'static str,
    pub slots: usize,
    pub slow_slots: usize,
    /// Timeout for one item, shorter than its lease.
    pub deadline: Duration,
}

pub(crate) async fn run<J: Job>(job: J, wakeup: &Notify, shutdown: &CancellationToken) {
    let runner = Runner::new(job);
    let mut under_way = JoinSet::new();
    while !(shutdown.is_cancelled() && under_way.is_empty()) {
        // Created before the query, so that no notification is lost.
        let notified = wakeup.notified();
        if !shutdown.is_cancelled() {
            runner.start_due(&mut under_way).await;
        }
        tokio::select! {
            Some(ended) = under_way.join_next() => {
                report_panic(runner.limits.kind, ended);
                // One query serves all slots that were freed meanwhile.
                while let Some(ended) = under_way.try_join_next() {
                    report_panic(runner.limits.kind, ended);
                }
            }
            () = notified => {}
            () = runner.slot_freed.notified() => {}
            () = shutdown.cancelled(), if !shutdown.is_cancelled() => {}
            () = sleep(POLL_INTERVAL) => {}
        }
    }
}

struct Runner<J> {
    job: Arc<J>,
    limits: Limits,
    slots: Arc<Semaphore>,
    slow_slots: Arc<Semaphore>,
    slot_freed: Arc<Notify>,
}

impl<J: Job> Runner<J> {
    fn new(job: J) -> Self {
        let limits = job.limits();
        let semaphore = |permits| Arc::new(Semaphore::new(permits));
        Self {
            job: Arc::new(job),
            limits,
            slots: semaphore(limits.slots),
            slow_slots: semaphore(limits.slow_slots),
            slot_freed: Arc::default(),
        }
    }

    async fn start_due(&self, under_way: &mut JoinSet<()>) {
        loop {
            let mut free: Vec<_> = std::iter::from_fn(|| Arc::clone(&self.slots).try_acquire_owned().ok()).collect();
            if free.is_empty() {
                return;
            }
            let items = self.lease(free.len()).await;
            if items.is_empty() {
                return;
            }
            for (item, slot) in items.into_iter().zip(free.drain(..)) {
                under_way.spawn(self.run_in_slot(item, slot));
            }
        }
    }

    async fn lease(&self, most: usize) -> Vec<J::Item> {
        let (job, kind) = (Arc::clone(&self.job), self.limits.kind);
        match tokio::spawn(async move { job.lease(most).await }).await {
            Ok(Ok(items)) => items,
            Ok(Err(error)) => {
                tracing::error!(kind, ?error, "due jobs cannot be leased");
                Vec::new()
            }
            Err(error) => {
                tracing::error!(kind, %error, "leasing jobs panicked");
                Vec::new()
            }
        }
    }

    fn run_in_slot(&self, item: J::Item, mut slot: OwnedSemaphorePermit) -> impl Future<Output = ()> + Send + 'static {
        let (job, Limits { kind, deadline, .. }) = (Arc::clone(&self.job), self.limits);
        let (slow_slots, slot_freed) = (Arc::clone(&self.slow_slots), Arc::clone(&self.slot_freed));
        async move {
            let mut work = pin!(timeout(deadline, job.run(item)));
            let ended = match timeout(SLOW_AFTER, work.as_mut()).await {
                Ok(ended) => ended,
                Err(_) => {
                    if let Ok(slow_slot) = slow_slots.try_acquire_owned() {
                        slot = slow_slot;
                        slot_freed.notify_one();
                    }
                    work.await
                }
            };
            match ended {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(kind, ?error, "job failed, retrying when its lease ends"),
                Err(_) => tracing::warn!(kind, ?deadline, "job timed out, retrying when its lease ends"),
            }
            drop(slot);
        }
    }
}

/// Each item is a task, so that a panic is contained and frees its slot.
fn report_panic(kind: &'static str, ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(kind, %error, "job panicked, retrying when its lease ends");
    }
}

#[cfg(test)]
mod tests;
