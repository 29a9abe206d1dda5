//! The sign above a heading: what a page says at the first glance.

/// A sign; beside an app it stands between the host's picture and the app's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glyph {
    Both,
    Check,
    Calm,
    Cross,
    Clock,
    Attention,
    Turning,
}

impl Glyph {
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
