//! The words for what stops a user. `frame.person` may be unknown on all of them.

use super::Problem;
use crate::web::pages::{Frame, Glyph, sample::Cast};

impl Problem {
    /// 404: nothing lives at this address. `choose_url` is the catalogue, for a user who is known.
    pub fn not_found(frame: &Frame, choose_url: Option<&str>) -> Self {
        Self::new(frame, Glyph::Calm, "problem-not-found-heading", &["problem-not-found-what"])
            .primary("problem-choose", choose_url)
            .or_back()
    }

    /// A page that was open too long: its form no longer counts (screen 5g).
    pub fn page_expired(frame: &Frame) -> Self {
        let words = ["problem-expired-what", "problem-start-again"];
        Self::new(frame, Glyph::Clock, "problem-expired-heading", &words).or_back()
    }

    /// The time of a visit is over, or there was none.
    pub fn time_over(frame: &Frame) -> Self {
        let words = ["problem-time-over-what", "problem-start-again"];
        Self::new(frame, Glyph::Clock, "problem-time-over-heading", &words).or_back()
    }

    /// The cookie that was set a moment ago did not come back.
    pub fn no_cookie(frame: &Frame) -> Self {
        let words = ["problem-cookie-what", "problem-start-again"];
        Self::new(frame, Glyph::Attention, "problem-cookie-heading", &words).or_back()
    }

    /// A start link that was used, has run out, or never existed: one page for all three.
    pub fn start_link_not_valid(frame: &Frame) -> Self {
        let words = ["problem-link-what", "problem-start-again"];
        Self::new(frame, Glyph::Clock, "problem-link-heading", &words).or_back()
    }

    /// 429. `retry_url` is the same page.
    pub fn too_many_requests(frame: &Frame, retry_url: Option<&str>) -> Self {
        Self::new(frame, Glyph::Clock, "problem-too-many-heading", &["problem-too-many-what"])
            .primary("try-again", retry_url)
            .or_back()
    }

    /// 403: a form that was not sent from our own page. `retry_url` is the page that it should have come from.
    pub fn not_from_here(frame: &Frame, retry_url: Option<&str>) -> Self {
        Self::new(frame, Glyph::Attention, "problem-not-from-here-heading", &["problem-not-from-here-what"])
            .primary("problem-not-from-here-open", retry_url)
            .or_back()
    }

    /// 400, 405, 413, 415 and the like: what the browser sent makes no sense.
    pub fn not_understood(frame: &Frame, choose_url: Option<&str>) -> Self {
        Self::new(frame, Glyph::Cross, "problem-not-understood-heading", &["problem-not-understood-what"])
            .primary("problem-choose", choose_url)
            .or_back()
    }

    /// 500: our own mistake.
    pub fn internal(frame: &Frame, retry_url: Option<&str>) -> Self {
        let words = ["problem-internal-what", "tell-the-host"];
        Self::new(frame, Glyph::Cross, "problem-internal-heading", &words).primary("try-again", retry_url).or_back()
    }

    /// 500: the vendor's user belongs to another user of the host. Trying again does not help.
    pub fn user_conflict(frame: &Frame) -> Self {
        let words = ["problem-user-what", "problem-user-tell"];
        Self::new(frame, Glyph::Attention, "problem-user-heading", &words).or_back()
    }

    /// 503: the apps cannot be shown, or nothing can be begun, because the vendor does not answer.
    pub fn service_down(frame: &Frame, retry_url: Option<&str>) -> Self {
        Self::new(frame, Glyph::Clock, "service-down-heading", &["problem-service-down-what"])
            .primary("try-again", retry_url)
            .or_back()
    }

    /// 503: what is connected cannot be told. Trying again does not help, but the host can.
    pub fn connections_unknown(frame: &Frame) -> Self {
        let words = ["problem-unknown-what", "tell-the-host"];
        Self::new(frame, Glyph::Attention, "problem-unknown-heading", &words).or_back()
    }

    pub(in crate::web::pages) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
        let known = cast.frame();
        let frame = Frame { person: None, ..cast.frame() };
        let lost = Frame { return_url: None, ..frame.clone() };
        let url = Some("/connectors");
        let all = [
            ("not-found", Self::not_found(&known, url)),
            ("not-found-unknown", Self::not_found(&lost, None)),
            ("page-expired", Self::page_expired(&frame)),
            ("time-over", Self::time_over(&frame)),
            ("time-over-lost", Self::time_over(&lost)),
            ("no-cookie", Self::no_cookie(&frame)),
            ("start-link", Self::start_link_not_valid(&frame)),
            ("too-many", Self::too_many_requests(&known, url)),
            ("not-from-here", Self::not_from_here(&known, url)),
            ("not-understood", Self::not_understood(&frame, url)),
            ("internal", Self::internal(&known, url)),
            ("user-conflict", Self::user_conflict(&known)),
            ("service-down", Self::service_down(&known, url)),
            ("connections-unknown", Self::connections_unknown(&known)),
        ];
        all.map(|(name, problem)| (name, problem.reference("K7F3-92QD"))).into()
    }
}
