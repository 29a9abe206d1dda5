//! Metrics of the calls to Alloy, including retries.

use std::time::Duration;

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};

use super::{Durations, durations};

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Call {
    call: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Named {
    call: &'static str,
}

/// Clones share the counters.
#[derive(Debug, Clone)]
pub(crate) struct UpstreamCalls {
    calls: Family<Call, Counter>,
    time: Durations<Named>,
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
        self.calls.get_or_create(&Call { call, outcome }).inc();
        self.time.get_or_create(&Named { call }).observe(took.as_secs_f64());
    }
}
