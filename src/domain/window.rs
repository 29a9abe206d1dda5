//! The window in which a session is shown: a pop-up or a frame of the host's page.

use time::{Duration, OffsetDateTime};

/// Time after a page was unloaded in which the next one is expected.
pub const RELOAD: Duration = Duration::seconds(5);
/// Time after the last attempt ended in which its page is expected to show the end.
pub const END_EXPECTED: Duration = Duration::seconds(10);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// Number of its newest page; later pages have larger numbers.
    pub pages: i64,
    /// When its browser was redirected to a provider, if no page was answered since.
    pub away_at: Option<OffsetDateTime>,
    /// From when on it counts as left, if no page was answered since.
    pub left_at: Option<OffsetDateTime>,
    /// Number of changes of the above, without further pages.
    pub changes: i64,
    /// When it first showed how an attempt ended.
    pub end_shown_at: Option<OffsetDateTime>,
    /// When another session took its browser, if the outcome was open then.
    pub replaced_at: Option<OffsetDateTime>,
}
