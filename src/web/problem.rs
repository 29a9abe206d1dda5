//! Every failure that ends a request: status, texts and actions. The cause is logged, and never shown on the page.

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use thiserror::Error;

use crate::{alloy::AlloyError, domain::error, store::StoreError};

/// A failure as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Problem {
    /// Unknown URL, or a resource that this user may not see.
    #[error("nothing is here")]
    NotFound,
    /// The start code is unknown, used or expired.
    #[error("the start code does not work any more")]
    PageExpired,
    /// The browser has no session, or an expired one.
    #[error("the session is over")]
    SessionOver,
    /// The browser sent a used start code without its cookie.
    #[error("the browser kept no cookie")]
    NoCookie,
    /// The form token is missing or belongs to another session.
    #[error("the form is not one of this session's")]
    StaleForm,
    /// A POST from another site.
    #[error("the request came from another site")]
    CrossSite,
    /// A POST from one of our pages, which the browser opened at another address than the public URL.
    #[error("the page was opened at another address")]
    OtherAddress {
        /// Origin of the public URL.
        public_url: String,
    },
    /// No open attempt has the state of this callback.
    #[error("no attempt has this return")]
    UnknownReturn,
    /// The Alloy user belongs to another user of the host.
    #[error("the upstream's user is another user's")]
    UserConflict,
    /// The vendor's list of connections is too long to be read.
    #[error("what is connected is unknown")]
    ConnectionsUnknown,
    /// The method is not allowed; these are.
    #[error("the method is not allowed here")]
    MethodNotAllowed(&'static str),
    /// Rate limit exceeded.
    #[error("too many requests")]
    TooMany {
        /// Seconds to wait, at least one.
        seconds: u64,
    },
    /// The body is too large.
    #[error("the request is too large")]
    TooLarge,
    /// The URL is too long.
    #[error("the address is too long")]
    AddressTooLong,
    /// Timeout of the body.
    #[error("the request came too slowly")]
    TooSlow,
    /// The body has an unsupported media type.
    #[error("the request is of another type")]
    UnsupportedType,
    /// The request is malformed.
    #[error("the request is malformed")]
    Malformed,
    /// Alloy, the store or a use case failed; the cause is logged when the response is created.
    #[error(transparent)]
    Failed(error::Error),
    /// A bug, logged where it occurred.
    #[error("something failed")]
    Internal,
}

impl Problem {
    /// HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::UnknownReturn => StatusCode::NOT_FOUND,
            Self::PageExpired => StatusCode::GONE,
            Self::SessionOver | Self::NoCookie => StatusCode::UNAUTHORIZED,
            Self::StaleForm | Self::CrossSite | Self::OtherAddress { .. } => StatusCode::FORBIDDEN,
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

    /// The problem for a bare status from the framework.
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

    /// The bare response; `middleware::problem_page` renders its page.
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
        // Client errors, or already logged with the call that failed.
        _ => {}
    }
}
