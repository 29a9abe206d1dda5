//! The time between the word to stop and the end of the process.

use tokio::{sync::watch, time::Instant};

/// Whether we are about to stop. Whoever holds a request open, or works in the background, waits for it as well: the one
/// answers with what there is, the other finishes what it is at and takes nothing more.
#[derive(Debug)]
pub struct Draining(watch::Sender<Option<Instant>>);

impl Default for Draining {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl Draining {
    /// From now on we are. There is no way back.
    pub fn begin(&self) {
        self.0.send_replace(Some(Instant::now()));
    }

    /// Whether it has begun: then nobody new should be sent to us.
    pub fn is_on(&self) -> bool {
        self.since().is_some()
    }

    /// When it began.
    pub fn since(&self) -> Option<Instant> {
        *self.0.borrow()
    }

    /// Ends once it has begun; at once if it had before.
    pub async fn begun(&self) {
        // The sender is ours, so that the only error, its end, cannot come first.
        self.0.subscribe().wait_for(Option::is_some).await.ok();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn who_waits_and_who_comes_later_are_told() {
        let draining = Arc::new(Draining::default());
        assert!(!draining.is_on());
        let waiting = tokio::spawn({
            let draining = Arc::clone(&draining);
            async move { draining.begun().await }
        });
        draining.begin();
        waiting.await.unwrap();
        draining.begun().await;
        assert!(draining.is_on());
    }
}
