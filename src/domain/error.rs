//! The application error: why a use case failed. Pages and problem documents are made of it at the web's edge, which also
//! logs its cause, once.

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
    /// The failed call is logged already: it may have served several requests.
    #[error("the upstream is unavailable")]
    UpstreamUnavailable,
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
    /// Whether the same request may succeed a little later.
    pub fn is_temporary(&self) -> bool {
        self.is_upstream() || matches!(self, Self::StoreBusy(_) | Self::HostKeysUnavailable)
    }

    /// Whether Alloy is unavailable, so that the same request may succeed later.
    pub fn is_upstream(&self) -> bool {
        matches!(self, Self::Upstream(_) | Self::UpstreamUnavailable)
    }
}
