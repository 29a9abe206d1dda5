//! Property tests: all observations of an attempt, in any order.

mod connected;
mod jar;
mod lists;
mod orders;
mod proof;
mod renewed;
mod tabs;
mod world;

use std::collections::{BTreeSet, HashMap};

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::*;
use crate::domain::{
    clock::from_millis,
    connection::{Claim, Claims, CredentialId, Listed, Listing},
    connector::{AuthenticationType, ConnectorId},
    keys::Digest,
    session::SessionId,
    user::ExternalId,
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

/// Created before the attempt.
fn renewed(listed: Listed) -> Listed {
    Listed { created_at: Some(began() - Duration::HOUR), ..listed }
}

fn listing(credentials: Vec<Listed>) -> Listing {
    Listing { credentials, answered_at: Some(began()) }
}

fn begin(replaces: Option<u8>) -> Begin {
    Begin {
        id: AttemptId::from_uuid(Uuid::from_u128(7)),
        session_id: SessionId::from_uuid(Uuid::from_u128(8)),
        user: ExternalId::parse("jane").unwrap(),
        connector: ConnectorId::parse("slack").unwrap(),
        authentication_type: AuthenticationType::parse("oauth2").unwrap(),
        is_api_key: false,
        input: Digest::of(b"input"),
        state_digest: Digest::of(b"state"),
        snapshot: Some(listing(vec![credential(OLD, "slack", -3600)])),
        replaces: replaces.map(|number| credential(number, "slack", 0).id),
        needs_completion: false,
        deletes_unreturned: false,
        at: began(),
        deadline: began() + Duration::minutes(65),
    }
}

fn attempt(replaces: Option<u8>) -> LinkAttempt {
    LinkAttempt::begin(begin(replaces))
}

fn without_proof(mut attempt: LinkAttempt) -> LinkAttempt {
    if let Status::Linked(link) = &mut attempt.status {
        (link.proof, link.account) = (None, None);
    }
    // Follows the time.
    attempt.next_refresh = None;
    attempt
}

fn open(attempts: &[LinkAttempt]) -> Vec<LinkAttempt> {
    attempts.iter().filter(|attempt| !attempt.state().is_end()).cloned().collect()
}

/// Finds the same credentials as `store::provenance`.
fn from_ended_attempts(listing: &Listing, attempts: &[LinkAttempt]) -> BTreeSet<CredentialId> {
    let ended = |attempt: &&LinkAttempt| attempt.state().is_end() && !attempt.is_api_key;
    let brought = |listed: &&Listed| attempts.iter().filter(ended).any(|attempt| attempt.may_have_created(listed));
    listing.credentials.iter().filter(brought).map(|listed| listed.id.clone()).collect()
}

fn claims() -> Claims {
    let claim = Claim::untried(AttemptId::from_uuid(Uuid::from_u128(99)), State::Linked, None);
    HashMap::from([(credential(OTHERS, "slack", 0).id, claim)])
}

fn ids(claimed: &[Claimed]) -> Vec<CredentialId> {
    claimed.iter().map(|one| one.id.clone()).collect()
}

fn others() -> SiblingAttempts {
    let new_ids =
        (100..104).map(|id| (AttemptId::from_uuid(Uuid::from_u128(id)), Digest::of(&id.to_be_bytes()))).collect();
    SiblingAttempts { claims: claims(), new_ids, ..SiblingAttempts::default() }
}

#[derive(Debug, Clone)]
enum Seen {
    BeganAgain,
    Returned(Option<Reason>),
    Elsewhere,
    Answered(UserAnswer),
    Listed(Vec<(u8, bool, i64)>),
    ListFailed,
}

fn step(attempt: &LinkAttempt, seen: &Seen, now: OffsetDateTime) -> Option<Change> {
    let listed;
    let observation = match seen {
        Seen::BeganAgain => Observation::BeganAgain,
        Seen::Returned(refused) => Observation::Returned { refusal: *refused },
        Seen::Elsewhere => Observation::ReturnedElsewhere,
        Seen::Answered(answer) => Observation::Answered(*answer),
        Seen::ListFailed => Observation::TimePassed,
        Seen::Listed(credentials) => {
            let app = |slack| if slack { "slack" } else { "notion" };
            let old =
                |listed: Listed| if listed.id == credential(OLD, "slack", 0).id { renewed(listed) } else { listed };
            let each = credentials.iter().map(|&(number, slack, after)| old(credential(number, app(slack), after)));
            listed = listing(each.collect());
            Observation::Listed(&listed)
        }
    };
    attempt.observe(&observation, &others(), now)
}

#[test]
fn evidence_after_the_users_own_return_links() {
    let returned = step(&attempt(None), &Seen::Returned(None), began()).unwrap().attempt;
    let seen = Seen::Listed(vec![(OLD, true, -3600), (OTHERS, true, 30), (4, true, 30), (3, true, 20), (5, false, 30)]);
    let change = step(&returned, &seen, began()).unwrap();
    assert_eq!((change.attempt.state(), change.attempt.reason()), (State::Linked, Some(Reason::New)));
    let [first, second] = [3, 4].map(|number| credential(number, "slack", 0).id);
    assert_eq!(
        ids(&change.claims),
        std::slice::from_ref(&first),
        "the one made first; not the old, another's, another app's"
    );
    assert_eq!(change.attempt.credential(), Some(&first));
    let [derived] = change.derived.as_slice() else { panic!("{:?}", change.derived) };
    assert_eq!((derived.attempt.state(), derived.attempt.credential()), (State::Linked, Some(&second)));
    let kinds: Vec<_> = change.outbox.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["connection.linked", "link_attempt.ended"]);
}

