//! Response headers of pages that embed Gangway.

use serde::Deserialize;
use strum::Display;

/// The headers that a page of the host has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub(crate) enum Policy {
    None,
    SameOrigin,
    SameOriginAllowPopups,
    /// All that a careful host has, with our lines in its Content Security Policy.
    Strict,
}

impl Policy {
    /// Names and values.
    pub(crate) fn headers(self, gangway: &str) -> Vec<(&'static str, String)> {
        let coop = |value: &str| ("cross-origin-opener-policy", value.to_owned());
        match self {
            Self::None => Vec::new(),
            Self::SameOrigin => vec![coop("same-origin")],
            Self::SameOriginAllowPopups => vec![coop("same-origin-allow-popups")],
            Self::Strict => vec![
                coop("same-origin"),
                ("cross-origin-embedder-policy", "require-corp".to_owned()),
                ("referrer-policy", "no-referrer".to_owned()),
                (
                    "content-security-policy",
                    format!(
                        "default-src 'self'; img-src 'self' data:; script-src 'self' {gangway}; \
                         connect-src 'self' {gangway}; form-action 'self' {gangway}; \
                         require-trusted-types-for 'script'; trusted-types 'none'"
                    ),
                ),
            ],
        }
    }
}
