//! Every problem, with and without a way on.

use super::Cast;
use crate::web::pages::{Frame, Problem};

impl Problem {
    pub(super) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
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
