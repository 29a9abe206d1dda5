//! DNS resolution to public addresses only. The client connects to the checked address, so that DNS rebinding fails.

use std::{io, net::SocketAddr, sync::Arc};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;

use super::reach::{is_local_name, is_public};

#[derive(Debug, Error)]
pub(crate) enum NoAddress {
    #[error("the name leads nowhere: {0}")]
    Unknown(#[from] io::Error),
    #[error("the name leads to no public address")]
    NotPublic,
}

pub(crate) struct PublicNames {
    lookup: Arc<dyn Resolve>,
    /// Whether `localhost` resolves: a sandbox runs on this machine.
    local_names: bool,
}

impl PublicNames {
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
