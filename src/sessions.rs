//! Connect sessions: created for the host, opened by a start code or a host token, extended, and ended.

pub(crate) mod alloy_users;
mod create;
pub(crate) mod host_token;
mod idempotency;
mod offered;
mod outcome;
mod request;
mod signed_token;
mod watch_ticket;
mod window;

use std::sync::{Arc, atomic::AtomicI64};

use time::Duration;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    catalogue::Catalogue,
    config::Settings,
    domain::{
        clock::{SharedClock, SharedEntropy},
        error::Error,
        keys::{Keys, Purpose},
        session::{Arrival, ConnectSession, Display, EndedBy, Lifetime, SessionId, Standing, StartCode},
    },
    store::{CookieRow, Redeemed, Redemption, Store},
};

pub(crate) use create::{CreateError, CreatedSession};
pub(crate) use outcome::SessionWatchers;
pub(crate) use request::{InvalidField, RequestedUser, SessionRequest, language_tag};
pub(crate) use signed_token::TokenError;
pub(crate) use watch_ticket::WatchTicket;
pub(crate) use window::RequestedPage;

use host_token::{HostTokens, Unusable};

const VISIT_RESOLUTION: Duration = Duration::MINUTE;

/// The use cases of connect sessions.
pub(crate) struct Sessions {
    store: Store,
    catalogue: Arc<Catalogue>,
    keys: Keys,
    clock: SharedClock,
    entropy: SharedEntropy,
    host_tokens: HostTokens,
    lifetime: Lifetime,
    watchers: Arc<SessionWatchers>,
    /// The largest number of a page of a window so far.
    last_page: AtomicI64,
    shutdown: CancellationToken,
    pub(crate) start_code_lifetime: std::time::Duration,
    pub(crate) return_urls: Vec<Url>,
}

impl Sessions {
    pub(crate) fn new(
        settings: &Settings,
        store: Store,
        catalogue: Arc<Catalogue>,
        keys: Keys,
        (clock, entropy): (SharedClock, SharedEntropy),
        shutdown: CancellationToken,
    ) -> Result<Self, Unusable> {
        Ok(Self {
            store,
            catalogue,
            keys,
            host_tokens: HostTokens::new(settings, clock.clone())?,
            clock,
            entropy,
            lifetime: settings.session.lifetime(),
            watchers: Arc::default(),
            last_page: AtomicI64::new(0),
            shutdown,
            start_code_lifetime: settings.session.start_code,
            return_urls: settings.host.return_urls.clone(),
        })
    }

    pub(crate) async fn find(&self, id: SessionId) -> Result<Option<ConnectSession>, Error> {
        Ok(self.store.session(id).await?)
    }

    pub(crate) async fn find_by_code(&self, code: &StartCode) -> Result<Option<ConnectSession>, Error> {
        Ok(self.store.session_by_code(&code.digest()).await?)
    }

    pub(crate) fn standing(&self, session: &ConnectSession) -> Standing {
        session.standing(self.lifetime, self.clock.now())
    }

    pub(crate) fn is_live(&self, session: &ConnectSession) -> bool {
        self.standing(session) == Standing::Live
    }

    /// Redeems a start code. It replaces the browser's `previous` session, which ends if it is another user's.
    pub(crate) async fn redeem(
        &self,
        code: &StartCode,
        arrival: Arrival,
        display: Display,
        previous: Option<&ConnectSession>,
        cookie: CookieRow<'_>,
    ) -> Result<Redeemed, Error> {
        let previous_is_undecided = match previous {
            Some(previous) => !self.is_decided(previous.id).await?,
            None => false,
        };
        let code = &code.digest();
        let now = self.clock.now();
        let redemption = Redemption { code, arrival, display, now, cookie, previous, previous_is_undecided };
        let redeemed = self.store.redeem(&redemption).await?;
        if let Redeemed::Redeemed(session) = &redeemed {
            let changed = previous.map(|previous| previous.id).into_iter().chain([session.id]);
            changed.for_each(|id| self.watchers.notify(id));
        }
        Ok(redeemed)
    }

    pub(crate) async fn visit(&self, session: &mut ConnectSession) -> Result<(), Error> {
        let now = self.clock.now();
        if session.seen_at.is_none_or(|seen| seen + VISIT_RESOLUTION <= now) {
            self.extend(session).await?;
        }
        Ok(())
    }

    pub(crate) async fn extend(&self, session: &mut ConnectSession) -> Result<(), Error> {
        let now = self.clock.now();
        self.store.touch_session(session.id, now).await?;
        session.seen_at = Some(now);
        Ok(())
    }

    pub(crate) async fn end(&self, id: SessionId, by: EndedBy) -> Result<(), Error> {
        self.store.end_session(id, by, self.clock.now()).await?;
        self.watchers.notify(id);
        Ok(())
    }

    /// The codes of all keys: the session may be older than the first one.
    pub(crate) fn start_codes(&self, id: SessionId) -> impl Iterator<Item = StartCode> + use<> {
        let tags: Vec<_> = self.keys.tags(Purpose::StartCode, id.uuid().as_bytes()).collect();
        tags.into_iter().filter_map(|tag| StartCode::parse(&tag.to_text()).ok())
    }

    /// The code and the ticket of the same key. Returns `None` if the key that derived the code was removed.
    async fn stored_secrets(&self, id: SessionId) -> Result<Option<(StartCode, WatchTicket)>, Error> {
        for (code, watch) in self.start_codes(id).zip(self.watch_tickets(id)) {
            if self.find_by_code(&code).await?.is_some() {
                return Ok(Some((code, watch)));
            }
        }
        Ok(None)
    }
}
