//! Reasons why a delivery attempt failed, as the API names them.

use std::{
    error::Error,
    io::{self, ErrorKind},
};

use strum::{Display, IntoStaticStr};

use crate::runtime::net::NoAddress;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Failure {
    Dns,
    PrivateAddress,
    Connection,
    Tls,
    Timeout,
    /// Redirects are not followed.
    Redirect,
    /// 429 or 503.
    SlowDown,
    /// 410.
    Gone,
    Status,
}

impl Failure {
    pub(super) fn of_status(status: u16) -> Option<Self> {
        match status {
            200..=299 => None,
            300..=399 => Some(Self::Redirect),
            410 => Some(Self::Gone),
            429 | 503 => Some(Self::SlowDown),
            _ => Some(Self::Status),
        }
    }

    pub(crate) fn of_transport(error: &reqwest::Error) -> Self {
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
