//! The kinds of failures: a closed list. Each has a stable URL with a page that explains it.

use actix_web::http::StatusCode;

/// A kind of failure. Its texts are for integrators, and in English like the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 400
    Malformed,
    /// 401
    Unauthorized,
    /// 404
    NotFound,
    /// 405
    MethodNotAllowed,
    /// 408
    TooSlow,
    /// 409
    NoReceiver,
    /// 409
    UserConflict,
    /// 413
    TooLarge,
    /// 414
    AddressTooLong,
    /// 415
    UnsupportedType,
    /// 422
    InvalidField,
    /// 422
    IdempotencyKeyReused,
    /// 422
    IdempotencyKeyOutlived,
    /// 429
    TooManyRequests,
    /// 500
    Internal,
    /// 503
    StoreUnavailable,
    /// 503
    UpstreamUnavailable,
    /// 503
    ConnectionsUnknown,
}

/// Texts and status of a kind.
struct Words {
    name: &'static str,
    status: StatusCode,
    title: &'static str,
    happened: &'static str,
    advice: &'static str,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 18] = [
        Self::Malformed,
        Self::Unauthorized,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::TooSlow,
        Self::NoReceiver,
        Self::UserConflict,
        Self::TooLarge,
        Self::AddressTooLong,
        Self::UnsupportedType,
        Self::InvalidField,
        Self::IdempotencyKeyReused,
        Self::IdempotencyKeyOutlived,
        Self::TooManyRequests,
        Self::Internal,
        Self::StoreUnavailable,
        Self::UpstreamUnavailable,
        Self::ConnectionsUnknown,
    ];

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Its name in URLs.
    pub fn name(self) -> &'static str {
        self.words().name
    }

    /// Its HTTP status.
    pub fn status(self) -> StatusCode {
        self.words().status
    }

    /// Short title of the problem.
    pub fn title(self) -> &'static str {
        self.words().title
    }

    /// Explanation of the problem.
    pub fn happened(self) -> &'static str {
        self.words().happened
    }

    /// Advice for the integrator.
    pub fn advice(self) -> &'static str {
        self.words().advice
    }

    fn words(self) -> Words {
        match self {
            Self::Malformed => Words {
                name: "malformed",
                status: StatusCode::BAD_REQUEST,
                title: "The body is not valid JSON.",
                happened: "The request could not be read: its body is no JSON text, ends too early, or has something \
                           behind its end.",
                advice: "Send one JSON object as the whole body. Nothing was changed, and sending the same again gives \
                         the same answer.",
            },
            Self::Unauthorized => Words {
                name: "unauthorized",
                status: StatusCode::UNAUTHORIZED,
                title: "The API key is missing or unknown.",
                happened: "The request came without the header “Authorization: Bearer …”, or with a key that is none of \
                           host.api_keys.",
                advice: "Send one of the keys of host.api_keys. While one key takes another’s place, both work: add the \
                         new one, change your server, and take the old one away.",
            },
            Self::NotFound => Words {
                name: "not-found",
                status: StatusCode::NOT_FOUND,
                title: "Nothing is there.",
                happened: "Nothing has this id, or nothing is at this address. An id of another form is not there \
                           either; and what belonged to a user who was erased is gone.",
                advice: "Look at the detail of the answer, and at the id that you sent. Ids are to be percent-encoded in \
                         a path.",
            },
            Self::MethodNotAllowed => Words {
                name: "method-not-allowed",
                status: StatusCode::METHOD_NOT_ALLOWED,
                title: "This address does not know that method.",
                happened: "The address is right, and the method is none of its own.",
                advice: "The header Allow of the answer names the methods that it knows.",
            },
            Self::TooSlow => Words {
                name: "too-slow",
                status: StatusCode::REQUEST_TIMEOUT,
                title: "The body did not come within 8 seconds.",
                happened: "The head of the request came, and its body took too long. Nothing was changed.",
                advice: "Send it again. If that happens often, look at what lies between your server and this one.",
            },
            Self::NoReceiver => Words {
                name: "no-receiver",
                status: StatusCode::CONFLICT,
                title: "No webhook.url is set, so that no event can be sent.",
                happened: "Events are written and kept, and there is nowhere to send them.",
                advice: "Set webhook.url and webhook.secrets, and start Gangway again; or look at events without a receiver \
                         by “gangway events”.",
            },
            Self::UserConflict => Words {
                name: "user-conflict",
                status: StatusCode::CONFLICT,
                title: "Alloy’s user of this name belongs to another of your users.",
                happened: "Alloy answered with a user of another name, or with one that another of your users has \
                           already. One of them would see and disconnect what the other connected, so nothing was \
                           shown or changed.",
                advice: "Tell the operator the reference of the answer. Ids of your users that differ only in case, and \
                         two installations with one alloy.username_prefix, lead here. If both are to share one user of \
                         Alloy, say so: name it as user.alloy_user_id when you make a session.",
            },
            Self::TooLarge => Words {
                name: "too-large",
                status: StatusCode::PAYLOAD_TOO_LARGE,
                title: "The body is larger than 16 KiB.",
                happened: "No request of this API needs a body of that size. Nothing was changed.",
                advice: "Send only the fields that the description of the API names.",
            },
            Self::AddressTooLong => Words {
                name: "address-too-long",
                status: StatusCode::URI_TOO_LONG,
                title: "The address is longer than 4 KiB.",
                happened: "No address of this API, with its query, is that long.",
                advice: "Look at what your server puts into the path and behind the question mark.",
            },
            Self::UnsupportedType => Words {
                name: "unsupported-type",
                status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
                title: "The body must be application/json.",
                happened: "The header Content-Type is missing, or names another type.",
                advice: "Send “Content-Type: application/json” with the body.",
            },
            Self::InvalidField => Words {
                name: "invalid-field",
                status: StatusCode::UNPROCESSABLE_ENTITY,
                title: "A field is missing or not allowed.",
                happened: "The request could be read, and something in it is unknown, missing, given twice, or not of \
                           the wanted form. Unknown fields and query keys are refused, so that a spelling mistake is \
                           not passed over in silence. Nothing was changed.",
                advice: "The list “errors” of the answer names each field (as user.id), query key or header, with what is \
                         wanted of it.",
            },
            Self::IdempotencyKeyReused => Words {
                name: "idempotency-key-reused",
                status: StatusCode::UNPROCESSABLE_ENTITY,
                title: "This Idempotency-Key came with another body before.",
                happened: "A key stands for one request. The same key with the same body gives the same answer again; \
                           this body is another one. Nothing was changed.",
                advice: "Make a new key for every new request (a random UUID, say), and send the old one only to repeat a \
                         request whose answer was lost.",
            },
            Self::IdempotencyKeyOutlived => Words {
                name: "idempotency-key-outlived",
                status: StatusCode::UNPROCESSABLE_ENTITY,
                title: "What was answered under this Idempotency-Key cannot be told again.",
                happened: "A session was made under this key. Its start code is not kept: it is made anew of one of \
                           session.keys, and that one was taken away since. Nothing was changed.",
                advice: "Make a session under a new Idempotency-Key. When session.keys are rotated, the old one has to stay \
                         for some hours, as docs/operations.md says.",
            },
            Self::TooManyRequests => Words {
                name: "too-many-requests",
                status: StatusCode::TOO_MANY_REQUESTS,
                title: "Too many requests. Wait as long as Retry-After says.",
                happened: "More requests came with this key, or in all, than limits.per_key or limits.overall allow. \
                           Nothing was changed.",
                advice: "Wait for as many seconds as the header Retry-After says. RateLimit-Remaining tells with every \
                         answer how many requests are left. Instead of asking again and again, wait for the end of an \
                         attempt with “?wait=”.",
            },
            Self::Internal => Words {
                name: "internal",
                status: StatusCode::INTERNAL_SERVER_ERROR,
                title: "Something failed on our side.",
                happened: "This is a mistake of Gangway’s or of its installation. What the request was to change may be \
                           changed or not.",
                advice: "Tell the operator the reference of the answer: the log has the request under it. A request with \
                         an Idempotency-Key can be sent again without harm, and so can any GET or DELETE.",
            },
            Self::StoreUnavailable => Words {
                name: "store-unavailable",
                status: StatusCode::SERVICE_UNAVAILABLE,
                title: "The store does not answer at the moment. Try again later.",
                happened: "The database is busy, full, or away.",
                advice: "Send it again after some seconds. A request with an Idempotency-Key can be sent again without \
                         harm, and so can any GET or DELETE.",
            },
            Self::UpstreamUnavailable => Words {
                name: "upstream-unavailable",
                status: StatusCode::SERVICE_UNAVAILABLE,
                title: "Alloy does not answer at the moment. Try again later.",
                happened: "The answer depends on what Alloy lists, and Alloy could not be asked. It is not known what is \
                           connected: that is not the same as nothing.",
                advice: "Send it again after some seconds.",
            },
            Self::ConnectionsUnknown => Words {
                name: "connections-unknown",
                status: StatusCode::SERVICE_UNAVAILABLE,
                title: "It cannot be told what this user has connected.",
                happened: "Alloy answers, and its list of the user’s credentials is larger than 8 MiB. It is not known what \
                           is connected: that is not the same as nothing.",
                advice: "Sending it again does not help. Delete credentials of this user that are no longer needed at Alloy, \
                         or erase the user with “credentials=delete”, which works however long the list is.",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(Kind::from_name("Malformed"), None);
    }
}
