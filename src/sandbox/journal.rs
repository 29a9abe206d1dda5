//! Record of API calls, for tests.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use serde_json::Value;

use super::route::Route;

/// Maximum number of calls recorded in full.
const REMEMBERED: usize = 1000;

/// An API call, successful or not.
#[derive(Clone)]
pub struct Call {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query, percent-encoded.
    pub path: String,
    /// Lower-case names and values, the API key included.
    pub headers: Vec<(String, String)>,
    /// The request's body.
    pub body: Bytes,
    /// `None` for an unknown path.
    pub route: Option<Route>,
    /// The response's status.
    pub status: u16,
}

impl Call {
    /// The first header of that lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON, else `Null`.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {} → {}", self.method, self.path, self.status)
    }
}

#[derive(Default)]
pub(super) struct Journal {
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    calls: VecDeque<Call>,
    counts: HashMap<Option<Route>, usize>,
}

impl Journal {
    pub(super) fn note(&self, call: Call) {
        let mut seen = self.lock();
        *seen.counts.entry(call.route).or_default() += 1;
        if seen.calls.len() == REMEMBERED {
            seen.calls.pop_front();
        }
        seen.calls.push_back(call);
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.lock().calls.iter().cloned().collect()
    }

    pub(super) fn count(&self, route: Route) -> usize {
        self.lock().counts.get(&Some(route)).copied().unwrap_or_default()
    }

    pub(super) fn clear(&self) {
        *self.lock() = Seen::default();
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
