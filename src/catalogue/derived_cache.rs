//! Values derived from a response of Alloy and the connector settings, cached until one of the two changes.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use crate::config::Connectors;

/// Maximum number of entries; accounts have a few hundred apps.
const MAX_ENTRIES: usize = 1024;

pub(super) struct DerivedCache<K, R, V>(Mutex<HashMap<K, Entry<R, V>>>);

struct Entry<R, V> {
    response: Arc<R>,
    settings: Arc<Connectors>,
    value: V,
}

impl<K: Hash + Eq, R, V: Clone> DerivedCache<K, R, V> {
    pub(super) fn get_or_derive(
        &self,
        key: K,
        response: &Arc<R>,
        settings: &Arc<Connectors>,
        derive: impl FnOnce(&R, &Connectors) -> V,
    ) -> V {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_current =
            |entry: &&Entry<R, V>| Arc::ptr_eq(&entry.response, response) && Arc::ptr_eq(&entry.settings, settings);
        if let Some(entry) = entries.get(&key).filter(is_current) {
            return entry.value.clone();
        }
        let value = derive(response, settings);
        if entries.len() >= MAX_ENTRIES {
            entries.clear();
        }
        let (response, settings) = (Arc::clone(response), Arc::clone(settings));
        entries.insert(key, Entry { response, settings, value: value.clone() });
        value
    }
}

impl<K, R, V> Default for DerivedCache<K, R, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}
