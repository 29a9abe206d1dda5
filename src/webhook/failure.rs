//! Why a delivery attempt failed: a closed list, shown by the API.

use std::{
    error::Error,
    io::{self, ErrorKind},
};

use crate::runtime::net::NoAddress;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The name cannot be resolved.
    Dns,
    /// The name resolves to a private address, which is not allowed.
    PrivateAddress,
    /// No connection, or a broken one.
    Connection,
    /// TLS or the certificate is invalid.
    Tls,
    Timeout,
    /// Redirects are not followed.
    Redirect,
    /// 429 or 503.
    SlowDown,
    /// 410.
    Gone,
    /// Any other status that is not 2xx.
    Status,
}

impl Failure {
    /// The name in the API and the store.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::PrivateAddress => "private_address",
            Self::Connection => "connection",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Redirect => "redirect",
            Self::SlowDown => "slow_down",
            Self::Gone => "gone",
            Self::Status => "status",
        }
    }

    pub(super) fn of_status(status: u16) -> Option<Self> {
        match status {
            200..=299 => None,
            300..=399 => Some(Self::Redirect),
            410 => Some(Self::Gone),
            429 | 503 => Some(Self::SlowDown),
            _ => Some(Self::Status),
        }
    }

    pub(super) fn of_transport(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::Timeout;
        }
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(inner) = cause {
            if let Some(no_address) = inner.downcast_ref::<NoAddress>() {
                return if matches!(no_address, NoAddress::NotPublic) { Self::PrivateAddress } else { Self::Dns };
            }
            if error.is_connect() && inner.downcast_ref::<io::Error>().is_some_and(is_tls) {
                return Self::Tls;
            }
            cause = inner.source();
        }
        Self::Connection
    }
}

/// rustls reports its errors as `InvalidData`, possibly wrapped.
fn is_tls(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<io::Error>());
    error.kind() == ErrorKind::InvalidData || inner.is_some_and(is_tls)
}