#[test]
fn evidence_without_a_return_waits_for_the_deadline() {
    let seen = Seen::Listed(vec![(3, true, 20)]);
    assert_eq!(step(&attempt(None), &seen, began() + Duration::minutes(64)), None);
    let change = step(&attempt(None), &seen, began() + Duration::minutes(65)).unwrap();
    assert_eq!((change.attempt.state(), change.attempt.reason()), (State::Unverified, Some(Reason::NoReturn)));
}

#[test]
fn a_foreign_return_outweighs_the_users_own() {
    let returned = step(&attempt(None), &Seen::Returned(None), began()).unwrap().attempt;
    let both = step(&returned, &Seen::Elsewhere, began()).unwrap().attempt;
    let change = step(&both, &Seen::Listed(vec![(3, true, 20)]), began()).unwrap();
    assert_eq!((change.attempt.state(), change.attempt.reason()), (State::Unverified, Some(Reason::ForeignReturn)));
}

#[test]
fn foreign_return_after_a_link_is_refreshed_once() {
    let returned = step(&attempt(None), &Seen::Returned(None), began()).unwrap().attempt;
    let linked = step(&returned, &Seen::Listed(vec![(3, true, 20)]), began()).unwrap().attempt;
    assert_eq!(linked.next_refresh, None);
    let late = began() + Duration::minutes(5);
    let revoked = step(&linked, &Seen::Elsewhere, late).unwrap().attempt;
    let soon = late + Duration::seconds(3);
    assert_eq!((revoked.state(), revoked.next_refresh), (State::Unverified, Some(soon)));
    assert_eq!(revoked.next_refresh_after(soon), None);
}

#[test]
fn without_a_snapshot_there_is_no_evidence_and_the_users_word_decides() {
    let mut blind = attempt(None);
    blind.snapshot = None;
    let returned = step(&blind, &Seen::Returned(None), began()).unwrap().attempt;
    assert_eq!(step(&returned, &Seen::Listed(vec![(3, true, 20)]), began()), None);
    let said = step(&returned, &Seen::Answered(UserAnswer::Canceled), began()).unwrap().attempt;
    let change = step(&said, &Seen::ListFailed, began()).unwrap();
    assert_eq!((change.attempt.state(), change.attempt.reason()), (State::Denied, Some(Reason::Canceled)));
}

#[test]
fn a_credential_made_long_before_is_no_evidence_even_if_the_snapshot_lacks_it() {
    let returned = step(&attempt(None), &Seen::Returned(None), began()).unwrap().attempt;
    assert_eq!(step(&returned, &Seen::Listed(vec![(3, true, -61)]), began()), None);
    assert!(step(&returned, &Seen::Listed(vec![(3, true, -60)]), began()).is_some());
}

#[test]
fn a_key_that_is_listed_is_saved_and_one_that_never_is_was_not() {
    let key = LinkAttempt { is_api_key: true, ..attempt(None) };
    let change = step(&key, &Seen::Listed(vec![(3, true, 20)]), began()).unwrap();
    assert_eq!((change.attempt.state(), change.attempt.reason()), (State::Linked, Some(Reason::KeySaved)));
    assert_eq!(step(&key, &Seen::Listed(vec![]), began()), None);
    let change = step(&key, &Seen::Listed(vec![]), key.deadline).unwrap();
    assert_eq!((change.attempt.state(), change.attempt.reason()), (State::Failed, Some(Reason::UpstreamUnavailable)));
    let sent = key.observe(&Observation::Sent { until: key.deadline }, &others(), began()).unwrap().attempt;
    assert_eq!(step(&sent, &Seen::Listed(vec![(3, true, 20)]), began()), None, "only a return binds it now");
}

