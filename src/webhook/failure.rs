//! What goes wrong when an event is sent, in one word of a closed list.

use std::{
    error::Error,
    io::{self, ErrorKind},
};

use serde::Serialize;

use crate::runtime::net::NoAddress;

/// Why a try was in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The receiver's name leads nowhere.
    Dns,
    /// It leads into a private network, which is not allowed.
    PrivateAddress,
    /// There was no connection, or it broke off.
    Connection,
    /// The receiver's certificate or its TLS is not as it should be.
    Tls,
    /// There was no answer in time.
    Timeout,
    /// The answer leads elsewhere, which is never followed.
    Redirect,
    /// The receiver wants less for a while: 429 or 503.
    SlowDown,
    /// The receiver wants nothing any more: 410.
    Gone,
    /// Any other status that is not 2xx.
    Status,
}

impl Failure {
    /// The word, as the API and the store have it.
    pub fn as_str(self) -> &'static str {
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

    /// What is wrong with an answer of that status, if anything is.
    pub(super) fn of_status(status: u16) -> Option<Self> {
        match status {
            200..=299 => None,
            300..=399 => Some(Self::Redirect),
            410 => Some(Self::Gone),
            429 | 503 => Some(Self::SlowDown),
            _ => Some(Self::Status),
        }
    }

    /// Why there is no answer.
    pub(super) fn of_transport(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::Timeout;
        }
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(inner) = cause {
            if let Some(no_address) = inner.downcast_ref::<NoAddress>() {
                return if matches!(no_address, NoAddress::NotPublic) { Self::PrivateAddress } else { Self::Dns };
            }
            if error.is_connect() && inner.downcast_ref::<io::Error>().is_some_and(is_of_tls) {
                return Self::Tls;
            }
            cause = inner.source();
        }
        Self::Connection
    }
}

/// rustls tells of itself in an error of this kind, which may be wrapped in another one.
fn is_of_tls(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<io::Error>());
    error.kind() == ErrorKind::InvalidData || inner.is_some_and(is_of_tls)
}
