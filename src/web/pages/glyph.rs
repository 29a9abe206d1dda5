//! The sign above a heading: what a page says at the first glance.

/// A sign; beside an app it stands between the host's picture and the app's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glyph {
    /// The two are about to be connected.
    Both,
    /// They are.
    Check,
    /// They are not, and nothing is wrong with that.
    Calm,
    /// Something did not work.
    Cross,
    /// Time ran out, or has to pass.
    Clock,
    /// Somebody has to look at it.
    Attention,
    /// We are looking.
    Turning,
}

impl Glyph {
    /// The class that colours it.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Check => "good",
            Self::Calm | Self::Clock => "calm",
            Self::Cross => "bad",
            Self::Attention => "warn",
            Self::Turning => "turning",
        }
    }
}
