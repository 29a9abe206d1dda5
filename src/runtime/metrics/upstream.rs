//! Metrics of the calls to Alloy, including retries.

use std::time::Duration;

use prometheus_client::{
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};

use super::{Durations, durations, labels::Label};

/// Clones share the counters.
#[derive(Debug, Clone)]
pub(crate) struct UpstreamCalls {
    calls: Family<[(&'static str, &'static str); 2], Counter>,
    time: Durations<Label>,
}

impl Default for UpstreamCalls {
    fn default() -> Self {
        Self { calls: Family::default(), time: durations() }
    }
}

impl UpstreamCalls {
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register("upstream_calls", "Calls to Alloy, by what came of them", self.calls.clone());
        registry.register("upstream_call_duration_seconds", "How long calls to Alloy took", self.time.clone());
    }

    pub(crate) fn record(&self, call: &'static str, outcome: &'static str, took: Duration) {
        self.calls.get_or_create(&[("call", call), ("outcome", outcome)]).inc();
        self.time.get_or_create(&[("call", call)]).observe(took.as_secs_f64());
    }
}
