//! Icons of apps: fetched once and served by Gangway, so that pages load nothing from the vendor; otherwise a tile.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use moka::{Expiry, future::Cache};
use reqwest::{Client, dns::Resolve, header::CONTENT_TYPE};
use tokio::{sync::Semaphore, time::timeout};
use url::{Host, Url};

use super::tile;
use crate::alloy::{
    SetupError,
    hosts::Hosts,
    transport::{Timeouts, body_of, http},
};
use crate::{
    domain::connector::{Connector, ConnectorId},
    runtime::net::{PublicNames, SystemNames, has_login, is_loopback},
};

/// Maximum size of an icon, in bytes.
const LARGEST: usize = 64 * 1024;
/// Maximum size of all cached icons, in bytes.
const ALL: u64 = 4 * 1024 * 1024;
const AT_ONCE: usize = 16;
/// Short, because a tile is always available.
const PATIENCE: Timeouts =
    Timeouts { connect: Duration::from_secs(2), read: Duration::from_secs(2), total: Duration::from_secs(4) };

/// An icon. An SVG may come from outside and needs a sandboxing policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Icon {
    /// The image.
    pub bytes: Bytes,
    /// `image/svg+xml`, `image/png`, `image/webp` or `image/jpeg`.
    pub mime: &'static str,
}

/// Icons, cached in memory for a day.
#[derive(Debug)]
pub struct Icons {
    http: Client,
    hosts: Hosts,
    allow_loopback_http: bool,
    slots: Semaphore,
    cached: Cache<ConnectorId, CachedIcon>,
}

#[derive(Debug, Clone)]
struct CachedIcon {
    icon: Icon,
    is_fallback: bool,
}

impl Icons {
    /// `allow_loopback_http` is for a sandbox on the same machine. Returns an error if TLS cannot be set up.
    pub fn new(hosts: &[String], allow_loopback_http: bool) -> Result<Self, SetupError> {
        Self::with_names(hosts, allow_loopback_http, Arc::new(SystemNames))
    }

    fn with_names(hosts: &[String], allow_loopback_http: bool, names: Arc<dyn Resolve>) -> Result<Self, SetupError> {
        let names = PublicNames::new(names, allow_loopback_http);
        let http = http(PATIENCE).dns_resolver(Arc::new(names)).build().map_err(SetupError::Tls)?;
        let weight =
            |_: &ConnectorId, cached: &CachedIcon| u32::try_from(cached.icon.bytes.len() + 256).unwrap_or(u32::MAX);
        let cached = Cache::builder().max_capacity(ALL).weigher(weight).expire_after(Lifetime).build();
        let (hosts, slots) = (Hosts::new(hosts), Semaphore::new(AT_ONCE));
        Ok(Self { http, hosts, allow_loopback_http, slots, cached })
    }

    /// The app's icon, or a tile. Concurrent requests share one fetch.
    pub async fn get(&self, connector: &Connector) -> Icon {
        let find = async {
            let Some(address) = connector.icon.as_deref() else {
                return CachedIcon { icon: drawn(connector), is_fallback: false };
            };
            match self.fetch(address).await {
                Some(icon) => CachedIcon { icon, is_fallback: false },
                None => CachedIcon { icon: drawn(connector), is_fallback: true },
            }
        };
        self.cached.get_with_by_ref(&connector.id, find).await.icon
    }

    async fn fetch(&self, address: &str) -> Option<Icon> {
        let url = Url::parse(address).ok().filter(|url| self.may_ask(url))?;
        let _slot = timeout(PATIENCE.total, self.slots.acquire()).await.ok()?.ok()?;
        let response = self.http.get(url).send().await.ok().filter(|response| response.status() == 200)?;
        let declared = response.headers().get(CONTENT_TYPE).and_then(|mime| mime.to_str().ok());
        let declared = declared?.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let bytes = body_of(response, LARGEST).await.ok()?;
        (kind(&bytes)? == declared).then_some(())?;
        Some(Icon { mime: kind(&bytes)?, bytes })
    }

    /// Icon URLs must not reach internal hosts. IP addresses are checked here, names on resolution.
    fn may_ask(&self, url: &Url) -> bool {
        if has_login(url) {
            return false;
        }
        if is_loopback(url) {
            return self.allow_loopback_http && matches!(url.scheme(), "http" | "https");
        }
        url.scheme() == "https" && matches!(url.host(), Some(Host::Domain(name)) if self.hosts.allow(name))
    }
}

fn drawn(connector: &Connector) -> Icon {
    Icon { bytes: tile::draw(connector).into(), mime: "image/svg+xml" }
}

fn kind(bytes: &[u8]) -> Option<&'static str> {
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let head = || String::from_utf8_lossy(bytes.get(..512).unwrap_or(bytes)).into_owned();
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        _ if webp => Some("image/webp"),
        _ if head().trim_start_matches('\u{feff}').trim_start().starts_with('<') && head().contains("<svg") => {
            Some("image/svg+xml")
        }
        _ => None,
    }
}

/// A day; five minutes for a tile after a failed fetch.
struct Lifetime;

impl Expiry<ConnectorId, CachedIcon> for Lifetime {
    fn expire_after_create(&self, _: &ConnectorId, cached: &CachedIcon, _: Instant) -> Option<Duration> {
        Some(Duration::from_secs(if cached.is_fallback { 300 } else { 86_400 }))
    }
}

#[cfg(test)]
mod tests;
