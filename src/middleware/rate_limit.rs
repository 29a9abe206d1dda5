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
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, clock::Clock as _};
use ipnet::IpNet;

use crate::{
    gangway::Gangway,
    problem::Problem,
    session::SessionId,
    settings::{Rate, Settings},
};

/// After so many requests the keys that are quiet again are forgotten: no more than these are kept beside the busy ones.
const SWEEP_EVERY: usize = 50_000;

/// The counters.
pub struct RateLimits {
    overall: DefaultDirectRateLimiter,
    addresses: Each<IpAddr>,
    sessions: Each<SessionId>,
    keys: Each<[u8; 32]>,
    proxies: Vec<IpNet>,
}

/// One counter for each key.
struct Each<K: Hash + Eq + Clone> {
    counters: DefaultKeyedRateLimiter<K>,
    counted: AtomicUsize,
}

impl<K: Hash + Eq + Clone> Each<K> {
    fn new(rate: Rate) -> Self {
        Self { counters: DefaultKeyedRateLimiter::keyed(quota(rate)), counted: AtomicUsize::new(1) }
    }

    fn count(&self, key: &K) -> Result<(), Problem> {
        if self.counted.fetch_add(1, Ordering::Relaxed).is_multiple_of(SWEEP_EVERY) {
            self.counters.retain_recent();
            self.counters.shrink_to_fit();
        }
        let full = self.counters.check_key(key);
        full.map_err(|full| too_many(full.wait_time_from(self.counters.clock().now())))
    }
}

impl RateLimits {
    /// Counters for these settings; a proxy that cannot be read is one that is not trusted.
    pub fn new(settings: &Settings) -> Self {
        let limits = &settings.limits;
        let network = |text: &String| text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).ok();
        Self {
            overall: DefaultDirectRateLimiter::direct(quota(limits.overall)),
            addresses: Each::new(limits.per_address),
            sessions: Each::new(limits.per_session),
            keys: Each::new(limits.per_key),
            proxies: settings.server.trusted_proxies.iter().filter_map(network).collect(),
        }
    }

    fn count_overall(&self) -> Result<(), Problem> {
        self.overall.check().map_err(|full| too_many(full.wait_time_from(self.overall.clock().now())))
    }

    /// Counts a request from somewhere.
    ///
    /// # Errors
    /// `TooMany` with the time to wait.
    pub fn count(&self, request: &HttpRequest) -> Result<(), Problem> {
        self.count_overall()?;
        self.sender(request).map_or(Ok(()), |address| self.addresses.count(&address))
    }

    /// Counts a request of a session.
    ///
    /// # Errors
    /// `TooMany` with the time to wait.
    pub fn count_session(&self, session: SessionId) -> Result<(), Problem> {
        self.sessions.count(&session)
    }

    /// Counts a request of the host's server, by the digest of the key that it came with: all of them come from few
    /// addresses.
    ///
    /// # Errors
    /// `TooMany` with the time to wait.
    pub fn count_key(&self, key: [u8; 32]) -> Result<(), Problem> {
        self.count_overall()?;
        self.keys.count(&key)
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

fn too_many(wait: Duration) -> Problem {
    Problem::TooMany { seconds: wait.as_secs() + 1 }
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
    gangway.limits.count(request.request())?;
    next.call(request).await
}
