//! Events for the host: signed as Standard Webhooks has it, sent until the host has them, in the order of each user.
//!
//! The transactions that settle an attempt write the events (`store::outbox`). A worker in every process takes what is due
//! from the store by lease, so that any number of processes share the work, and what one leaves undone another repeats
//! with the same id.

mod delivery;
mod failure;
mod ladder;
mod lanes;
mod receiver;
mod signature;
mod test_event;
mod worker;

use std::sync::Arc;

use tokio::sync::Notify;

pub(crate) use failure::Failure;
pub(crate) use receiver::{Answer, Receiver, Unusable};
pub(crate) use test_event::send_test_event;
pub(crate) use worker::run;

/// Where events go, and how the worker is told of them.
#[derive(Debug)]
pub struct Webhook {
    receiver: Option<Receiver>,
    wake: Arc<Notify>,
}

impl Webhook {
    /// As `webhook.*` of the settings has it.
    ///
    /// # Errors
    /// When a secret is none, or TLS cannot be set up.
    pub fn new(settings: &crate::config::Webhook) -> Result<Self, Unusable> {
        let receiver = settings.url.as_ref().map(|url| Receiver::new(url, settings)).transpose()?;
        Ok(Self { receiver, wake: Arc::default() })
    }

    /// Where events go, if anywhere.
    pub fn receiver(&self) -> Option<&Receiver> {
        self.receiver.as_ref()
    }

    /// Notified when there is an event to deliver.
    pub fn wakeup(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }

    /// Tells the worker that there is something to send at once.
    pub fn ring(&self) {
        self.wake.notify_one();
    }
}
