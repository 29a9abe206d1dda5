//! Every problem, with and without a way on.

use super::Cast;
use crate::{
    domain::error::Error,
    web::{
        pages::{Frame, Problem},
        problem::Problem as Failure,
    },
};

impl Problem {
    pub(super) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
        let known = cast.frame();
        let frame = Frame { person: None, ..cast.frame() };
        let lost = Frame { return_url: None, ..frame.clone() };
        let of = |failure, frame| Self::of(&failure, frame, Some("/connectors"), Some("/connectors"));
        let all = [
            ("not-found", of(Failure::NotFound, &known)),
            ("not-found-unknown", Self::of(&Failure::NotFound, &lost, None, None)),
            ("page-expired", of(Failure::StaleForm, &frame)),
            ("time-over", of(Failure::SessionOver, &frame)),
            ("time-over-window", of(Failure::SessionOver, &cast.in_window())),
            ("time-over-lost", of(Failure::SessionOver, &lost)),
            ("no-cookie", of(Failure::NoCookie, &frame)),
            ("start-link", of(Failure::PageExpired, &frame)),
            ("too-many", of(Failure::TooMany { seconds: 1 }, &known)),
            ("not-from-here", of(Failure::CrossSite, &known)),
            ("other-address", of(Failure::OtherAddress { public_url: "https://connect.acme.com".to_owned() }, &frame)),
            ("not-understood", of(Failure::Malformed, &frame)),
            ("internal", of(Failure::Internal, &known)),
            ("user-conflict", of(Failure::UserConflict, &known)),
            ("service-down", of(Failure::Failed(Error::UpstreamUnavailable), &known)),
            ("connections-unknown", of(Failure::ConnectionsUnknown, &known)),
        ];
        all.map(|(name, problem)| (name, problem.reference("K7F3-92QD"))).into()
    }
}
