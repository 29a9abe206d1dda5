//! Limits the long polls of a user, or of one session.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Long polls per user, across all of the user's sessions, or per session. Each process counts separately.
pub struct HeldRequests<K: Clone + Eq + Hash> {
    most: u32,
    held: Mutex<HashMap<K, u32>>,
}

/// A permit for one long poll, released on drop.
pub struct Permit<'a, K: Clone + Eq + Hash> {
    requests: &'a HeldRequests<K>,
    key: K,
}

impl<K: Clone + Eq + Hash> HeldRequests<K> {
    /// Creates the counter with the maximum per key.
    pub fn new(most: u32) -> Self {
        Self { most, held: Mutex::default() }
    }

    /// Returns a permit, or `None` if the key already has the maximum.
    pub fn permit(&self, key: &K) -> Option<Permit<'_, K>> {
        let mut held = self.held();
        let count = held.get(key).copied().unwrap_or_default();
        if count >= self.most {
            return None;
        }
        held.insert(key.clone(), count + 1);
        Some(Permit { requests: self, key: key.clone() })
    }

    fn held(&self) -> MutexGuard<'_, HashMap<K, u32>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Clone + Eq + Hash> Drop for Permit<'_, K> {
    fn drop(&mut self) {
        let mut held = self.requests.held();
        match held.get_mut(&self.key) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                held.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::session::ExternalId;

    #[test]
    fn dropped_permit_is_returned() {
        let [jane, sam] = ["jane", "sam"].map(|name| ExternalId::parse(name).unwrap());
        let requests = HeldRequests::new(2);
        let first = requests.permit(&jane);
        let second = requests.permit(&jane);
        assert!(first.is_some() && second.is_some() && requests.permit(&jane).is_none());
        assert!(requests.permit(&sam).is_some(), "another user");
        drop(first);
        let third = requests.permit(&jane);
        assert!(third.is_some() && requests.permit(&jane).is_none());
        drop((second, third));
        assert!(requests.held().is_empty());
    }
}
