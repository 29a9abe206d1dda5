//! Metrics in OpenMetrics format. No global registry, because tests run several Gangways in one process. Label values
//! are closed sets: our names, route patterns, and apps of the catalogue.

mod labels;
mod state;
mod upstream;

use std::time::Duration;

use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Metric, Registry},
};
use strum::VariantArray as _;

use crate::domain::attempt::LinkAttempt;
use labels::{End, Label, Passage, Request, Route};

pub(crate) use labels::{Delivered, Step};
pub(crate) use state::State;
pub(crate) use upstream::UpstreamCalls;

/// Upper bounds of the histogram buckets, in seconds.
const SECONDS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
/// The type that Prometheus prefers.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

const USER_CONFLICT: &str = "user-conflict";

type Durations<L> = Family<L, Histogram, fn() -> Histogram>;

fn add<M: Metric + Clone + Default>(registry: &mut Registry, name: &str, help: &str) -> M {
    add_as(registry, name, help, M::default())
}

fn add_as<M: Metric + Clone>(registry: &mut Registry, name: &str, help: &str, metric: M) -> M {
    registry.register(name, help, metric.clone());
    metric
}

fn histogram() -> Histogram {
    Histogram::new(SECONDS)
}

fn durations<L: Clone + std::hash::Hash + Eq>() -> Durations<L> {
    Family::new_with_constructor(histogram)
}

/// The metrics of one Gangway. The gauges of [`State`] are read when they are rendered.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    request_time: Durations<Route>,
    problems: Family<Label, Counter>,
    journey: Family<Passage, Counter>,
    attempts: Family<End, Counter>,
    deliveries: Family<Label, Counter>,
    delivery_time: Histogram,
    purged: Family<Label, Counter>,
    held: Gauge,
    state: state::Gauges,
}

impl Metrics {
    pub(crate) fn new(upstream: &UpstreamCalls) -> Self {
        let mut registry = Registry::with_prefix("gangway");
        let to = &mut registry;
        let mut metrics = Self {
            requests: add(to, "requests", "Requests by the pattern of their address, method and class of status"),
            request_time: add_as(to, "request_duration_seconds", "How long requests took", durations()),
            problems: add(to, "problems", "Problems that were answered, by their name"),
            journey: add(to, "journey", "How far users come: arrived, began, returned, linked"),
            attempts: add(to, "attempts", "Attempts that ended, by app, end and reason"),
            deliveries: add(to, "deliveries", "Tries to deliver an event to the host, by what came of them"),
            delivery_time: add_as(to, "delivery_duration_seconds", "How long the host's receiver took", histogram()),
            purged: add(to, "purged", "What was taken away because it was old, by kind"),
            held: add(to, "long_polls", "Requests that are held until there is something to say"),
            state: state::Gauges::new(to),
            registry,
        };
        upstream.register(&mut metrics.registry);
        // A first increase is only visible after a zero.
        for outcome in Delivered::VARIANTS {
            drop(metrics.deliveries.get_or_create(&[("outcome", outcome.into())]));
        }
        drop(metrics.problems.get_or_create(&[("problem", USER_CONFLICT)]));
        metrics
    }

    pub(crate) fn request(&self, route: &str, method: &str, status: u16, took: Duration) {
        let route = Route { route: route.to_owned(), method: labels::method(method) };
        self.request_time.get_or_create(&route).observe(took.as_secs_f64());
        let request = Request { route: route.route, method: route.method, status: labels::class(status) };
        self.requests.get_or_create(&request).inc();
    }

    pub(crate) fn problem(&self, name: &'static str) {
        self.problems.get_or_create(&[("problem", name)]).inc();
    }

    /// `connector` is an id of the catalogue, `none` or `other`.
    pub(crate) fn step(&self, step: Step, connector: &str) {
        let passage = Passage { step: step.into(), connector: connector.to_owned() };
        self.journey.get_or_create(&passage).inc();
    }

    /// Counts the end of an attempt, also when it changes later.
    pub(crate) fn ended(&self, attempt: &LinkAttempt) {
        let end = End {
            connector: attempt.connector.to_string(),
            end: attempt.state().as_str(),
            reason: attempt.reason().map_or("none", |reason| reason.as_str()),
        };
        self.attempts.get_or_create(&end).inc();
    }

    pub(crate) fn delivery(&self, outcome: Delivered, took: Duration) {
        self.delivery_time.observe(took.as_secs_f64());
        self.deliveries.get_or_create(&[("outcome", outcome.into())]).inc();
    }

    pub(crate) fn purged(&self, kind: &'static str, count: u64) {
        self.purged.get_or_create(&[("kind", kind)]).inc_by(count);
    }

    pub(crate) fn hold(&self) -> Held {
        self.held.inc();
        Held(self.held.clone())
    }

    pub(crate) fn render(&self, state: &State) -> String {
        self.state.set(state);
        let mut text = String::new();
        // Writing into a `String` cannot fail.
        encode(&mut text, &self.registry).ok();
        text
    }
}

#[derive(Debug)]
#[must_use]
pub(crate) struct Held(Gauge);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests;
