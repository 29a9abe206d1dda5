use strum::VariantArray as _;
use time::{Duration, macros::datetime};
use uuid::Uuid;

use super::*;
use crate::domain::{
    attempt::{Begin, Reason},
    connector::{AuthenticationType, ConnectorId},
    keys::Digest,
    session::{ExternalId, SessionId},
};

const BEGAN: OffsetDateTime = datetime!(2026-03-03 12:00 UTC);

fn attempt() -> LinkAttempt {
    LinkAttempt::begin(Begin {
        id: AttemptId(Uuid::from_u128(0xA1)),
        session_id: SessionId(Uuid::nil()),
        user: ExternalId::parse("jane").unwrap(),
        connector: ConnectorId::parse("slack").unwrap(),
        authentication_type: AuthenticationType::parse("oauth2").unwrap(),
        by_key: false,
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
fn every_end_says_why_what_to_tell_and_what_to_do() {
    let sight = Sight { now: BEGAN, removed: false, disconnected: false };
    let mut causes = Vec::new();
    for reason in Reason::VARIANTS {
        let ended = LinkAttempt { reason: Some(*reason), ..attempt() };
        let said = explanation::of(&ended, sight);
        for sentences in [&said.cause, &said.tell, &said.can] {
            assert!(
                !sentences.is_empty() && sentences.iter().all(|sentence| sentence.ends_with(['.', '?'])),
                "{said:?}"
            );
        }
        causes.push(said.cause[0]);
    }
    causes.sort_unstable();
    causes.dedup();
    assert_eq!(causes.len(), Reason::VARIANTS.len(), "each reason has words of its own");
}

#[test]
fn what_is_under_way_says_what_it_waits_for() {
    let sight = Sight { now: BEGAN, removed: false, disconnected: false };
    let cause = |attempt: &LinkAttempt, sight| explanation::of(attempt, sight).cause[0];
    assert!(cause(&attempt(), sight).contains("has not come back"));
    let back = LinkAttempt { returned_at: Some(BEGAN), ..attempt() };
    assert!(cause(&back, sight).contains("does not list anything new yet"));
    let late = Sight { now: BEGAN + Duration::hours(2), ..sight };
    assert!(cause(&back, late).contains("time is over"));
}
