//! Limits the long polls of a user.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::domain::session::ExternalId;

/// Long polls per user, across all of the user's sessions. Each process counts separately.
pub struct HeldRequests {
    most: u32,
    held: Mutex<HashMap<ExternalId, u32>>,
}

/// A permit for one long poll, released on drop.
pub struct Permit<'a> {
    requests: &'a HeldRequests,
    user: ExternalId,
}

impl HeldRequests {
    /// Creates the counter with the maximum per user.
    pub fn new(most: u32) -> Self {
        Self { most, held: Mutex::default() }
    }

    /// Returns a permit, or `None` if the user already has the maximum.
    pub fn permit(&self, user: &ExternalId) -> Option<Permit<'_>> {
        let mut held = self.held();
        let count = held.get(user).copied().unwrap_or_default();
        if count >= self.most {
            return None;
        }
        held.insert(user.clone(), count + 1);
        Some(Permit { requests: self, user: user.clone() })
    }

    fn held(&self) -> MutexGuard<'_, HashMap<ExternalId, u32>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut held = self.requests.held();
        match held.get_mut(&self.user) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                held.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
