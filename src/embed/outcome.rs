//! The outcome of a session, for the script in the page of the host that opened it.

use std::{
    future::{Ready, ready},
    time::Duration,
};

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, http::header, web};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    domain::{
        attempt::{AttemptId, Reason, State},
        connector::ConnectorId,
        outcome::{Outcome, Progress, Watched, WatchedAttempt, WindowState},
        session::SessionId,
    },
    host_api::{ApiProblem, Kind, Query, whole_number},
    runtime::metrics::Metrics,
    sessions::Sessions,
    web::{
        middleware::{departure::ClientGone, held::HeldRequests, rate_limit::RateLimits},
        problem::Problem,
    },
};

/// Maximum time for which a request is held, in seconds.
const LONGEST_WAIT: u64 = 25;
/// Delay for a caller whose other requests are held, in seconds.
const HELD_ELSEWHERE: u64 = 5;
/// Delay for a caller whose request was answered early because this process stops, in seconds.
const STOPPING: u64 = 1;

/// The session of a valid ticket, within the rate limits. A ticket that is not ours counts for the address only.
pub(crate) struct WatchedSession(SessionId);

impl FromRequest for WatchedSession {
    type Error = ApiProblem;
    type Future = Ready<Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(watched_session(request))
    }
}

fn watched_session(request: &HttpRequest) -> Result<WatchedSession, ApiProblem> {
    let sessions = request.app_data::<web::Data<Sessions>>().ok_or(Problem::Internal)?;
    let limits = request.app_data::<web::Data<RateLimits>>().ok_or(Problem::Internal)?;
    limits.count(request).map_err(Problem::from)?;
    let authorization = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let ticket = authorization
        .and_then(|authorization| authorization.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, ticket)| ticket.trim());
    let session = ticket.and_then(|ticket| sessions.session_of_ticket(ticket)).ok_or(Kind::TicketNotAccepted)?;
    limits.count_ticket(session).map_err(Problem::from)?;
    Ok(WatchedSession(session))
}

/// How long the caller waits, and the version that it knows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wait {
    #[serde(default, deserialize_with = "seconds")]
    wait: u64,
    #[serde(default, deserialize_with = "version")]
    seen: Option<i64>,
}

fn seconds<'de, D: Deserializer<'de>>(reader: D) -> Result<u64, D::Error> {
    whole_number(reader, &(0..=3600))
}

fn version<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<i64>, D::Error> {
    whole_number(reader, &(0..=i64::MAX)).map(Some)
}

#[derive(Debug, Serialize)]
struct OutcomeBody<'a> {
    version: i64,
    window: WindowState,
    attempts: Vec<AttemptBody<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
}

#[derive(Debug, Serialize)]
struct AttemptBody<'a> {
    id: AttemptId,
    connector: &'a ConnectorId,
    state: State,
    reason: Option<Reason>,
    reference: String,
}

/// `GET /embed/outcome?wait=25&seen=N`: with `seen`, the answer is held until the version is another one.
pub(crate) async fn show(
    WatchedSession(session): WatchedSession,
    sessions: web::Data<Sessions>,
    held: web::Data<HeldRequests<SessionId>>,
    metrics: web::Data<Metrics>,
    request: HttpRequest,
    Query(Wait { wait, seen }): Query<Wait>,
) -> Result<HttpResponse, ApiProblem> {
    let longest = Duration::from_secs(wait.min(LONGEST_WAIT));
    let _permit = held.permit(&session).ok_or(Problem::TooMany { seconds: HELD_ELSEWHERE })?;
    let _held = metrics.hold();
    let found = sessions.await_outcome(session, seen, longest, ClientGone::of(&request)).await?;
    let (watched, progress) = found.ok_or(Kind::TicketNotAccepted)?;
    let mut response = HttpResponse::Ok();
    if sessions.is_stopping() {
        response.insert_header((header::RETRY_AFTER, STOPPING));
    }
    Ok(response.json(body(&watched, &progress)))
}

fn body<'a>(watched: &'a Watched, progress: &Progress) -> OutcomeBody<'a> {
    let attempt = |attempt: &'a WatchedAttempt| AttemptBody {
        id: attempt.id,
        connector: &attempt.connector,
        state: attempt.state,
        reason: attempt.reason,
        reference: attempt.id.reference().to_string(),
    };
    OutcomeBody {
        version: progress.version,
        window: progress.window,
        attempts: watched.attempts.iter().map(attempt).collect(),
        outcome: progress.outcome,
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantArray;

    use super::*;

    const TYPES: &str = include_str!("../../static/embed/v1.d.ts");
    const GUIDE: &str = include_str!("../../docs/host-guide.md");
    const EMBEDDING: &str = include_str!("../../docs/embedding.md");

    fn names<T: VariantArray + Serialize>() -> Vec<String> {
        T::VARIANTS.iter().map(|one| serde_json::to_value(one).unwrap().as_str().unwrap().to_owned()).collect()
    }

    /// The texts between two such signs, in the line that begins so.
    fn named(text: &str, line: &str, sign: char) -> Vec<String> {
        let line = text.lines().find_map(|found| found.trim().strip_prefix(line)).unwrap_or_else(|| panic!("{line}"));
        line.split(sign).skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn types_and_documents_name_the_states() {
        assert_eq!(named(TYPES, "export type Outcome =", '"'), names::<Outcome>());
        assert_eq!(named(TYPES, "export type WindowState =", '"'), names::<WindowState>());
        let mut states = named(TYPES, "state:", '"');
        let mut known = names::<State>();
        states.sort();
        known.sort();
        assert_eq!(states, known);
        assert_eq!(named(GUIDE, "| `outcome` |", '`'), names::<Outcome>());
        assert_eq!(named(GUIDE, "| `window` |", '`')[..4], names::<WindowState>());
        let rows =
            EMBEDDING.split("| `outcome` |").nth(1).unwrap().lines().skip(2).map_while(|row| row.strip_prefix("| `"));
        assert_eq!(rows.map(|row| row.split('`').next().unwrap()).collect::<Vec<_>>(), names::<Outcome>());
    }
}
