//! Every failure that ends a request: its status, its words, its way out. Three kinds: the request's own mistake, the
//! journey's problem, and ours. What caused it goes to the log and never to the page.

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use thiserror::Error;

use crate::{alloy::AlloyError, domain::error, store::StoreError};

/// A failure as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Problem {
    /// Nothing is at this address, or nothing that this user may see.
    #[error("nothing is here")]
    NotFound,
    /// The start code is unknown, used up, or too old.
    #[error("the start code does not work any more")]
    PageExpired,
    /// The browser has no session, or one whose time is over.
    #[error("the session is over")]
    SessionOver,
    /// The browser came with a used code and without the cookie that belongs to it.
    #[error("the browser kept no cookie")]
    NoCookie,
    /// The form's token is missing or another page's.
    #[error("the form is not one of this session's")]
    StaleForm,
    /// Another site asked for a change.
    #[error("the request came from another site")]
    CrossSite,
    /// No open journey has this return.
    #[error("no attempt has this return")]
    UnknownReturn,
    /// The vendor's user of that name belongs to another user of the host.
    #[error("the upstream's user is another user's")]
    UserConflict,
    /// What is connected cannot be told: the vendor's list is too long to be read.
    #[error("what is connected is unknown")]
    ConnectionsUnknown,
    /// The method is none of the address's; these are.
    #[error("the method is not allowed here")]
    MethodNotAllowed(&'static str),
    /// Too many requests; so long to wait.
    #[error("too many requests")]
    TooMany {
        /// Whole seconds, at least one.
        seconds: u64,
    },
    /// The body is larger than any of ours.
    #[error("the request is too large")]
    TooLarge,
    /// The address is longer than any of ours.
    #[error("the address is too long")]
    AddressTooLong,
    /// The body did not come in time.
    #[error("the request came too slowly")]
    TooSlow,
    /// The body is of no type that we read.
    #[error("the request is of another type")]
    UnsupportedType,
    /// The request cannot be understood.
    #[error("the request is malformed")]
    Malformed,
    /// The upstream, the store or a use case failed; the cause is logged when the response is made.
    #[error(transparent)]
    Failed(error::Error),
    /// A bug, logged where it showed.
    #[error("something failed")]
    Internal,
}

impl Problem {
    /// Its HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::UnknownReturn => StatusCode::NOT_FOUND,
            Self::PageExpired => StatusCode::GONE,
            Self::SessionOver | Self::NoCookie => StatusCode::UNAUTHORIZED,
            Self::StaleForm | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::ConnectionsUnknown => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed(error) if error.is_temporary() => StatusCode::SERVICE_UNAVAILABLE,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::AddressTooLong => StatusCode::URI_TOO_LONG,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::UnsupportedType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Internal | Self::Failed(_) | Self::UserConflict => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The problem that stands for a bare status, as frameworks answer with.
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedType,
            status if status.is_client_error() => Self::Malformed,
            _ => Self::Internal,
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    /// The bare response: `middleware::problem_page` gives it its page.
    fn error_response(&self) -> HttpResponse {
        if let Self::Failed(error) = self {
            log(error);
        }
        let mut response = HttpResponse::build(self.status());
        if let Self::MethodNotAllowed(allowed) = self {
            response.insert_header((header::ALLOW, *allowed));
        }
        if let Self::TooMany { seconds } = self {
            response.insert_header((header::RETRY_AFTER, *seconds));
        }
        let mut response = response.finish();
        response.extensions_mut().insert(self.clone());
        response
    }
}

impl From<error::Error> for Problem {
    fn from(error: error::Error) -> Self {
        match error {
            error::Error::NotFound => Self::NotFound,
            error::Error::SessionEnded => Self::SessionOver,
            error::Error::RateLimited { seconds } => Self::TooMany { seconds },
            error::Error::UserConflict => Self::UserConflict,
            error::Error::ListTooLong => Self::ConnectionsUnknown,
            error => Self::Failed(error),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        error::Error::from(error).into()
    }
}

impl From<AlloyError> for Problem {
    fn from(error: AlloyError) -> Self {
        error::Error::from(error).into()
    }
}

/// Logs why a request failed. Called once, where the failure becomes a response.
pub(crate) fn log(error: &error::Error) {
    match error {
        error::Error::Upstream(cause) => tracing::warn!(error = cause, "the upstream failed"),
        error::Error::StoreBusy(cause) | error::Error::Store(cause) => {
            tracing::error!(error = cause, "the store failed");
        }
        error::Error::Internal(cause) => tracing::error!(error = cause, "a use case failed"),
        // The caller's own doing, or logged with the call that failed.
        _ => {}
    }
}
