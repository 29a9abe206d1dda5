//! The session cookie: actix-session over our own store, so that sessions expire and can be ended on the server. The
//! cookie holds a random key, of which the store has only the digest.

use std::collections::HashMap;

use ::time::OffsetDateTime;
use actix_session::{
    Session, SessionInsertError, SessionMiddleware,
    config::{BrowserSession, CookieContentSecurity},
    storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError},
};
use actix_web::{
    Error,
    body::MessageBody,
    cookie::{Cookie, CookieJar, Key, SameSite, time::Duration},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::header::HeaderValue,
    middleware::Next,
    web,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use percent_encoding::percent_decode;

use super::own_cookies::{lines, replace};
use crate::{
    domain::{
        clock::{SharedClock, SharedEntropy, random_32},
        error,
        keys::{Digest, Keys, Purpose},
        session::SessionId,
    },
    store::{BrowserState, Store},
    web::{
        cookies::{self, OwnCookies},
        problem::Problem,
        request::visitor::SESSION,
    },
};

/// Entry of the state for the key of a cookie that a handler stored itself. Never persisted.
const STORED_KEY: &str = "stored key";

/// The store behind session cookies.
#[derive(Clone)]
pub struct BrowserSessions {
    store: Store,
    clock: SharedClock,
    entropy: SharedEntropy,
    /// A session's lifetime plus the deadline of its last attempt, so that a returning browser is still recognised.
    lifetime: Duration,
}

pub(crate) struct NewCookie {
    key: String,
    digest: Digest,
    state: HashMap<String, String>,
    expires_at: OffsetDateTime,
}

impl NewCookie {
    pub(crate) fn digest(&self) -> &Digest {
        &self.digest
    }

    pub(crate) fn state(&self, session: SessionId) -> BrowserState {
        let mut state = self.state.clone();
        state.insert(SESSION.to_owned(), serde_json::json!(session).to_string());
        BrowserState { state: serde_json::json!(state).to_string(), expires_at: self.expires_at }
    }

    pub(crate) fn send(self, browser: &Session, session: SessionId) -> Result<(), SessionInsertError> {
        browser.insert(SESSION, session)?;
        browser.insert(STORED_KEY, self.key)
    }
}

pub(crate) fn browser_session(
    sessions: &BrowserSessions,
    keys: &Keys,
    own: OwnCookies,
) -> SessionMiddleware<BrowserSessions> {
    let lifecycle = BrowserSession::default().state_ttl(sessions.lifetime);
    SessionMiddleware::builder(sessions.clone(), cookie_keys(keys).next().unwrap_or_else(Key::generate))
        .cookie_name(own.session.to_owned())
        .cookie_secure(own.secure)
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_path("/".to_owned())
        .cookie_content_security(CookieContentSecurity::Signed)
        .session_lifecycle(lifecycle)
        .build()
}

fn cookie_keys(keys: &Keys) -> impl Iterator<Item = Key> + '_ {
    keys.tags(Purpose::Cookie, b"signature").map(|tag| Key::derive_from(tag.as_bytes()))
}

/// Middleware that re-signs the session cookie with the newest key: the session middleware knows one key only.
pub async fn rotated_keys(
    own: web::Data<OwnCookies>,
    keys: web::Data<Keys>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let name = own.session;
    let value = cookies::only_value(lines(request.headers()), name);
    let signed = value.and_then(|value| resigned(name, value, &keys));
    replace(request.headers_mut(), signed);
    next.call(request).await
}

/// Middleware that turns failures of the store into `Problem::Failed`, which the session middleware wraps.
pub async fn store_failures<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    next.call(request).await.map_err(|error| {
        let of_the_store = error.as_error::<InternalError<anyhow::Error>>().is_some()
            || error.as_error::<InternalError<SaveError>>().is_some()
            || error.as_error::<InternalError<UpdateError>>().is_some();
        if !of_the_store {
            return error;
        }
        Problem::from(error::Error::StoreBusy(format!("a browser's session: {error}"))).into()
    })
}

fn stored_key(state: &HashMap<String, String>) -> Option<String> {
    serde_json::from_str(state.get(STORED_KEY)?).ok()
}

fn resigned(name: &'static str, value: &[u8], keys: &Keys) -> Option<HeaderValue> {
    let value = percent_decode(value).decode_utf8().ok()?;
    let mut received = CookieJar::new();
    received.add_original(Cookie::new(name, value.into_owned()));
    let plain = cookie_keys(keys).find_map(|key| received.signed(&key).get(name))?;
    let mut jar = CookieJar::new();
    jar.signed_mut(&cookie_keys(keys).next()?).add(plain);
    HeaderValue::from_str(&jar.get(name)?.stripped().encoded().to_string()).ok()
}

impl BrowserSessions {
    pub(crate) fn new(store: Store, clock: SharedClock, entropy: SharedEntropy, lifetime: std::time::Duration) -> Self {
        Self { store, clock, entropy, lifetime: Duration::try_from(lifetime).unwrap_or(Duration::MAX) }
    }

    pub(crate) fn new_cookie(&self, browser: &Session) -> NewCookie {
        let key = self.new_key();
        let digest = Digest::of(key.as_bytes());
        NewCookie { key, digest, state: browser.entries().clone(), expires_at: self.clock.now() + self.lifetime }
    }

    fn new_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(random_32(&*self.entropy))
    }

    async fn put(&self, key: &str, state: &HashMap<String, String>, ttl: &Duration) -> Result<(), anyhow::Error> {
        let now = self.clock.now();
        let state = BrowserState { state: serde_json::to_string(state)?, expires_at: now + *ttl };
        Ok(self.store.put_browser(&Digest::of(key.as_bytes()), &state).await?)
    }
}

impl SessionStore for BrowserSessions {
    async fn load(&self, key: &SessionKey) -> Result<Option<HashMap<String, String>>, LoadError> {
        let digest = Digest::of(key.as_ref().as_bytes());
        let found =
            self.store.browser(&digest, self.clock.now()).await.map_err(|error| LoadError::Other(error.into()))?;
        found
            .map(|found| serde_json::from_str(&found.state))
            .transpose()
            .map_err(|error| LoadError::Deserialization(error.into()))
    }

    async fn save(&self, state: HashMap<String, String>, ttl: &Duration) -> Result<SessionKey, SaveError> {
        let key = match stored_key(&state) {
            Some(key) => key,
            None => {
                let key = self.new_key();
                self.put(&key, &state, ttl).await.map_err(SaveError::Other)?;
                key
            }
        };
        SessionKey::try_from(key).map_err(|error| SaveError::Other(error.into()))
    }

    async fn update(
        &self,
        key: SessionKey,
        state: HashMap<String, String>,
        ttl: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        if let Some(new) = stored_key(&state) {
            // The new cookie is already valid, so this failure must not fail the request.
            if let Err(error) = self.delete(&key).await {
                tracing::warn!(%error, "the state of a replaced cookie stays until it expires");
            }
            return SessionKey::try_from(new).map_err(|error| UpdateError::Other(error.into()));
        }
        self.put(key.as_ref(), &state, ttl).await.map_err(UpdateError::Other)?;
        Ok(key)
    }

    async fn update_ttl(&self, _: &SessionKey, _: &Duration) -> Result<(), anyhow::Error> {
        // Only a changed state is written. Idle time is tracked on the session itself.
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        Ok(self.store.delete_browser(&Digest::of(key.as_ref().as_bytes())).await?)
    }
}
