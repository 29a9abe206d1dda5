//! Sends events to the host's receiver: first attempts and retries are separate jobs, so that neither delays the other.

use std::{sync::Arc, time::Duration};

use super::{
    Parts,
    runner::{Job, Limits},
};
use crate::{
    store::{DueEvent, LeaseTerms, Queue, StoreError},
    webhook::{MAX_AGE, TIMEOUT},
};

/// Longer than the deadline, even if the clocks of two processes differ a little.
const LEASE: Duration = Duration::from_secs(60);
const DEADLINE: Duration = Duration::from_secs(30);
const _: () = assert!(TIMEOUT.as_secs() < DEADLINE.as_secs() && DEADLINE.as_secs() + 30 <= LEASE.as_secs());

pub(super) struct DeliverEvents {
    pub parts: Arc<Parts>,
    pub queue: Queue,
}

impl Job for DeliverEvents {
    type Item = DueEvent;
    type Error = StoreError;

    fn limits(&self) -> Limits {
        match self.queue {
            // A receiver that hangs on some events must not delay the others.
            Queue::Initial => Limits { kind: "deliveries", slots: 32, slow_slots: 64, deadline: DEADLINE },
            Queue::Retry => Limits { kind: "delivery_retries", slots: 8, slow_slots: 0, deadline: DEADLINE },
        }
    }

    async fn lease(&self, most: usize) -> Result<Vec<DueEvent>, StoreError> {
        let Parts { store, webhook, clock, .. } = &*self.parts;
        let (Some(receiver), now) = (&webhook.receiver, clock.now()) else { return Ok(Vec::new()) };
        if !store.receiver(receiver.key()).await?.takes_events(now) {
            return Ok(Vec::new());
        }
        let terms = LeaseTerms { now, lease: now + LEASE, since: now - MAX_AGE };
        store.lease_deliveries(self.queue, terms, most).await
    }

    async fn run(&self, due: DueEvent) -> Result<(), StoreError> {
        self.parts.webhook.deliver(&due).await
    }
}
