//! How many requests are taken: from one session, from one address, with one key of the host's, in all. Counted in
//! memory, by this process.

use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use actix_web::{
    Error, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web,
};
use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, NotUntil, Quota,
    clock::{Clock as _, QuantaInstant},
    middleware::{StateInformationMiddleware, StateSnapshot},
};
use ipnet::IpNet;

use crate::{
    gangway::Gangway,
    middleware::rate_headers::Left,
    problem::Problem,
    session::{ExternalId, SessionId},
    settings::{Rate, Settings},
};

/// After so many requests the keys that are quiet again are forgotten: no more than these are kept beside the busy ones.
const SWEEP_EVERY: usize = 50_000;

/// Says what is left, and not only whether anything is.
type Telling = StateInformationMiddleware;

/// The counters.
pub struct RateLimits {
    overall: DefaultDirectRateLimiter<Telling>,
    addresses: Each<IpAddr>,
    sessions: Each<SessionId>,
    keys: Each<[u8; 32]>,
    attempts: Each<ExternalId>,
    proxies: Vec<IpNet>,
}

/// What is left, whether the request was let through or not.
type Counted = Result<Left, Left>;

/// One counter for each key.
struct Each<K: Hash + Eq + Clone> {
    counters: DefaultKeyedRateLimiter<K, Telling>,
    counted: AtomicUsize,
}

impl<K: Hash + Eq + Clone> Each<K> {
    fn new(rate: Rate) -> Self {
        let counters = DefaultKeyedRateLimiter::keyed(quota(rate)).with_middleware();
        Self { counters, counted: AtomicUsize::new(1) }
    }

    fn count(&self, key: &K) -> Counted {
        if self.counted.fetch_add(1, Ordering::Relaxed).is_multiple_of(SWEEP_EVERY) {
            self.counters.retain_recent();
            self.counters.shrink_to_fit();
        }
        let now = self.counters.clock().now();
        self.counters.check_key(key).map(|state| left(&state)).map_err(|full| none_left(&full, now))
    }
}

impl RateLimits {
    /// Counters for these settings; a proxy that cannot be read is one that is not trusted.
    pub fn new(settings: &Settings) -> Self {
        let limits = &settings.limits;
        let network = |text: &String| text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).ok();
        Self {
            overall: DefaultDirectRateLimiter::direct(quota(limits.overall)).with_middleware(),
            addresses: Each::new(limits.per_address),
            sessions: Each::new(limits.per_session),
            keys: Each::new(limits.per_key),
            attempts: Each::new(limits.attempts_per_user),
            proxies: settings.server.trusted_proxies.iter().filter_map(network).collect(),
        }
    }

    fn count_overall(&self) -> Counted {
        let now = self.overall.clock().now();
        self.overall.check().map(|state| left(&state)).map_err(|full| none_left(&full, now))
    }

    /// Counts a request from somewhere; what is left of whatever lets through less.
    ///
    /// # Errors
    /// When nothing is left, with the time to wait.
    pub fn count(&self, request: &HttpRequest) -> Counted {
        let overall = self.count_overall()?;
        self.sender(request).map_or(Ok(overall), |address| self.addresses.count(&address))
    }

    /// Counts a request of a session.
    ///
    /// # Errors
    /// When nothing is left, with the time to wait.
    pub fn count_session(&self, session: SessionId) -> Counted {
        self.sessions.count(&session)
    }

    /// Counts a request of the host's server, by the digest of the key that it came with: all of them come from few
    /// addresses.
    ///
    /// # Errors
    /// When nothing is left, with the time to wait.
    pub fn count_key(&self, key: [u8; 32]) -> Counted {
        self.count_overall()?;
        self.keys.count(&key)
    }

    /// Counts an attempt that a user begins.
    ///
    /// # Errors
    /// When nothing is left, with the time to wait.
    pub fn count_attempt(&self, user: &ExternalId) -> Counted {
        self.attempts.count(user)
    }

    /// Who sent the request: the last address on its way that is no proxy of ours. Only such a proxy is believed when
    /// it says for whom it asks. An IPv6 address counts with its neighbours of the same /64, which one person has.
    fn sender(&self, request: &HttpRequest) -> Option<IpAddr> {
        let peer = request.peer_addr()?.ip();
        let headers = request.headers().get_all("x-forwarded-for").filter_map(|header| header.to_str().ok());
        let way: Vec<&str> = headers.flat_map(|header| header.split(',')).collect();
        let mut sender = peer;
        for hop in way.iter().rev() {
            let (true, Some(before)) = (self.trusts(sender), address_of(hop.trim())) else { break };
            sender = before;
        }
        Some(match sender.to_canonical() {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            }
            address => address,
        })
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.proxies.iter().any(|proxy| proxy.contains(&address.to_canonical()))
    }
}

/// Some proxies write the port too.
fn address_of(hop: &str) -> Option<IpAddr> {
    hop.parse().ok().or_else(|| Some(hop.parse::<SocketAddr>().ok()?.ip()))
}

/// So many at once, and then evenly spread.
fn quota(rate: Rate) -> Quota {
    let requests = NonZeroU32::new(rate.requests).unwrap_or(NonZeroU32::MIN);
    let apart = rate.per / requests.get();
    Quota::with_period(apart).unwrap_or(Quota::per_second(NonZeroU32::MAX)).allow_burst(requests)
}

fn left(state: &StateSnapshot) -> Left {
    let (quota, remaining) = (state.quota(), state.remaining_burst_capacity());
    let limit = quota.burst_size().get();
    Left { limit, remaining, reset: quota.replenish_interval() * limit.saturating_sub(remaining) }
}

fn none_left(full: &NotUntil<QuantaInstant>, now: QuantaInstant) -> Left {
    let reset = full.wait_time_from(now).max(Duration::from_secs(1));
    Left { limit: full.quota().burst_size().get(), remaining: 0, reset }
}

impl From<Left> for Problem {
    fn from(left: Left) -> Self {
        Self::TooMany { seconds: left.seconds() }
    }
}

/// Counts every request that comes through.
///
/// # Errors
/// `TooMany`, and what the inner service fails with.
pub async fn rate_limit(
    gangway: web::Data<Gangway>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    gangway.limits.count(request.request()).map_err(Problem::from)?;
    next.call(request).await
}