#[test]
fn what_was_only_renewed_is_not_deleted_when_another_browser_comes_back() {
    let returned = step(&attempt(Some(OLD)), &Seen::Returned(None), began()).unwrap().attempt;
    let renewed = step(&returned, &Seen::Listed(vec![(OLD, true, 2)]), began()).unwrap();
    let old = credential(OLD, "slack", 0).id;
    assert_eq!((renewed.attempt.state(), ids(&renewed.claims)), (State::Linked, vec![old.clone()]));
    let claim = Claim::untried(returned.id, State::Linked, None);
    let others = SiblingAttempts { claims: HashMap::from([(old, claim)]), ..SiblingAttempts::default() };
    let change = renewed.attempt.observe(&Observation::ReturnedElsewhere, &others, began()).unwrap();
    assert_eq!((change.attempt.state(), change.deletions), (State::Unverified, Vec::new()));
}

#[test]
fn a_key_for_which_alloy_names_what_it_had_already_is_saved_and_claims_nothing_twice() {
    let key = LinkAttempt { is_api_key: true, ..attempt(None) };
    let known = credential(OTHERS, "slack", 0).id;
    let change = key.observe(&Observation::KeySaved(known.clone()), &others(), began()).unwrap();
    assert_eq!((change.attempt.state(), change.attempt.credential()), (State::Linked, Some(&known)));
    assert_eq!(change.claims, Vec::new());
}

#[test]
fn a_fresh_link_has_its_whole_time_again() {
    let late = began() + Duration::minutes(64);
    let until = late + Duration::minutes(65);
    let sent = attempt(None).observe(&Observation::Sent { until }, &others(), late).unwrap().attempt;
    assert_eq!(sent.deadline, until);
    let returned = step(&sent, &Seen::Returned(None), began() + Duration::minutes(70)).unwrap().attempt;
    assert!(returned.returned_at.is_some());
    let earlier = Observation::Sent { until: began() };
    assert_eq!(sent.observe(&earlier, &others(), late).unwrap().attempt.deadline, until, "never shorter");
}

#[test]
fn who_begins_again_takes_back_what_was_said_before() {
    let denied = step(&attempt(None), &Seen::Returned(Some(Reason::AccessDenied)), began()).unwrap().attempt;
    let said = step(&denied, &Seen::Answered(UserAnswer::Canceled), began()).unwrap().attempt;
    let again = step(&said, &Seen::BeganAgain, began()).unwrap().attempt;
    assert_eq!((again.refusal, again.user_answer, again.returned_at), (None, None, said.returned_at));
    assert_eq!(step(&again, &Seen::Listed(vec![]), began()), None, "the list may only be late");
    let cancelled = step(&again, &Seen::Returned(Some(Reason::AccessDenied)), began()).unwrap().attempt;
    let change = step(&cancelled, &Seen::Listed(vec![]), began()).unwrap();
    assert_eq!(change.attempt.reason(), Some(Reason::AccessDenied), "the last return counts");
}

#[test]
fn an_attempt_without_a_snapshot_goes_on_only_while_there_is_no_list() {
    let blind = LinkAttempt { snapshot: None, ..attempt(None) };
    let input = Digest::of(b"input");
    assert!(blind.continues_with(&input, None, began()));
    assert!(!blind.continues_with(&input, Some(&listing(vec![])), began()));
    assert!(attempt(None).continues_with(&input, None, began()));
    let key = LinkAttempt { is_api_key: true, ..blind };
    assert!(key.continues_with(&input, Some(&listing(vec![])), began()), "the second press of a double click");
}

#[test]
fn what_was_made_long_after_an_attempt_is_not_of_it() {
    let seen = |after| Seen::Listed(vec![(3, true, after)]);
    let late = began() + Duration::days(3);
    let change = step(&attempt(None), &seen(2 * 24 * 3600), late).unwrap();
    assert_eq!((change.attempt.state(), change.claims), (State::Expired, Vec::new()));
    assert_eq!(step(&attempt(None), &seen(3900), late).unwrap().attempt.state(), State::Unverified);
}

#[test]
fn implicated_credential_is_no_evidence() {
    let returned = step(&attempt(None), &Seen::Returned(None), began()).unwrap().attempt;
    let listed = listing(vec![credential(3, "slack", 20)]);
    for (implicated, linked) in [(BTreeSet::new(), true), (BTreeSet::from([credential(3, "slack", 20).id]), false)] {
        let others = SiblingAttempts { claims: claims(), implicated, ..SiblingAttempts::default() };
        let change = returned.observe(&Observation::Listed(&listed), &others, began());
        assert_eq!(change.is_some_and(|change| change.attempt.state() == State::Linked), linked);
    }
}
