//! The attempt under everything that can be seen of it, in any order.

mod connected;

use std::collections::HashMap;

use proptest::{collection::vec, prelude::*};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::*;
use crate::{
    clock::from_millis,
    connection::{Claim, Claims, CredentialId, Listed, Listing},
    connector::{AuthenticationType, ConnectorId},
    keys::Digest,
    session::{ExternalId, SessionId},
};

const OLD: u8 = 0;
const OTHERS: u8 = 1;

fn began() -> OffsetDateTime {
    from_millis(1_780_000_000_000)
}

fn credential(number: u8, connector: &str, after: i64) -> Listed {
    let made = began() + Duration::seconds(after);
    Listed {
        id: CredentialId::parse(format!("{number:024x}")).unwrap(),
        connector: ConnectorId::parse(connector).unwrap(),
        name: format!("Slack ({number})"),
        created_at: Some(made),
        updated_at: Some(made),
    }
}

fn listing(credentials: Vec<Listed>) -> Listing {
    Listing { credentials, answered_at: Some(began()) }
}

fn attempt(replaces: Option<u8>) -> LinkAttempt {
    LinkAttempt::begin(Begin {
        id: AttemptId(Uuid::from_u128(7)),
        session_id: SessionId(Uuid::from_u128(8)),
        user: ExternalId::parse("jane").unwrap(),
        connector: ConnectorId::parse("slack").unwrap(),
        authentication_type: AuthenticationType::parse("oauth2").unwrap(),
        by_key: false,
        input: Digest::of(b"input"),
        state_digest: Digest::of(b"state"),
        snapshot: Some(listing(vec![credential(OLD, "slack", -3600)])),
        replaces: replaces.map(|number| credential(number, "slack", 0).id),
        at: began(),
        deadline: began() + Duration::minutes(65),
    })
}

fn claims() -> Claims {
    let claim = Claim { attempt: AttemptId(Uuid::from_u128(99)), state: State::Linked };
    HashMap::from([(credential(OTHERS, "slack", 0).id, claim)])
}

/// One thing seen, as a property test draws it.
#[derive(Debug, Clone)]
enum Seen {
    BeganAgain,
    Superseded,
    NotBegun,
    Returned(Option<Reason>),
    Elsewhere,
    Answered(UserAnswer),
    Listed(Vec<(u8, bool, i64)>),
    ListFailed,
}

fn seen() -> impl Strategy<Value = Seen> {
    let reason = prop_oneof![Just(Reason::AccessDenied), Just(Reason::AdminApproval), Just(Reason::UpstreamRefused)];
    prop_oneof![
        1 => Just(Seen::BeganAgain),
        1 => Just(Seen::Superseded),
        1 => Just(Seen::NotBegun),
        4 => proptest::option::weighted(0.2, reason).prop_map(Seen::Returned),
        2 => Just(Seen::Elsewhere),
        2 => proptest::sample::select(UserAnswer::ALL).prop_map(Seen::Answered),
        6 => vec((0..6_u8, any::<bool>(), -200..4000_i64), 0..5).prop_map(Seen::Listed),
        2 => Just(Seen::ListFailed),
    ]
}

fn step(attempt: &LinkAttempt, seen: &Seen, now: OffsetDateTime) -> Option<Change> {
    let listed;
    let observation = match seen {
        Seen::BeganAgain => Observation::BeganAgain,
        Seen::Superseded => Observation::Superseded,
        Seen::NotBegun => Observation::NotBegun(Reason::UpstreamUnavailable),
        Seen::Returned(refused) => Observation::Returned { refused: *refused },
        Seen::Elsewhere => Observation::ReturnedElsewhere,
        Seen::Answered(answer) => Observation::Answered(*answer),
        Seen::ListFailed => Observation::TimePassed,
        Seen::Listed(credentials) => {
            let app = |slack| if slack { "slack" } else { "notion" };
            let each = credentials.iter().map(|&(number, slack, after)| credential(number, app(slack), after));
            listed = listing(each.collect());
            Observation::Listed(&listed)
        }
    };
    attempt.observe(&observation, &claims(), now)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn an_attempt_ends_once_and_never_wrongly(steps in vec((seen(), 0..1_500_i64), 1..20), reconnect in any::<bool>()) {
        let mut attempt = attempt(reconnect.then_some(OLD));
        let mut now = began();
        let (mut ends, mut foreign) = (0, false);
        for (seen, passed) in steps {
            now += Duration::seconds(passed);
            foreign |= matches!(seen, Seen::Elsewhere) && !attempt.state.is_end();
            let Some(change) = step(&attempt, &seen, now) else { continue };
            prop_assert!(!attempt.state.is_end(), "an end stays");
            let after = change.attempt;
            if after.state.is_end() {
                ends += 1;
                let own: Vec<_> = change.outbox.iter().map(|event| event.kind).collect();
                prop_assert_eq!(own.last(), Some(&EventKind::LinkAttemptEnded));
                prop_assert!(after.reason.is_some() && after.settled_at == Some(now));
            } else {
                prop_assert!(change.outbox.is_empty() && change.claims.is_empty());
            }
            for claimed in &change.claims {
                prop_assert!(!claims().contains_key(claimed), "another attempt's credential");
                prop_assert!(after.state == State::Linked || after.state == State::Unverified);
            }
            if after.state == State::Linked {
                prop_assert!(!foreign && after.returned_at.is_some(), "only a bound return links");
                let old = credential(OLD, "slack", 0).id;
                prop_assert_eq!(after.reason == Some(Reason::Renewed), after.credential == Some(old));
            }
            attempt = after;
        }
        prop_assert!(ends <= 1);
    }
}

