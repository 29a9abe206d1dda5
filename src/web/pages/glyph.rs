//! The icon above a heading.

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
