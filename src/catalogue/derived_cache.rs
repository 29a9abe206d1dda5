//! What follows from an answer of the vendor and the settings over it: made once, until one of the two is another.

use std::{
    collections::HashMap,
    fmt,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use crate::config::Connectors;

/// So many are kept; nobody has so many apps.
const MOST: usize = 1024;

/// What was made, by key.
pub(super) struct Made<K, A, V>(Mutex<HashMap<K, One<A, V>>>);

struct One<A, V> {
    answer: Arc<A>,
    settings: Arc<Connectors>,
    value: V,
}

impl<K: Hash + Eq, A, V: Clone> Made<K, A, V> {
    /// What `make` gives for that answer and these settings.
    pub(super) fn of(
        &self,
        key: K,
        answer: &Arc<A>,
        settings: &Arc<Connectors>,
        make: impl FnOnce(&A, &Connectors) -> V,
    ) -> V {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |one: &&One<A, V>| Arc::ptr_eq(&one.answer, answer) && Arc::ptr_eq(&one.settings, settings);
        if let Some(one) = all.get(&key).filter(same) {
            return one.value.clone();
        }
        let value = make(answer, settings);
        if all.len() >= MOST {
            all.clear();
        }
        let one = One { answer: Arc::clone(answer), settings: Arc::clone(settings), value: value.clone() };
        all.insert(key, one);
        value
    }
}

impl<K, A, V> Default for Made<K, A, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K, A, V> fmt::Debug for Made<K, A, V> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Made")
    }
}
