//! Authorization codes that the provider issued (RFC 6749 section 4.1.2).

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use time::{Duration, OffsetDateTime};

use super::clock::new_secret;

/// Client id of Alloy's own app at every provider.
pub(super) const ALLOY: &str = "alloy";
const LIFETIME: Duration = Duration::seconds(60);

/// Codes that were issued and not redeemed.
#[derive(Default)]
pub(super) struct AuthorizationCodes(Mutex<HashMap<String, (OffsetDateTime, Grant)>>);

pub(super) struct Grant {
    pub(super) connector: String,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) challenge: String,
    pub(super) account: String,
}

impl AuthorizationCodes {
    pub(super) fn issue(&self, grant: Grant, now: OffsetDateTime) -> String {
        let code = new_secret();
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|_, (until, _)| *until > now);
        codes.insert(code.clone(), (now + LIFETIME, grant));
        code
    }

    /// Takes the grant of a code that has not expired.
    pub(super) fn redeem(&self, code: &str, now: OffsetDateTime) -> Option<Grant> {
        let (until, grant) = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(code)?;
        (until > now).then_some(grant)
    }
}