#[test]
fn evidence_after_the_users_own_return_links() {
    let returned = step(&attempt(None), &Seen::Returned(None), began()).unwrap().attempt;
    let seen = Seen::Listed(vec![(OLD, true, -3600), (OTHERS, true, 30), (4, true, 30), (3, true, 20), (5, false, 30)]);
    let change = step(&returned, &seen, began()).unwrap();
    assert_eq!((change.attempt.state, change.attempt.reason), (State::Linked, Some(Reason::New)));
    let claimed: Vec<_> = [3, 4].map(|number| credential(number, "slack", 0).id).into();
    assert_eq!(change.claims, claimed, "the one made first in front; not the old, another's, another app's");
    assert_eq!(change.attempt.credential.as_ref(), claimed.first());
    let kinds: Vec<_> = change.outbox.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["connection.linked", "link_attempt.ended"]);
}

#[test]
fn evidence_without_a_return_waits_for_the_deadline() {
    let seen = Seen::Listed(vec![(3, true, 20)]);
    assert_eq!(step(&attempt(None), &seen, began() + Duration::minutes(64)), None);
    let change = step(&attempt(None), &seen, began() + Duration::minutes(65)).unwrap();
    assert_eq!((change.attempt.state, change.attempt.reason), (State::Unverified, Some(Reason::NoReturn)));
}

#[test]
fn a_foreign_return_outweighs_the_users_own() {
    let returned = step(&attempt(None), &Seen::Returned(None), began()).unwrap().attempt;
    let both = step(&returned, &Seen::Elsewhere, began()).unwrap().attempt;
    let change = step(&both, &Seen::Listed(vec![(3, true, 20)]), began()).unwrap();
    assert_eq!((change.attempt.state, change.attempt.reason), (State::Unverified, Some(Reason::ForeignReturn)));
}

#[test]
fn without_a_snapshot_there_is_no_evidence_and_the_users_word_decides() {
    let mut blind = attempt(None);
    blind.snapshot = None;
    let returned = step(&blind, &Seen::Returned(None), began()).unwrap().attempt;
    assert_eq!(step(&returned, &Seen::Listed(vec![(3, true, 20)]), began()), None);
    let said = step(&returned, &Seen::Answered(UserAnswer::Canceled), began()).unwrap().attempt;
    let change = step(&said, &Seen::ListFailed, began()).unwrap();
    assert_eq!((change.attempt.state, change.attempt.reason), (State::Denied, Some(Reason::Canceled)));
}

#[test]
fn a_credential_made_long_before_is_no_evidence_even_if_the_snapshot_lacks_it() {
    let returned = step(&attempt(None), &Seen::Returned(None), began()).unwrap().attempt;
    assert_eq!(step(&returned, &Seen::Listed(vec![(3, true, -61)]), began()), None);
    assert!(step(&returned, &Seen::Listed(vec![(3, true, -60)]), began()).is_some());
}

#[test]
fn a_reconnect_may_renew_the_old_credential() {
    let returned = step(&attempt(Some(OLD)), &Seen::Returned(None), began()).unwrap().attempt;
    let change = step(&returned, &Seen::Listed(vec![(OLD, true, 20)]), began()).unwrap();
    assert_eq!((change.attempt.state, change.attempt.reason), (State::Linked, Some(Reason::Renewed)));
    assert_eq!(step(&attempt(None), &Seen::Listed(vec![(OLD, true, 20)]), began()), None);
}

