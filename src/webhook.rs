//! Events for the host: signed as Standard Webhooks requires, delivered at least once, first tries in order per user.
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

pub(crate) use delivery::deliver;
pub(crate) use failure::Failure;
pub(crate) use receiver::{Receiver, TIMEOUT, Unusable};
pub(crate) use retry_schedule::MAX_AGE;
pub(crate) use test_event::{TestEvent, send_test_event};

/// The receiver of the settings, and the wake-up of the jobs that send to it.
#[derive(Debug)]
pub struct Webhook {
    receiver: Option<Receiver>,
    wakeup: Arc<Notify>,
}

impl Webhook {
    /// Returns [`Unusable`] if a secret is malformed or TLS cannot be set up.
    pub(crate) fn new(settings: &crate::config::Webhook) -> Result<Self, Unusable> {
        let receiver = settings.url.as_ref().map(|url| Receiver::new(url, settings)).transpose()?;
        Ok(Self { receiver, wakeup: Arc::default() })
    }

    pub(crate) fn receiver(&self) -> Option<&Receiver> {
        self.receiver.as_ref()
    }

    /// Notified when there is an event to deliver.
    pub(crate) fn wakeup(&self) -> Arc<Notify> {
        Arc::clone(&self.wakeup)
    }

    pub(crate) fn notify(&self) {
        self.wakeup.notify_waiters();
    }
}
