//! Where an attempt stands and why: two closed lists that the host's API speaks.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// Where an attempt stands. Only `Pending` is open; every other state is an end and stays.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Display, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Begun, and not ended yet.
    Pending,
    /// The app is linked.
    Linked,
    /// The user, or the provider for them, said no.
    Denied,
    /// It went wrong.
    Failed,
    /// Nobody came back in time.
    Expired,
    /// Something was linked, and it is not known that this user did it.
    Unverified,
}

impl State {
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether the attempt is over.
    pub fn is_end(self) -> bool {
        self != Self::Pending
    }
}

/// Why an attempt ended as it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Display, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Linked: a new credential is listed.
    New,
    /// Linked: the provider renewed the credential that was there.
    Renewed,
    /// Linked: the key was stored, and is not yet proved to work.
    KeySaved,
    /// Denied: the provider said so.
    AccessDenied,
    /// Denied: the user said that they cancelled.
    Canceled,
    /// Denied: an administrator has to approve the app first.
    AdminApproval,
    /// Failed: the user came back, and the credential was never listed.
    NotConfirmed,
    /// Failed: the vendor refused to begin.
    UpstreamRefused,
    /// Failed: the vendor could not be reached, or answered nonsense.
    UpstreamUnavailable,
    /// Failed: the vendor's link was none that a browser may be sent to.
    InvalidAuthorizationUrl,
    /// Failed: the host's settings lack what this app needs.
    NotConfigured,
    /// Failed: the user began again with other input.
    Superseded,
    /// Expired, or unverified: no browser came back.
    NoReturn,
    /// Unverified: another browser came back.
    ForeignReturn,
    /// Unverified: the host named another user.
    CompletionMismatch,
    /// Unverified: the host named nobody in time.
    CompletionMissing,
}

impl Reason {
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }
}
