//! Looks up names, and gives public addresses only. What is checked here is what is connected to: a name cannot point
//! elsewhere between a check and the call.

use std::{fmt, io, net::SocketAddr, sync::Arc};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;
use url::{Host, Url};

use crate::config::{is_local_name, is_public};

/// Why a name leads nowhere.
#[derive(Debug, Error)]
pub(crate) enum NoAddress {
    /// Nobody knows an address of it.
    #[error("the name leads nowhere: {0}")]
    Unknown(#[from] io::Error),
    /// It leads into a private network.
    #[error("the name leads to no public address")]
    NotPublic,
}

/// The lookup of names that come from outside.
pub(crate) struct PublicNames {
    lookup: Arc<dyn Resolve>,
    /// Whether this machine's own names may be asked for: there is a sandbox on it.
    local_names: bool,
}

impl PublicNames {
    /// Over that lookup.
    pub(crate) fn new(lookup: Arc<dyn Resolve>, local_names: bool) -> Self {
        Self { lookup, local_names }
    }
}

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        if self.local_names && is_local_name(name.as_str()) {
            return self.lookup.resolve(name);
        }
        let found = self.lookup.resolve(name);
        Box::pin(async move {
            let public: Vec<SocketAddr> = found.await?.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(NoAddress::NotPublic.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

impl fmt::Debug for PublicNames {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("PublicNames")
    }
}

/// The machine's own way of looking names up.
#[derive(Debug)]
pub(crate) struct SystemNames;

impl Resolve for SystemNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(NoAddress::Unknown)?;
            let found: Vec<SocketAddr> = found.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Whether the address is, by its look, none of the world's: nobody looks up a number.
pub(crate) fn not_public(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => !is_public(address.into()),
        Some(Host::Ipv6(address)) => !is_public(address.into()),
        Some(Host::Domain(name)) => is_local_name(name),
        None => true,
    }
}
