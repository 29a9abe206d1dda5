//! What tells the series of a metric from each other: closed sets only, and never anything that a request brought.

use prometheus_client::encoding::EncodeLabelSet;

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$doc])* $variant),+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in the metric.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

words! {
    /// How far a user came.
    Step {
        /// A session was opened in a browser.
        Arrived = "arrived",
        /// An attempt began.
        Began = "began",
        /// The user's own browser came back from the provider.
        Returned = "returned",
        /// The app is linked.
        Linked = "linked",
    }
}

words! {
    /// What came of a try to deliver an event.
    Delivered {
        /// The receiver took it.
        Accepted = "accepted",
        /// It did not, and it is tried again later.
        Postponed = "postponed",
        /// It did not, and nothing is tried any more.
        Dead = "dead",
        /// The receiver says that it is gone for good.
        Gone = "gone",
    }
}

/// By what requests are told from each other in time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Route {
    pub(crate) route: String,
    pub(crate) method: &'static str,
}

impl Route {
    pub(crate) fn new(route: &str, method: &str) -> Self {
        Self { route: route.to_owned(), method: self::method(method) }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Request {
    pub(crate) route: String,
    pub(crate) method: &'static str,
    pub(crate) status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Raised {
    pub(crate) problem: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Passage {
    pub(crate) step: &'static str,
    pub(crate) connector: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct End {
    pub(crate) connector: String,
    pub(crate) end: &'static str,
    pub(crate) reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Delivery {
    pub(crate) outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Purged {
    pub(crate) kind: &'static str,
}

/// A method by its name; a client may send any other word.
pub(crate) fn method(name: &str) -> &'static str {
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        .into_iter()
        .find(|known| *known == name)
        .unwrap_or("other")
}

/// The class of a status.
pub(crate) fn class(status: u16) -> &'static str {
    match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
