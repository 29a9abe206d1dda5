//! The texts of the problem pages. `frame.person` may be unknown on all of them.

use super::Problem;
use crate::web::pages::{Frame, Glyph};

impl Problem {
    /// 404. `choose_url` is the catalogue, for a known user.
    pub(crate) fn not_found(frame: &Frame, choose_url: Option<&str>) -> Self {
        Self::new(frame, Glyph::Calm, "problem-not-found-heading", &["problem-not-found-what"])
            .primary("problem-choose", choose_url)
            .or_back()
    }

    pub(crate) fn page_expired(frame: &Frame) -> Self {
        let words = ["problem-expired-what", "problem-start-again"];
        Self::new(frame, Glyph::Clock, "problem-expired-heading", &words).or_back()
    }

    pub(crate) fn time_over(frame: &Frame) -> Self {
        let words = ["problem-time-over-what", "problem-start-again"];
        Self::new(frame, Glyph::Clock, "problem-time-over-heading", &words).or_back()
    }

    pub(crate) fn no_cookie(frame: &Frame) -> Self {
        let words = ["problem-cookie-what", "problem-start-again"];
        Self::new(frame, Glyph::Attention, "problem-cookie-heading", &words).or_back()
    }

    /// A start link that is used, expired or unknown: one page for all three.
    pub(crate) fn start_link_not_valid(frame: &Frame) -> Self {
        let words = ["problem-link-what", "problem-start-again"];
        Self::new(frame, Glyph::Clock, "problem-link-heading", &words).or_back()
    }

    pub(crate) fn too_many_requests(frame: &Frame, retry_url: Option<&str>) -> Self {
        Self::new(frame, Glyph::Clock, "problem-too-many-heading", &["problem-too-many-what"])
            .primary("try-again", retry_url)
            .or_back()
    }

    /// 403: a form from another origin. `retry_url` is the page of the form.
    pub(crate) fn not_from_here(frame: &Frame, retry_url: Option<&str>) -> Self {
        Self::new(frame, Glyph::Attention, "problem-not-from-here-heading", &["problem-not-from-here-what"])
            .primary("problem-not-from-here-open", retry_url)
            .or_back()
    }

    pub(crate) fn not_understood(frame: &Frame, choose_url: Option<&str>) -> Self {
        Self::new(frame, Glyph::Cross, "problem-not-understood-heading", &["problem-not-understood-what"])
            .primary("problem-choose", choose_url)
            .or_back()
    }

    pub(crate) fn internal(frame: &Frame, retry_url: Option<&str>) -> Self {
        let words = ["problem-internal-what", "tell-the-host"];
        Self::new(frame, Glyph::Cross, "problem-internal-heading", &words).primary("try-again", retry_url).or_back()
    }

    /// 500: the Alloy user belongs to another user of the host. A retry does not help.
    pub(crate) fn user_conflict(frame: &Frame) -> Self {
        let words = ["problem-user-what", "problem-user-tell"];
        Self::new(frame, Glyph::Attention, "problem-user-heading", &words).or_back()
    }

    /// 503: the catalogue or a new attempt is unavailable, because the vendor does not answer.
    pub(crate) fn service_down(frame: &Frame, retry_url: Option<&str>) -> Self {
        Self::new(frame, Glyph::Clock, "service-down-heading", &["problem-service-down-what"])
            .primary("try-again", retry_url)
            .or_back()
    }

    /// 503: the connections cannot be listed. A retry does not help, but the host can.
    pub(crate) fn connections_unknown(frame: &Frame) -> Self {
        let words = ["problem-unknown-what", "tell-the-host"];
        Self::new(frame, Glyph::Attention, "problem-unknown-heading", &words).or_back()
    }
}
