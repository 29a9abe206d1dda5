//! The kinds of failures: a closed list. Each has a stable URL with a page that explains it.

use std::sync::LazyLock;

use actix_web::http::StatusCode;
use serde_json::Value;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// The texts of each kind.
static TEXTS: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(include_str!("kinds.json")).unwrap_or_default());

/// A kind of failure. Its texts are for integrators, and in English like the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
#[expect(missing_docs, reason = "kinds.json explains each")]
pub enum Kind {
    Malformed,
    Unauthorized,
    TicketNotAccepted,
    OriginNotAllowed,
    NotFound,
    MethodNotAllowed,
    TooSlow,
    NoReceiver,
    UserConflict,
    TooLarge,
    AddressTooLong,
    UnsupportedType,
    InvalidField,
    IdempotencyKeyReused,
    IdempotencyKeyOutlived,
    TooManyRequests,
    Internal,
    StoreUnavailable,
    UpstreamUnavailable,
    ConnectionsUnknown,
}

impl Kind {
    /// Its name in URLs.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Its HTTP status.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Unauthorized | Self::TicketNotAccepted => StatusCode::UNAUTHORIZED,
            Self::OriginNotAllowed => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NoReceiver | Self::UserConflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::AddressTooLong => StatusCode::URI_TOO_LONG,
            Self::UnsupportedType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::InvalidField | Self::IdempotencyKeyReused | Self::IdempotencyKeyOutlived => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::StoreUnavailable | Self::UpstreamUnavailable | Self::ConnectionsUnknown => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }

    /// Short title of the problem.
    pub fn title(self) -> &'static str {
        self.text("title")
    }

    /// Explanation of the problem.
    pub fn happened(self) -> &'static str {
        self.text("happened")
    }

    /// Advice for the integrator.
    pub fn advice(self) -> &'static str {
        self.text("advice")
    }

    fn text(self, name: &str) -> &'static str {
        let texts = TEXTS.get(self.name());
        texts.and_then(|texts| texts.get(name)?.as_str()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_and_texts() {
        for &kind in Kind::VARIANTS {
            assert_eq!(kind.name().parse(), Ok(kind));
            assert!(
                [kind.title(), kind.happened(), kind.advice()].iter().all(|text| text.ends_with(['.', '”'])),
                "{kind:?}"
            );
        }
        assert!("Malformed".parse::<Kind>().is_err());
    }
}
