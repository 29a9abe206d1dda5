//! The texts and the action of each failure. `frame.person` may be unknown on all of them.

use super::Problem;
use crate::{
    i18n::Value,
    web::{
        pages::{Frame, Glyph},
        problem::Problem as Failure,
        routes,
    },
};

impl Problem {
    /// `choose_url` is the catalogue, for a known user. `retry_url` leads nowhere where a retry cannot help.
    pub(crate) fn of(failure: &Failure, frame: &Frame, choose_url: Option<&str>, retry_url: Option<&str>) -> Self {
        use Glyph::{Attention, Calm, Clock, Cross};
        const START_AGAIN: &str = "problem-start-again";
        const TELL: &str = "tell-the-host";
        let page = |glyph, heading, sentences: &[&'static str]| Self::new(frame, glyph, heading, sentences);
        let page = match failure {
            Failure::NotFound | Failure::UnknownReturn => {
                page(Calm, "problem-not-found-heading", &["problem-not-found-what"])
                    .primary("problem-choose", choose_url)
            }
            // A start link that is used, expired or unknown: one page for all three.
            Failure::PageExpired => page(Clock, "problem-link-heading", &["problem-link-what", START_AGAIN]),
            Failure::SessionOver => page(Clock, "problem-time-over-heading", &["problem-time-over-what", START_AGAIN]),
            Failure::NoCookie => page(Attention, "problem-cookie-heading", &["problem-cookie-what", START_AGAIN]),
            Failure::StaleForm => page(Clock, "problem-expired-heading", &["problem-expired-what", START_AGAIN]),
            Failure::CrossSite => page(Attention, "problem-not-from-here-heading", &["problem-not-from-here-what"])
                .primary("problem-not-from-here-open", choose_url),
            Failure::OtherAddress { public_url } => {
                Self::other_address(frame, public_url, &format!("{public_url}{}", routes::CONNECTORS))
            }
            // A retry does not help, but the host can.
            Failure::ConnectionsUnknown => page(Attention, "problem-unknown-heading", &["problem-unknown-what", TELL]),
            Failure::UserConflict => {
                page(Attention, "problem-user-heading", &["problem-user-what", "problem-user-tell"])
            }
            Failure::TooMany { .. } => {
                page(Clock, "problem-too-many-heading", &["problem-too-many-what"]).primary("try-again", retry_url)
            }
            Failure::MethodNotAllowed(_)
            | Failure::TooLarge
            | Failure::AddressTooLong
            | Failure::TooSlow
            | Failure::UnsupportedType
            | Failure::Malformed => page(Cross, "problem-not-understood-heading", &["problem-not-understood-what"])
                .primary("problem-choose", choose_url),
            Failure::Failed(error) if error.is_temporary() => {
                page(Clock, "service-down-heading", &["problem-service-down-what"]).primary("try-again", retry_url)
            }
            Failure::Internal | Failure::Failed(_) => {
                page(Cross, "problem-internal-heading", &["problem-internal-what", TELL])
                    .primary("try-again", retry_url)
            }
        };
        page.or_back()
    }

    /// A form of a page that the browser opened elsewhere than at the public URL. `right_url` is the page there.
    pub(crate) fn other_address(frame: &Frame, public_url: &str, right_url: &str) -> Self {
        let mut page = Self::new(frame, Glyph::Attention, "problem-address-heading", &[]);
        page.sentences.push(frame.say("problem-address-what").with("address", Value::Strong(public_url.to_owned())));
        page.primary("problem-address-open", Some(right_url))
    }
}
