//! Where an attempt stands and why: two closed lists that the host's API speaks.

use serde::{Deserialize, Serialize};

/// Gives an enum of unit variants its names, both ways.
macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $text)] $variant),+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in the API, the store and the log.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The one of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == name)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use named;

named! {
    /// Where an attempt stands. Only `Pending` is open; every other state is an end and stays.
    State {
        /// Begun, and not ended yet.
        Pending = "pending",
        /// The app is linked.
        Linked = "linked",
        /// The user, or the provider for them, said no.
        Denied = "denied",
        /// It went wrong.
        Failed = "failed",
        /// Nobody came back in time.
        Expired = "expired",
        /// Something was linked, and it is not known that this user did it.
        Unverified = "unverified",
    }
}

impl State {
    /// Whether the attempt is over.
    pub fn is_end(self) -> bool {
        self != Self::Pending
    }
}

named! {
    /// Why an attempt ended as it did.
    Reason {
        /// Linked: a new credential is listed.
        New = "new",
        /// Linked: the provider renewed the credential that was there.
        Renewed = "renewed",
        /// Linked: the key was stored, and is not yet proved to work.
        KeySaved = "key_saved",
        /// Denied: the provider said so.
        AccessDenied = "access_denied",
        /// Denied: the user said that they cancelled.
        Canceled = "canceled",
        /// Denied: an administrator has to approve the app first.
        AdminApproval = "admin_approval",
        /// Failed: the user came back, and the credential was never listed.
        NotConfirmed = "not_confirmed",
        /// Failed: the vendor refused to begin.
        UpstreamRefused = "upstream_refused",
        /// Failed: the vendor could not be reached, or answered nonsense.
        UpstreamUnavailable = "upstream_unavailable",
        /// Failed: the vendor's link was none that a browser may be sent to.
        InvalidAuthorizationUrl = "invalid_authorization_url",
        /// Failed: the host's settings lack what this app needs.
        NotConfigured = "not_configured",
        /// Failed: the user began again with other input.
        Superseded = "superseded",
        /// Expired, or unverified: no browser came back.
        NoReturn = "no_return",
        /// Unverified: another browser came back.
        ForeignReturn = "foreign_return",
        /// Unverified: the host named another user.
        CompletionMismatch = "completion_mismatch",
        /// Unverified: the host named nobody in time.
        CompletionMissing = "completion_missing",
    }
}
