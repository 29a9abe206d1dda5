//! What is counted for whoever watches Gangway run, in the form that Prometheus reads (OpenMetrics). No global registry:
//! several Gangways may live in one process, as they do in tests, and each counts for itself. Every label comes from a
//! closed set: names of ours, patterns of addresses, and apps of the catalogue.

mod labels;
mod state;
mod upstream;

use std::time::Duration;

use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use crate::domain::attempt::LinkAttempt;
use labels::{Delivery, End, Passage, Purged, Raised, Request, Route};

pub(crate) use labels::{Delivered, Step};
pub(crate) use state::State;
pub(crate) use upstream::UpstreamCalls;

/// Upper ends in seconds: from what is in memory to a page that waited for all that it may.
const SECONDS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
/// How the answer's type is told: that is what Prometheus asks for first.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The problem that is an alarm from its first occurrence.
const USER_CONFLICT: &str = "user-conflict";

type Durations<L> = Family<L, Histogram, fn() -> Histogram>;

fn histogram() -> Histogram {
    Histogram::new(SECONDS)
}

fn durations<L: Clone + std::hash::Hash + Eq>() -> Durations<L> {
    Family::new_with_constructor(histogram)
}

/// The counters of one Gangway. What is only read when somebody asks is in [`State`].
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    request_time: Durations<Route>,
    problems: Family<Raised, Counter>,
    journey: Family<Passage, Counter>,
    attempts: Family<End, Counter>,
    deliveries: Family<Delivery, Counter>,
    delivery_time: Histogram,
    purged: Family<Purged, Counter>,
    held: Gauge,
    state: state::Gauges,
}

impl Metrics {
    /// All of them, at nothing; with what the vendor's client counts.
    pub fn new(upstream: &UpstreamCalls) -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("gangway"),
            requests: Family::default(),
            request_time: durations(),
            problems: Family::default(),
            journey: Family::default(),
            attempts: Family::default(),
            deliveries: Family::default(),
            delivery_time: histogram(),
            purged: Family::default(),
            held: Gauge::default(),
            state: state::Gauges::default(),
        };
        metrics.register(upstream);
        // What happens for the first time is seen only where there was a nothing before.
        for outcome in Delivered::ALL {
            drop(metrics.deliveries.get_or_create(&Delivery { outcome: outcome.as_str() }));
        }
        drop(metrics.problems.get_or_create(&Raised { problem: USER_CONFLICT }));
        metrics
    }

    fn register(&mut self, upstream: &UpstreamCalls) {
        let Self { registry, requests, request_time, problems, journey, attempts, .. } = self;
        registry.register(
            "requests",
            "Requests by the pattern of their address, method and class of status",
            requests.clone(),
        );
        registry.register("request_duration_seconds", "How long requests took", request_time.clone());
        registry.register("problems", "Problems that were answered, by their name", problems.clone());
        registry.register("journey", "How far users come: arrived, began, returned, linked", journey.clone());
        registry.register("attempts", "Attempts that ended, by app, end and reason", attempts.clone());
        let Self { registry, deliveries, delivery_time, purged, held, state, .. } = self;
        registry.register(
            "deliveries",
            "Tries to deliver an event to the host, by what came of them",
            deliveries.clone(),
        );
        registry.register("delivery_duration_seconds", "How long the host's receiver took", delivery_time.clone());
        registry.register("purged", "What was taken away because it was old, by kind", purged.clone());
        registry.register("long_polls", "Requests that are held until there is something to say", held.clone());
        state.register(registry);
        upstream.register(registry);
    }

    /// A request was answered. `route` is the pattern of its address.
    pub fn request(&self, route: &str, method: &str, status: u16, took: Duration) {
        let (route, method) = (Route::new(route, method), labels::method(method));
        self.request_time.get_or_create(&route).observe(took.as_secs_f64());
        let request = Request { route: route.route, method, status: labels::class(status) };
        self.requests.get_or_create(&request).inc();
    }

    /// A problem was answered, by the name that the host's API has for it.
    pub fn problem(&self, name: &'static str) {
        self.problems.get_or_create(&Raised { problem: name }).inc();
    }

    /// A user came so far with that app: an id of the catalogue, or what [`crate::gangway::Gangway::app_label`] says.
    pub fn step(&self, step: Step, connector: &str) {
        let passage = Passage { step: step.as_str(), connector: connector.to_owned() };
        self.journey.get_or_create(&passage).inc();
    }

    /// An attempt ended, or its end turned out to be another one.
    pub fn ended(&self, attempt: &LinkAttempt) {
        let end = End {
            connector: attempt.connector.to_string(),
            end: attempt.state.as_str(),
            reason: attempt.reason.map_or("none", |reason| reason.as_str()),
        };
        self.attempts.get_or_create(&end).inc();
    }

    /// An event was sent to the host's receiver, or tried to be.
    pub fn delivery(&self, outcome: Delivered, took: Duration) {
        self.delivery_time.observe(took.as_secs_f64());
        self.deliveries.get_or_create(&Delivery { outcome: outcome.as_str() }).inc();
    }

    /// So many of that kind were taken away.
    pub fn purged(&self, kind: &'static str, count: u64) {
        self.purged.get_or_create(&Purged { kind }).inc_by(count);
    }

    /// Counts a request as held, until this is dropped.
    pub fn hold(&self) -> Held {
        self.held.inc();
        Held(self.held.clone())
    }

    /// All of it as text, with how things are at this moment.
    pub fn render(&self, state: &State) -> String {
        self.state.set(state);
        let mut text = String::new();
        // Writing into a text cannot fail.
        encode(&mut text, &self.registry).ok();
        text
    }
}

/// A request that is held.
#[derive(Debug)]
#[must_use]
pub struct Held(Gauge);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests;
