//! The words for what stops a user. `frame.person` may be unknown on all of them.

use super::Problem;
use crate::pages::{Frame, Glyph, sample::Cast};

impl Problem {
    /// 404: nothing lives at this address. `choose_url` is the catalogue, for a user who is known.
    pub fn not_found(frame: &Frame, choose_url: Option<&str>) -> Self {
        let sentences = ["The address may be mistyped, or the page is no longer here."];
        Self::new(frame, Glyph::Calm, "We cannot find this page", &sentences)
            .primary("Choose an app", choose_url)
            .or_back()
    }

    /// A page that was open too long: its form no longer counts (screen 5g).
    pub fn page_expired(frame: &Frame) -> Self {
        let safe = "For your safety it works for a short time only. Nothing was changed.";
        Self::new(frame, Glyph::Clock, "This page has expired", &[safe, &again(frame)]).or_back()
    }

    /// The time of a visit is over, or there was none.
    pub fn time_over(frame: &Frame) -> Self {
        let safe = "What you connected before is safe.";
        Self::new(frame, Glyph::Clock, "Your time on this page has ended", &[safe, &again(frame)]).or_back()
    }

    /// The cookie that was set a moment ago did not come back.
    pub fn no_cookie(frame: &Frame) -> Self {
        let why =
            "We need one cookie to know that it is still you. Allow cookies for this site, or use another browser.";
        Self::new(frame, Glyph::Attention, "Your browser did not keep our cookie", &[why, &again(frame)]).or_back()
    }

    /// A start link that was used, has run out, or never existed: one page for all three.
    pub fn start_link_not_valid(frame: &Frame) -> Self {
        let why = "For your safety a link works only once, and only for a short time.";
        Self::new(frame, Glyph::Clock, "This link no longer works", &[why, &again(frame)]).or_back()
    }

    /// 429. `retry_url` is the same page.
    pub fn too_many_requests(frame: &Frame, retry_url: Option<&str>) -> Self {
        let sentences = ["Please wait a minute, then try again. What you connected before is safe."];
        Self::new(frame, Glyph::Clock, "Too many tries in a short time", &sentences)
            .primary("Try again", retry_url)
            .or_back()
    }

    /// 403: a form that was not sent from our own page. `retry_url` is the page that it should have come from.
    pub fn not_from_here(frame: &Frame, retry_url: Option<&str>) -> Self {
        let sentences = ["For your safety we accept only what you press on this site. Nothing was changed."];
        Self::new(frame, Glyph::Attention, "We did not accept this", &sentences)
            .primary("Open the page again", retry_url)
            .or_back()
    }

    /// 400, 405, 413, 415 and the like: what the browser sent makes no sense.
    pub fn not_understood(frame: &Frame, choose_url: Option<&str>) -> Self {
        let sentences = ["Something in the request was incomplete or too long. Nothing was changed."];
        Self::new(frame, Glyph::Cross, "We could not read this", &sentences)
            .primary("Choose an app", choose_url)
            .or_back()
    }

    /// 500: our own mistake.
    pub fn internal(frame: &Frame, retry_url: Option<&str>) -> Self {
        let help = format!("If it happens again, tell {} the reference below.", frame.host);
        let sentences = ["It is not your mistake. What you connected before is safe.", help.as_str()];
        Self::new(frame, Glyph::Cross, "Something went wrong on our side", &sentences)
            .primary("Try again", retry_url)
            .or_back()
    }

    /// 503: the apps cannot be shown, or nothing can be begun, because the vendor does not answer.
    pub fn service_down(frame: &Frame, retry_url: Option<&str>) -> Self {
        let heading = format!("The connection service of {} does not answer right now", frame.host);
        let sentences = ["What you connected before is safe. It usually takes a minute or two. Then try again."];
        Self::new(frame, Glyph::Clock, heading, &sentences).primary("Try again", retry_url).or_back()
    }

    pub(in crate::pages) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
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
            ("service-down", Self::service_down(&known, url)),
        ];
        all.map(|(name, problem)| (name, problem.reference("K7F3-92QD"))).into()
    }
}

/// Where a new page, link or visit comes from.
fn again(frame: &Frame) -> String {
    format!("Go back to {} and start again from there.", frame.host)
}
