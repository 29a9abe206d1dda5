//! The calls that the API has seen, for tests that ask what the upstream was told.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use serde_json::Value;

use super::route::Route;

/// How many calls are remembered in full; their numbers are counted for ever.
const REMEMBERED: usize = 1000;

/// One call of the API, whatever became of it.
#[derive(Clone)]
pub struct Call {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query as they came, percent-encoded.
    pub path: String,
    /// Names in lower case, with their values; the API key is among them.
    pub headers: Vec<(String, String)>,
    /// What was sent.
    pub body: Bytes,
    /// Which call it was; `None` for a path that the API does not know.
    pub route: Option<Route>,
    /// The status that was answered.
    pub status: u16,
}

impl Call {
    /// The first header of that lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; `Null` if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {} → {}", self.method, self.path, self.status)
    }
}

/// What has been seen so far.
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
    /// Remembers a call.
    pub(super) fn note(&self, call: Call) {
        let mut seen = self.lock();
        *seen.counts.entry(call.route).or_default() += 1;
        if seen.calls.len() == REMEMBERED {
            seen.calls.pop_front();
        }
        seen.calls.push_back(call);
    }

    /// The calls, oldest first.
    pub(super) fn calls(&self) -> Vec<Call> {
        self.lock().calls.iter().cloned().collect()
    }

    /// How many calls of that route there were.
    pub(super) fn count(&self, route: Route) -> usize {
        self.lock().counts.get(&Some(route)).copied().unwrap_or_default()
    }

    /// Forgets all.
    pub(super) fn clear(&self) {
        *self.lock() = Seen::default();
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
