//! All that the sandbox holds, in memory.

use std::{
    io,
    sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use bytes::Bytes;
use url::form_urlencoded;

use super::{
    Options,
    catalogue::Catalogue,
    clock::{Clock, random_32},
    fault::Fault,
    journal::Journal,
    ledger::{Ledger, OWNER},
    link_token::{Claims, LIFETIME, LinkKey},
    provider::Provider,
    round_trip::RoundTrips,
    route::Route,
    switchboard::Switchboard,
};

/// The state behind every page and call.
pub(super) struct World {
    pub(super) base_url: String,
    pub(super) api_key: String,
    pub(super) clock: Clock,
    pub(super) faults: Switchboard,
    pub(super) journal: Journal,
    pub(super) catalogue: Catalogue,
    /// The answer of `GET /connectors`, which never changes.
    pub(super) listing: Bytes,
    pub(super) link_key: LinkKey,
    pub(super) round_trips: RoundTrips,
    pub(super) provider: Provider,
    ledger: RwLock<Ledger>,
    redirects: Mutex<Vec<String>>,
}

impl World {
    /// A world in which only the key's owner exists.
    pub(super) fn new(base_url: String, options: Options, token_endpoint: &str) -> io::Result<Self> {
        let catalogue = Catalogue::load()?;
        let listing = catalogue.listing(&base_url).to_string().into();
        let faults = Switchboard::default();
        for switch in options.faults {
            faults.on(switch);
        }
        let mut ledger = Ledger::default();
        ledger.add_user(OWNER.to_owned(), "owner", Some("Olive Owner".to_owned()));
        Ok(Self {
            base_url,
            api_key: options.api_key,
            clock: Clock::default(),
            faults,
            journal: Journal::default(),
            catalogue,
            listing,
            link_key: LinkKey::new(&random_32()).ok_or_else(|| io::Error::other("no key for links"))?,
            round_trips: RoundTrips::new(token_endpoint)?,
            provider: Provider::default(),
            ledger: RwLock::new(ledger),
            redirects: Mutex::new(vec!["http://localhost:3000".to_owned()]),
        })
    }

    /// The users and credentials, to read.
    pub(super) fn ledger(&self) -> RwLockReadGuard<'_, Ledger> {
        self.ledger.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The users and credentials, to change.
    pub(super) fn ledger_mut(&self) -> RwLockWriteGuard<'_, Ledger> {
        self.ledger.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The redirect URIs that are allowed while [`Fault::RedirectAllowList`] is on; `*` at an end stands for anything.
    pub(super) fn redirects(&self) -> MutexGuard<'_, Vec<String>> {
        self.redirects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a browser may be sent there.
    pub(super) fn allows_redirect(&self, uri: &str, route: Option<Route>) -> bool {
        self.faults.strikes(Fault::RedirectAllowList, route).is_none()
            || self.redirects().iter().any(|allowed| match allowed.strip_suffix('*') {
                Some(beginning) => uri.starts_with(beginning),
                None => uri == allowed,
            })
    }

    /// The address of a link, in the documented form.
    pub(super) fn authorization_url(&self, claims: &Claims) -> String {
        let expired = self.faults.strikes(Fault::ExpiredLink, Some(Route::CreateCredential)).is_some();
        let age = if expired { LIFETIME } else { 0 };
        let signed = Claims { iat: claims.iat - age, exp: claims.exp - age, ..claims.clone() };
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("userId", &claims.user_id);
        if let Some(redirect_uri) = &claims.redirect_uri {
            query.append_pair("redirectUri", redirect_uri);
        }
        query.append_pair("token", &self.link_key.sign(&signed));
        format!("{}/api/strategy/connector/{}/authorize?{}", self.base_url, claims.connector_id, query.finish())
    }
}