#[test]
fn a_key_that_is_listed_is_saved_and_one_that_never_is_was_not() {
    let key = LinkAttempt { by_key: true, ..attempt(None) };
    let change = step(&key, &Seen::Listed(vec![(3, true, 20)]), began()).unwrap();
    assert_eq!((change.attempt.state, change.attempt.reason), (State::Linked, Some(Reason::KeySaved)));
    assert_eq!(step(&key, &Seen::Listed(vec![]), began()), None);
    let change = step(&key, &Seen::Listed(vec![]), key.deadline).unwrap();
    assert_eq!((change.attempt.state, change.attempt.reason), (State::Failed, Some(Reason::UpstreamUnavailable)));
    let sent = key.observe(&Observation::Sent { until: key.deadline }, &claims(), began()).unwrap().attempt;
    assert_eq!(step(&sent, &Seen::Listed(vec![(3, true, 20)]), began()), None, "only a return binds it now");
}

#[test]
fn a_connection_that_cannot_be_trusted_is_not_renewed_into_a_trusted_one() {
    let returned = step(&attempt(Some(OLD)), &Seen::Returned(None), began()).unwrap().attempt;
    let old = credential(OLD, "slack", 20);
    for (state, renewed) in [(State::Unverified, false), (State::Linked, true)] {
        let claim = Claim { attempt: AttemptId(Uuid::from_u128(99)), state };
        let claims = HashMap::from([(old.id.clone(), claim)]);
        let change = returned.observe(&Observation::Listed(&listing(vec![old.clone()])), &claims, began());
        assert_eq!(change.is_some_and(|change| change.attempt.state == State::Linked), renewed, "{state}");
    }
}

#[test]
fn a_key_for_which_alloy_names_what_it_had_already_is_saved_and_claims_nothing_twice() {
    let key = LinkAttempt { by_key: true, ..attempt(None) };
    let known = credential(OTHERS, "slack", 0).id;
    let change = key.observe(&Observation::KeySaved(known.clone()), &claims(), began()).unwrap();
    assert_eq!((change.attempt.state, change.attempt.credential), (State::Linked, Some(known)));
    assert_eq!(change.claims, Vec::new());
}

#[test]
fn a_fresh_link_has_its_whole_time_again() {
    let late = began() + Duration::minutes(64);
    let until = late + Duration::minutes(65);
    let sent = attempt(None).observe(&Observation::Sent { until }, &claims(), late).unwrap().attempt;
    assert_eq!(sent.deadline, until);
    let returned = step(&sent, &Seen::Returned(None), began() + Duration::minutes(70)).unwrap().attempt;
    assert!(returned.returned_at.is_some());
    let earlier = Observation::Sent { until: began() };
    assert_eq!(sent.observe(&earlier, &claims(), late).unwrap().attempt.deadline, until, "never shorter");
}

#[test]
fn who_begins_again_takes_back_what_was_said_before() {
    let denied = step(&attempt(None), &Seen::Returned(Some(Reason::AccessDenied)), began()).unwrap().attempt;
    let said = step(&denied, &Seen::Answered(UserAnswer::Canceled), began()).unwrap().attempt;
    let again = step(&said, &Seen::BeganAgain, began()).unwrap().attempt;
    assert_eq!((again.refused, again.answer, again.returned_at), (None, None, said.returned_at));
    assert_eq!(step(&again, &Seen::Listed(vec![]), began()), None, "the list may only be late");
    let cancelled = step(&again, &Seen::Returned(Some(Reason::AccessDenied)), began()).unwrap().attempt;
    let change = step(&cancelled, &Seen::Listed(vec![]), began()).unwrap();
    assert_eq!(change.attempt.reason, Some(Reason::AccessDenied), "the last return counts");
}

#[test]
fn an_attempt_without_a_snapshot_goes_on_only_while_there_is_no_list() {
    let blind = LinkAttempt { snapshot: None, ..attempt(None) };
    let input = Digest::of(b"input");
    assert!(blind.continues_with(&input, None, began()));
    assert!(!blind.continues_with(&input, Some(&listing(vec![])), began()));
    assert!(attempt(None).continues_with(&input, None, began()));
    let key = LinkAttempt { by_key: true, ..blind };
    assert!(key.continues_with(&input, Some(&listing(vec![])), began()), "the second press of a double click");
}

#[test]
fn what_was_made_long_after_an_attempt_is_not_of_it() {
    let seen = |after| Seen::Listed(vec![(3, true, after)]);
    let late = began() + Duration::days(3);
    let change = step(&attempt(None), &seen(2 * 24 * 3600), late).unwrap();
    assert_eq!((change.attempt.state, change.claims), (State::Expired, Vec::new()));
    assert_eq!(step(&attempt(None), &seen(3900), late).unwrap().attempt.state, State::Unverified);
}
