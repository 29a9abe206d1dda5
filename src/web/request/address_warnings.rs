//! Warnings that name a wrong address. Behind a proxy that drops `Host` every start link has one, so each address is
//! logged once an hour.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use time::{Duration, OffsetDateTime};

const EVERY: Duration = Duration::HOUR;
/// Maximum number of addresses in that time: any client can invent them.
const MOST: usize = 20;

#[derive(Debug, Default)]
pub(crate) struct AddressWarnings(Mutex<Logged>);

#[derive(Debug, Default)]
struct Logged {
    since: Option<OffsetDateTime>,
    addresses: BTreeSet<(&'static str, String)>,
}

impl AddressWarnings {
    /// Returns whether to log the warning about this address now.
    pub(crate) fn is_due(&self, warning: &'static str, address: &str, now: OffsetDateTime) -> bool {
        let mut logged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.since.is_none_or(|since| now >= since + EVERY) {
            *logged = Logged { since: Some(now), addresses: BTreeSet::new() };
        }
        logged.addresses.len() < MOST && logged.addresses.insert((warning, address.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::from_millis;

    #[test]
    fn each_address_is_logged_once_an_hour_and_few_of_them() {
        let (warnings, now) = (AddressWarnings::default(), from_millis(1_780_000_000_000));
        let is_due = |address: &str, minutes| warnings.is_due("opened", address, now + Duration::minutes(minutes));
        assert!(is_due("http://10.0.0.7", 0) && is_due("http://10.0.0.8", 1));
        assert!(!is_due("http://10.0.0.7", 2) && !is_due("http://10.0.0.7", 59));
        assert!(warnings.is_due("pressed", "http://10.0.0.7", now), "another warning about it");
        assert!(is_due("http://10.0.0.7", 60));
        let invented = (0..500).filter(|port| is_due(&format!("http://10.0.0.7:{port}"), 61)).count();
        assert_eq!(invented, MOST - 1);
    }
}
