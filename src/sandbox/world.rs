//! State of the sandbox, in memory.

use std::{
    io,
    sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use bytes::Bytes;
use url::form_urlencoded;

use super::{
    Options,
    authorization_code::AuthorizationCodes,
    catalogue::Catalogue,
    clock::{Clock, random_32},
    fault::Fault,
    journal::Journal,
    ledger::{Ledger, NewCredential, OWNER},
    link_token::{Claims, LIFETIME, LinkKey},
    messages::Messages,
    round_trip::RoundTrips,
    route::Route,
    switchboard::Switchboard,
};

pub(super) struct World {
    pub(super) base_url: String,
    pub(super) api_key: String,
    pub(super) clock: Clock,
    pub(super) faults: Switchboard,
    pub(super) journal: Journal,
    pub(super) messages: Messages,
    pub(super) catalogue: Catalogue,
    /// Response of `GET /connectors`.
    pub(super) listing: Bytes,
    pub(super) link_key: LinkKey,
    pub(super) round_trips: RoundTrips,
    pub(super) codes: AuthorizationCodes,
    ledger: RwLock<Ledger>,
    account: Mutex<Option<String>>,
    redirects: Mutex<Vec<String>>,
}

impl World {
    /// Only the owner of the API key exists, with a Slack account of its own.
    pub(super) fn new(base_url: String, options: Options, token_endpoint: &str) -> io::Result<Self> {
        let catalogue = Catalogue::load()?;
        let listing = catalogue.listing(&base_url).to_string().into();
        let faults = Switchboard::default();
        for switch in options.faults {
            faults.on(switch);
        }
        let mut ledger = Ledger::default();
        ledger.add_user(OWNER.to_owned(), "owner", Some("Olive Owner".to_owned()));
        let clock = Clock::default();
        let account = NewCredential {
            user_id: OWNER,
            connector: "slack",
            authentication: "oauth2",
            name: "Olive's Slack".to_owned(),
            works: true,
        };
        ledger.add_credential(&account, clock.now());
        Ok(Self {
            base_url,
            api_key: options.api_key,
            clock,
            messages: Messages::default(),
            faults,
            journal: Journal::default(),
            catalogue,
            listing,
            link_key: LinkKey::new(&random_32()).ok_or_else(|| io::Error::other("no key for links"))?,
            round_trips: RoundTrips::new(token_endpoint)?,
            codes: AuthorizationCodes::default(),
            ledger: RwLock::new(ledger),
            account: Mutex::default(),
            redirects: Mutex::new(vec!["http://localhost:3000".to_owned()]),
        })
    }

    pub(super) fn ledger(&self) -> RwLockReadGuard<'_, Ledger> {
        self.ledger.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn ledger_mut(&self) -> RwLockWriteGuard<'_, Ledger> {
        self.ledger.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The account that every action names, in place of the sample's.
    pub(super) fn account(&self) -> MutexGuard<'_, Option<String>> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The redirect URIs that are allowed while [`Fault::RedirectAllowList`] is on; `*` at the end matches any suffix.
    pub(super) fn redirects(&self) -> MutexGuard<'_, Vec<String>> {
        self.redirects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn allows_redirect(&self, uri: &str, route: Option<Route>) -> bool {
        self.faults.strikes(Fault::RedirectAllowList, route).is_none()
            || self.redirects().iter().any(|allowed| match allowed.strip_suffix('*') {
                Some(beginning) => uri.starts_with(beginning),
                None => uri == allowed,
            })
    }

    /// The authorization URL, in the documented form.
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
