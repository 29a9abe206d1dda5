//! The session cookie: actix-session over our own store, so that a lifetime is real and a session can be ended from
//! the server. The cookie holds a random key only; the store knows its digest.

use std::{collections::HashMap, sync::Arc};

use actix_session::{
    SessionMiddleware,
    config::{BrowserSession, CookieContentSecurity},
    storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError},
};
use actix_web::{
    Error,
    body::MessageBody,
    cookie::{Cookie, CookieJar, Key, SameSite, time::Duration},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::header::{self, HeaderValue},
    middleware::Next,
    web,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    clock::{SharedClock, SharedEntropy, random_32},
    gangway::Gangway,
    keys::{Digest, Keys, Purpose},
    problem::Problem,
    store::{BrowserState, Store},
};

/// The cookie's name. The prefix makes browsers refuse it without `Secure`, with a domain, or for a part of the site
/// (RFC 6265bis section 4.1.3).
pub const COOKIE: &str = "__Host-gangway";

/// Keeps what a cookie leads to.
#[derive(Clone)]
pub struct BrowserSessions {
    store: Arc<dyn Store>,
    clock: SharedClock,
    entropy: SharedEntropy,
}

/// The session middleware. A cookie's state outlives the session's own time by the deadline of its last attempt: the
/// browser that comes back from the provider is still known then.
pub fn browser_session(gangway: &Gangway) -> SessionMiddleware<BrowserSessions> {
    let sessions = BrowserSessions {
        store: gangway.store.clone(),
        clock: gangway.clock.clone(),
        entropy: gangway.entropy.clone(),
    };
    let kept = gangway.settings.session.absolute + gangway.settings.link.deadline;
    let lifecycle = BrowserSession::default().state_ttl(Duration::try_from(kept).unwrap_or(Duration::MAX));
    SessionMiddleware::builder(sessions, cookie_keys(&gangway.keys).next().unwrap_or_else(Key::generate))
        .cookie_name(COOKIE.to_owned())
        .cookie_secure(true)
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

/// Leaves of the cookies the one that a key of ours signed, if there is one, under the newest key. The session middleware
/// itself knows one key only, and reads no header in which any cookie has a byte that is no UTF-8: a page anywhere in
/// the host's domain could lock its users out of here with one.
///
/// # Errors
/// Passes on what the inner service fails with.
pub async fn rotated_keys(
    gangway: web::Data<Gangway>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    // Read from the header itself: what `request.cookies()` has parsed once it keeps.
    let signed = request
        .headers()
        .get_all(header::COOKIE)
        .flat_map(|header| header.as_bytes().split(|&byte| byte == b';'))
        .filter_map(|pair| Cookie::parse_encoded(std::str::from_utf8(pair).ok()?.trim()).ok())
        .filter(|cookie| cookie.name() == COOKIE)
        .find_map(|cookie| resigned(&cookie, &gangway.keys));
    if let Some(value) = signed {
        request.headers_mut().insert(header::COOKIE, value);
    }
    next.call(request).await
}

/// Brings the failures of the store back: the session middleware wraps them in errors of its own, that all look like a
/// mistake of ours.
///
/// # Errors
/// `Problem::Store` for those, and what the inner service fails with.
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
        tracing::error!(%error, "the store failed a browser's session");
        Problem::Store.into()
    })
}

/// The cookie header under the newest key, if one of ours signed it.
fn resigned(cookie: &Cookie<'_>, keys: &Keys) -> Option<HeaderValue> {
    let mut received = CookieJar::new();
    received.add_original(cookie.clone().into_owned());
    let plain = cookie_keys(keys).find_map(|key| received.signed(&key).get(COOKIE))?;
    let mut jar = CookieJar::new();
    jar.signed_mut(&cookie_keys(keys).next()?).add(plain);
    HeaderValue::from_str(&jar.get(COOKIE)?.stripped().encoded().to_string()).ok()
}

impl BrowserSessions {
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
        let key = URL_SAFE_NO_PAD.encode(random_32(&*self.entropy));
        self.put(&key, &state, ttl).await.map_err(SaveError::Other)?;
        SessionKey::try_from(key).map_err(|error| SaveError::Other(error.into()))
    }

    async fn update(
        &self,
        key: SessionKey,
        state: HashMap<String, String>,
        ttl: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        self.put(key.as_ref(), &state, ttl).await.map_err(UpdateError::Other)?;
        Ok(key)
    }

    async fn update_ttl(&self, _: &SessionKey, _: &Duration) -> Result<(), anyhow::Error> {
        // Only a changed state is written: the time without requests is counted on the session itself.
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        Ok(self.store.delete_browser(&Digest::of(key.as_ref().as_bytes())).await?)
    }
}
