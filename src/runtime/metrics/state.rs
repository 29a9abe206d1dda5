//! Gauges that are read when the metrics are rendered.

use std::sync::atomic::AtomicU64;

use prometheus_client::{
    metrics::{family::Family, gauge::Gauge, info::Info},
    registry::Registry,
};

use super::{add, labels::Label};

/// `None` keeps the last value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct State {
    pub(crate) store_answers: bool,
    pub(crate) breaker_open: bool,
    pub(crate) key_refused: bool,
    pub(crate) receiver_gone: bool,
    /// Number of undelivered events, and the age of the oldest in seconds.
    pub(crate) waiting: Option<(u64, u64)>,
    /// Number of unfinished erasures, and of those without progress.
    pub(crate) erasures: Option<(u64, u64)>,
    /// Kinds of background jobs, with the age of their oldest due item in seconds.
    pub(crate) job_lag: Vec<(&'static str, u64)>,
    pub(crate) draining: bool,
}

#[derive(Debug)]
pub(crate) struct Gauges {
    store_answers: Gauge,
    breaker_open: Gauge,
    key_refused: Gauge,
    receiver_gone: Gauge,
    waiting: Gauge<u64, AtomicU64>,
    oldest: Gauge<u64, AtomicU64>,
    erasures: Gauge<u64, AtomicU64>,
    stalled: Gauge<u64, AtomicU64>,
    job_lag: Family<Label, Gauge<u64, AtomicU64>>,
    draining: Gauge,
}

impl Gauges {
    pub(crate) fn new(registry: &mut Registry) -> Self {
        registry.register("build", "Which release this is", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        Self {
            store_answers: add(registry, "store_up", "Whether the store answers in time"),
            breaker_open: add(registry, "upstream_breaker_open", "Whether calls to Alloy fail at once"),
            key_refused: add(registry, "upstream_key_refused", "Whether Alloy refuses our key"),
            receiver_gone: add(registry, "receiver_gone", "Whether the host's receiver is gone for good"),
            waiting: add(registry, "outbox_waiting", "Events that wait for their delivery"),
            oldest: add(registry, "outbox_oldest_age_seconds", "How long the oldest of them has waited"),
            erasures: add(registry, "erasures_waiting", "Erasures of users that are not done"),
            stalled: add(registry, "erasures_stalled", "Erasures of users without progress"),
            job_lag: add(registry, "job_lag_seconds", "Age of the oldest due item of a background job"),
            draining: add(registry, "draining", "Whether this process is about to stop"),
        }
    }

    pub(crate) fn set(&self, state: &State) {
        self.store_answers.set(state.store_answers.into());
        self.breaker_open.set(state.breaker_open.into());
        self.key_refused.set(state.key_refused.into());
        self.receiver_gone.set(state.receiver_gone.into());
        self.draining.set(state.draining.into());
        if let Some((count, seconds)) = state.waiting {
            self.waiting.set(count);
            self.oldest.set(seconds);
        }
        if let Some((waiting, stalled)) = state.erasures {
            self.erasures.set(waiting);
            self.stalled.set(stalled);
        }
        for (kind, seconds) in &state.job_lag {
            self.job_lag.get_or_create(&[("kind", *kind)]).set(*seconds);
        }
    }
}
