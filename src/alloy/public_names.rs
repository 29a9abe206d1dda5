//! Looks up names, and gives public addresses only. What is checked here is what is connected to: a name cannot point
//! elsewhere between a check and the call.

use std::{fmt, io, net::SocketAddr, sync::Arc};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::settings::{is_local_name, is_public};

/// The lookup of names that come from outside.
pub(super) struct PublicNames {
    lookup: Arc<dyn Resolve>,
    /// Whether this machine's own names may be asked for: there is a sandbox on it.
    local_names: bool,
}

impl PublicNames {
    pub(super) fn new(lookup: Arc<dyn Resolve>, local_names: bool) -> Self {
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
                return Err(io::Error::from(io::ErrorKind::PermissionDenied).into());
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
pub(super) struct SystemNames;

impl Resolve for SystemNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
