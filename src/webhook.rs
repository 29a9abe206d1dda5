//! Events for the host: signed as Standard Webhooks requires, and delivered at least once, with first attempts in order
//! per user.
//!
//! The transactions that settle an attempt write the events (`store::outbox`); `jobs::deliver_events` sends them.

mod delivery;
mod failure;
mod receiver;
mod retry_schedule;
mod signature;
mod test_event;

use std::sync::Arc;

use tokio::sync::Notify;

use crate::{
    domain::clock::{SharedClock, SharedEntropy},
    runtime::metrics::Metrics,
    store::Store,
};

pub(crate) use failure::Failure;
pub(crate) use receiver::{Receiver, TIMEOUT};
pub(crate) use retry_schedule::MAX_AGE;
pub(crate) use test_event::TestEvent;

pub(crate) struct Webhook {
    /// `None` without `webhook.url`.
    pub receiver: Option<Receiver>,
    pub wakeup: Arc<Notify>,
    pub store: Store,
    pub metrics: Arc<Metrics>,
    pub clock: SharedClock,
    pub entropy: SharedEntropy,
}

impl Webhook {
    pub(crate) fn notify(&self) {
        self.wakeup.notify_waiters();
    }
}
