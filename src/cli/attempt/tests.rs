use strum::VariantArray as _;
use time::{Duration, macros::datetime};
use uuid::Uuid;

use super::*;
use crate::domain::{
    attempt::{Begin, End, Reason, Status},
    connector::{AuthenticationType, ConnectorId},
    keys::Digest,
    session::{ExternalId, SessionId},
};

const BEGAN: OffsetDateTime = datetime!(2026-03-03 12:00 UTC);

fn attempt() -> LinkAttempt {
    LinkAttempt::begin(Begin {
        id: AttemptId::from_uuid(Uuid::from_u128(0xA1)),
        session_id: SessionId::from_uuid(Uuid::nil()),
        user: ExternalId::parse("jane").unwrap(),
        connector: ConnectorId::parse("slack").unwrap(),
        authentication_type: AuthenticationType::parse("oauth2").unwrap(),
        is_api_key: false,
        input: Digest::of(b""),
        state_digest: Digest::of(b""),
        snapshot: None,
        replaces: None,
        needs_completion: false,
        deletes_unreturned: false,
        at: BEGAN,
        deadline: BEGAN + Duration::minutes(65),
    })
}

#[test]
fn every_reason_is_explained() {
    let context = Context { now: BEGAN, removed: false, disconnected: false };
    let mut causes = Vec::new();
    for reason in Reason::VARIANTS {
        let end = End { reason: *reason, settled_at: BEGAN, credential: None };
        let ended = LinkAttempt { status: Status::Failed(end), ..attempt() };
        let explanation = explanation::explain(&ended, context);
        for sentences in [&explanation.cause, &explanation.user_advice, &explanation.operator_advice] {
            assert!(
                !sentences.is_empty() && sentences.iter().all(|sentence| sentence.ends_with(['.', '?'])),
                "{explanation:?}"
            );
        }
        causes.push(explanation.cause[0]);
    }
    causes.sort_unstable();
    causes.dedup();
    assert_eq!(causes.len(), Reason::VARIANTS.len(), "each reason has words of its own");
}

#[test]
fn open_attempts_say_what_they_wait_for() {
    let context = Context { now: BEGAN, removed: false, disconnected: false };
    let cause = |attempt: &LinkAttempt, context| explanation::explain(attempt, context).cause[0];
    assert!(cause(&attempt(), context).contains("has not come back"));
    let back = LinkAttempt { returned_at: Some(BEGAN), ..attempt() };
    assert!(cause(&back, context).contains("does not list anything new yet"));
    let late = Context { now: BEGAN + Duration::hours(2), ..context };
    assert!(cause(&back, late).contains("time is over"));
}
