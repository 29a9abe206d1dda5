//! Rate limits by user, address, host key and overall. Each process counts separately, in memory. A request is charged
//! to its own address or key first and only then to the overall budget, so that refused requests cost others nothing.
//! Calls with a host key have their own overall budget, which browsers cannot use up.

use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{
        Once,
        atomic::{AtomicUsize, Ordering},
    },
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
    config::{Rate, Settings},
    domain::session::{ExternalId, SessionId},
    web::{middleware::rate_headers::Left, problem::Problem},
};

/// Number of requests between two sweeps of idle keys, which bounds the memory for them.
const SWEEP_EVERY: usize = 50_000;
/// Budget of an IPv6 /48, as a multiple of `limits.per_address`. One customer may have all 65,536 of its /64.
const PER_NETWORK: u32 = 16;

type WithState = StateInformationMiddleware;

/// All rate limiters.
pub struct RateLimits {
    addresses: Each<IpAddr>,
    networks: Each<Ipv6Addr>,
    overall: DefaultDirectRateLimiter<WithState>,
    users: Each<ExternalId>,
    keys: Each<[u8; 32]>,
    attempts: Each<ExternalId>,
    tickets: Each<SessionId>,
    overall_by_keys: DefaultDirectRateLimiter<WithState>,
    proxies: Vec<IpNet>,
    unreadable: Once,
}

/// The remaining requests, whether the request was allowed or not.
type Counted = Result<Left, Left>;

struct Each<K: Hash + Eq + Clone> {
    counters: DefaultKeyedRateLimiter<K, WithState>,
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
    /// Creates the limiters. An unreadable proxy address is not trusted.
    pub fn new(settings: &Settings) -> Self {
        let limits = &settings.limits;
        let network = |text: &String| text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).ok();
        let per_network = limits.per_address.requests.saturating_mul(PER_NETWORK);
        let overall = || DefaultDirectRateLimiter::direct(quota(limits.overall)).with_middleware();
        Self {
            addresses: Each::new(limits.per_address),
            networks: Each::new(Rate { requests: per_network, ..limits.per_address }),
            overall: overall(),
            users: Each::new(limits.per_session),
            keys: Each::new(limits.per_key),
            attempts: Each::new(limits.attempts_per_user),
            tickets: Each::new(limits.per_session),
            overall_by_keys: overall(),
            proxies: settings.server.trusted_proxies.iter().filter_map(network).collect(),
            unreadable: Once::new(),
        }
    }

    /// Counts a request by its address. Returns the time to wait if the address or all together exceed the limit.
    pub fn count(&self, request: &HttpRequest) -> Counted {
        let sender = self.sender(request);
        let counted = match sender {
            IpAddr::V4(_) => self.addresses.count(&sender)?,
            IpAddr::V6(address) => {
                let counted = self.addresses.count(&prefix(address, 64).into())?;
                self.networks.count(&prefix(address, 48))?;
                counted
            }
        };
        count_overall(&self.overall)?;
        Ok(counted)
    }

    /// Counts a request of a user, across all sessions and browsers of the user.
    pub fn count_user(&self, user: &ExternalId) -> Counted {
        self.users.count(user)
    }

    /// Counts an API call by the digest of its key, because the host's calls come from few addresses.
    pub fn count_key(&self, key: [u8; 32]) -> Counted {
        let counted = self.keys.count(&key)?;
        count_overall(&self.overall_by_keys)?;
        Ok(counted)
    }

    /// Counts an attempt that a user begins.
    pub fn count_attempt(&self, user: &ExternalId) -> Counted {
        self.attempts.count(user)
    }

    /// Counts a request for the outcome of a session.
    pub fn count_ticket(&self, session: SessionId) -> Counted {
        self.tickets.count(&session)
    }

    /// The last forwarded address that is no trusted proxy; the unspecified address if the peer is unknown.
    fn sender(&self, request: &HttpRequest) -> IpAddr {
        let peer = request.peer_addr().map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.ip());
        let headers = request.headers().get_all("x-forwarded-for");
        // As bytes, because the client's part may not be text; a proxy appends to it.
        let way: Vec<&[u8]> = headers.flat_map(|header| header.as_bytes().split(|byte| *byte == b',')).collect();
        let mut sender = peer;
        for hop in way.iter().rev().filter(|hop| !hop.trim_ascii().is_empty()) {
            if !self.trusts(sender) {
                break;
            }
            let Some(before) = address_of(hop) else {
                self.warn_of_unreadable(sender);
                break;
            };
            sender = before;
        }
        sender.to_canonical()
    }

    /// Once per process, and without the text, which may be a client's.
    fn warn_of_unreadable(&self, proxy: IpAddr) {
        self.unreadable.call_once(|| {
            tracing::warn!(
                %proxy,
                "X-Forwarded-For of a trusted proxy names no address; the proxy's own limit is used for such requests"
            );
        });
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.proxies.iter().any(|proxy| proxy.contains(&address.to_canonical()))
    }
}

fn prefix(address: Ipv6Addr, bits: u32) -> Ipv6Addr {
    (address.to_bits() & (u128::MAX << (128 - bits))).into()
}

fn count_overall(budget: &DefaultDirectRateLimiter<WithState>) -> Counted {
    let now = budget.clock().now();
    budget.check().map(|state| left(&state)).map_err(|full| none_left(&full, now))
}

/// Parses an address. Some proxies add the port or a zone, quote it, or write an IPv6 address in brackets.
fn address_of(hop: &[u8]) -> Option<IpAddr> {
    let hop = str::from_utf8(hop).ok()?.trim().trim_matches('"');
    let bare = match hop.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => hop.split_once(':').filter(|(_, port)| !port.contains(':')).map_or(hop, |(host, _)| host),
    };
    bare.split_once('%').map_or(bare, |(address, _zone)| address).parse().ok()
}

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

/// Middleware that counts every request. Returns `TooMany` if a limit is exceeded.
pub async fn rate_limit(
    limits: web::Data<RateLimits>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    limits.count(request.request()).map_err(Problem::from)?;
    next.call(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_is_read_in_every_spelling() {
        for (hop, expected) in [
            ("203.0.113.9", "203.0.113.9"),
            (" 203.0.113.9:4711 ", "203.0.113.9"),
            ("2001:db8:1::1", "2001:db8:1::1"),
            ("[2001:db8:1::1]", "2001:db8:1::1"),
            ("[2001:DB8:1::1]:4711", "2001:db8:1::1"),
            ("\"[2001:db8:1::1]:4711\"", "2001:db8:1::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("[fe80::1%25eth0]:80", "fe80::1"),
            ("::ffff:203.0.113.9", "::ffff:203.0.113.9"),
        ] {
            assert_eq!(address_of(hop.as_bytes()), expected.parse().ok(), "{hop}");
        }
        for hop in ["unknown", "_hidden", "", "[", "[]", "]", ":80", "localhost", "203.0.113", "for=203.0.113.9"] {
            assert_eq!(address_of(hop.as_bytes()), None, "{hop}");
        }
    }

    #[test]
    fn counters_of_many_addresses_are_bounded() {
        let each = Each::new(Rate { requests: 600, per: Duration::from_secs(60) });
        for address in 0..400_000_u32 {
            assert!(each.count(&address).is_ok());
            // A key recovers in a tenth of a second; a flood is slower than this loop.
            if address.is_multiple_of(100_000) {
                std::thread::sleep(Duration::from_millis(150));
            }
        }
        assert!(each.counters.len() < 400_000, "{}", each.counters.len());
    }
}
