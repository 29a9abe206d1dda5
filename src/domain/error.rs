//! Errors of the use cases. The web layer converts them to pages and problem documents, and logs each cause once.

use thiserror::Error;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    #[error("nothing that this caller may see has this id")]
    NotFound,
    #[error("the session has ended")]
    SessionEnded,
    #[error("the rate limit is exceeded for {seconds} seconds")]
    RateLimited { seconds: u64 },
    #[error("Alloy's user of that name belongs to another user of the host")]
    UserConflict,
    #[error("Alloy's list of the user's credentials is too long to be read")]
    ListTooLong,
    /// Already logged, because the failed call may have served several requests.
    #[error("the upstream is unavailable")]
    UpstreamUnavailable,
    /// Already logged, too.
    #[error("the upstream refused the call")]
    UpstreamRefused,
    #[error("the upstream failed: {0}")]
    Upstream(String),
    #[error("the host's signing keys are unavailable")]
    HostKeysUnavailable,
    #[error("the store is busy: {0}")]
    StoreBusy(String),
    #[error("the store failed: {0}")]
    Store(String),
    #[error("internal error: {0}")]
    Internal(&'static str),
}

impl Error {
    pub fn is_temporary(&self) -> bool {
        self.is_upstream() || matches!(self, Self::StoreBusy(_) | Self::HostKeysUnavailable)
    }

    pub fn is_upstream(&self) -> bool {
        matches!(self, Self::Upstream(_) | Self::UpstreamUnavailable | Self::UpstreamRefused)
    }
}
