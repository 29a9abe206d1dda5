//! What users disconnect: kept once, taken by one process at a time, done once, and known to every look after that.

use std::collections::BTreeSet;

use gangway::{
    domain::{
        attempt::{AttemptId, LinkAttempt, Observation, SiblingAttempts, State, TimelineEvent},
        session::AlloyUserId,
    },
    store::{CommitOutcome, Disconnection, Store},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    fresh::Fresh,
    samples::{at, attempt, claimed, connector, credential, linked, returned, user},
};

on_both!(
    of_many_who_ask_one_has_it_to_try,
    a_wish_is_its_users_and_those_who_are_the_same_user_at_alloy,
    what_is_due_is_taken_once_and_comes_again_later,
    what_an_attempt_had_made_is_gone_once,
    what_no_attempt_had_made_is_gone_once,
    a_look_knows_what_is_gone_and_not_what_is_only_asked_for,
    what_was_disconnected_is_not_deleted_once_more,
);

/// Jane's wish, asked for at 40 and leased until 100.
fn wish(id: &str, made_by: Option<AttemptId>) -> Disconnection {
    Disconnection {
        credential: credential(id),
        user: user("jane"),
        alloy_user: AlloyUserId::parse("5eba51a03fe9631316668514").unwrap(),
        connector: connector("slack"),
        attempt: made_by,
        asked_at: at(40),
        tries: 0,
        missed: 0,
        lease: Some(at(100)),
        done_at: None,
    }
}

/// Jane's attempt at Slack that linked `new`, with her wish to disconnect it.
async fn asked(store: &Store) -> LinkAttempt {
    let pending = returned(store, &attempt(1, "slack")).await;
    store.commit(&linked(&pending, &["new"])).await.unwrap();
    let made = store.attempt(pending.id).await.unwrap().unwrap();
    assert!(store.enqueue_disconnection(&wish("new", Some(made.id))).await.unwrap());
    made
}

/// A store that knows Jane, as every page does before it asks.
async fn open(fresh: &Fresh) -> Store {
    let store = fresh.open().await;
    store.store_alloy_user(&user("jane"), &wish("hosts", None).alloy_user, at(0)).await.unwrap();
    store
}

async fn kinds(store: &Store) -> Vec<String> {
    store.events(&user("jane"), 0).await.unwrap().into_iter().map(|event| event.kind).collect()
}

async fn of_many_who_ask_one_has_it_to_try(fresh: &Fresh) {
    let store = open(fresh).await;
    let ask = |_, store: Store| async move { store.enqueue_disconnection(&wish("hosts", None)).await.unwrap() };
    let first: Vec<bool> = fresh.at_once(20, ask).await;
    assert_eq!(first.iter().filter(|first| **first).count(), 1);
    let kept = store.disconnection(&user("jane"), &credential("hosts")).await.unwrap();
    assert_eq!(kept, Some(wish("hosts", None)));
    assert!(kept.unwrap().is_leased(at(99)));
}

async fn a_wish_is_its_users_and_those_who_are_the_same_user_at_alloy(fresh: &Fresh) {
    let store = open(fresh).await;
    let wanted = wish("hosts", None);
    store.enqueue_disconnection(&wanted).await.unwrap();
    let of = async |name: &str| store.disconnection(&user(name), &credential("hosts")).await.unwrap();
    assert_eq!((of("jane").await.is_some(), of("sam").await), (true, None));
    store.store_alloy_user(&user("sam"), &wanted.alloy_user, at(0)).await.unwrap();
    assert_eq!(of("sam").await, Some(wanted));
    assert_eq!(store.disconnection(&user("jane"), &credential("another")).await.unwrap(), None);
}

async fn what_is_due_is_taken_once_and_comes_again_later(fresh: &Fresh) {
    let store = open(fresh).await;
    store.enqueue_disconnection(&wish("hosts", None)).await.unwrap();
    assert_eq!(store.lease_disconnections(at(99), at(159), 9).await.unwrap(), [], "whoever asked is trying it");
    let take = |_, store: Store| async move { store.lease_disconnections(at(100), at(160), 9).await.unwrap() };
    let taken: Vec<_> = fresh.at_once(10, take).await.into_iter().flatten().collect();
    assert_eq!(taken, [Disconnection { lease: Some(at(160)), ..wish("hosts", None) }]);
    store.reschedule_disconnection(&credential("hosts"), at(110), 1).await.unwrap();
    assert_eq!(store.lease_disconnections(at(109), at(169), 9).await.unwrap(), []);
    let again = store.lease_disconnections(at(110), at(170), 9).await.unwrap().remove(0);
    assert_eq!((again.tries, again.missed), (1, 1));
    // A process that died gives nothing back: its lease ends by itself.
    assert_eq!(store.lease_disconnections(at(170), at(230), 9).await.unwrap().len(), 1);
    store.complete_disconnection(&again, at(171)).await.unwrap();
    assert_eq!(store.lease_disconnections(at(9999), at(10_000), 9).await.unwrap(), []);
    store.reschedule_disconnection(&credential("hosts"), at(172), 0).await.unwrap();
    let kept = store.disconnection(&user("jane"), &credential("hosts")).await.unwrap().unwrap();
    assert_eq!((kept.done_at, kept.lease, kept.tries), (Some(at(171)), None, 1), "what is done stays so");
}

async fn what_an_attempt_had_made_is_gone_once(fresh: &Fresh) {
    let store = open(fresh).await;
    let made = asked(&store).await;
    let removed = Observation::Removed(credential("new"));
    let change = made.observe(&removed, &SiblingAttempts::default(), at(41)).unwrap();
    let answers = fresh.at_once(20, |_, store| {
        let change = change.clone();
        async move { store.commit(&change).await.unwrap() }
    });
    assert_eq!(answers.await.iter().filter(|answer| **answer == CommitOutcome::Committed).count(), 1);
    // Another process saw the same later, and read the attempt as it is by now.
    let after = store.attempt(made.id).await.unwrap().unwrap();
    assert_eq!((after.state(), after.reason(), after.settled_at()), (made.state(), made.reason(), made.settled_at()));
    let late = after.observe(&removed, &SiblingAttempts::default(), at(50)).unwrap();
    assert_eq!(store.commit(&late).await.unwrap(), CommitOutcome::AlreadyRemoved);
    assert_eq!(store.attempt(made.id).await.unwrap().unwrap(), after, "nothing of it is kept");
    let steps: Vec<_> = store.timeline(made.id).await.unwrap().iter().map(|step| step.event).collect();
    assert_eq!(steps[2..], [TimelineEvent::Ended, TimelineEvent::Removed]);
    assert_eq!(kinds(&store).await, ["connection.linked", "link_attempt.ended", "connection.removed"]);
    let kept = store.disconnection(&user("jane"), &credential("new")).await.unwrap().unwrap();
    assert_eq!((kept.done_at, kept.lease), (Some(at(41)), None));
}

async fn what_no_attempt_had_made_is_gone_once(fresh: &Fresh) {
    let store = open(fresh).await;
    let wanted = wish("hosts", None);
    store.enqueue_disconnection(&wanted).await.unwrap();
    let answers = fresh.at_once(20, |_, store| {
        let wanted = wanted.clone();
        async move { store.complete_disconnection(&wanted, at(41)).await.unwrap() }
    });
    assert_eq!(answers.await.iter().filter(|first| **first).count(), 1);
    let events = store.events(&user("jane"), 0).await.unwrap();
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((event.attempt, event.sequence, event.at), (None, 1, at(41)));
    let body: Value = serde_json::from_str(&event.body).unwrap();
    let expected = json!({
        "type": "connection.removed",
        "timestamp": "2026-09-21T14:14:01.123Z",
        "data": {
            "attempt_id": null,
            "state": null,
            "reason": null,
            "connector": "slack",
            "credential_id": "hosts",
            "replaces": null,
            "same_account": null,
            "user_id": "jane",
            "alloy_user_id": "5eba51a03fe9631316668514",
            "client_reference": null,
            "session_id": null,
            "sequence": 1,
        }
    });
    assert_eq!(body, expected);
    store.enqueue_disconnection(&wish("hosts-other", None)).await.unwrap();
    store.complete_disconnection(&wish("hosts-other", None), at(42)).await.unwrap();
    let ids: BTreeSet<Uuid> = store.events(&user("jane"), 0).await.unwrap().iter().map(|event| event.id).collect();
    assert_eq!(ids.len(), 2);
}

async fn a_look_knows_what_is_gone_and_not_what_is_only_asked_for(fresh: &Fresh) {
    let store = open(fresh).await;
    let made = asked(&store).await;
    store.enqueue_disconnection(&wish("hosts", None)).await.unwrap();
    let known = store.user_link_state(&user("jane")).await.unwrap();
    assert_eq!((known.claims.len(), known.disconnected.len()), (1, 0));
    let change = made.observe(&Observation::Removed(credential("new")), &SiblingAttempts::default(), at(41)).unwrap();
    store.commit(&change).await.unwrap();
    store.complete_disconnection(&wish("hosts", None), at(42)).await.unwrap();
    let open = attempt(2, "slack");
    store.begin(&open).await.unwrap();
    let mut change = open.observe(&Observation::BeganAgain, &SiblingAttempts::default(), at(43)).unwrap();
    change.claims = vec![claimed("one"), claimed("other")];
    store.commit(&change).await.unwrap();
    let open = store.attempt(open.id).await.unwrap().unwrap();
    let known = store.user_link_state(&user("jane")).await.unwrap();
    assert_eq!(known.claims.len(), 3);
    assert_eq!(known.disconnected, BTreeSet::from([credential("hosts"), credential("new")]));
    assert_eq!((known.claims[&credential("new")].state, known.open), (State::Linked, vec![open]));
    assert_eq!(store.user_link_state(&user("sam")).await.unwrap().disconnected, BTreeSet::new());
}

async fn what_was_disconnected_is_not_deleted_once_more(fresh: &Fresh) {
    let store = open(fresh).await;
    let made = asked(&store).await;
    let change = made.observe(&Observation::Removed(credential("new")), &SiblingAttempts::default(), at(41)).unwrap();
    store.commit(&change).await.unwrap();
    let after = store.attempt(made.id).await.unwrap().unwrap();
    let claims = store.claims(&user("jane")).await.unwrap();
    let others = SiblingAttempts { claims, ..SiblingAttempts::default() };
    let elsewhere = after.observe(&Observation::ReturnedElsewhere, &others, at(42)).unwrap();
    assert_eq!((elsewhere.attempt.state(), &elsewhere.deletions[..]), (State::Unverified, &[credential("new")][..]));
    store.commit(&elsewhere).await.unwrap();
    assert_eq!(store.lease_deletions(at(999), at(1059), 9).await.unwrap(), []);
    assert!(store.deletions_are_complete(made.id).await.unwrap());
    // And the other way round, where neither was done: once gone, it is gone for both.
    let second = returned(&store, &attempt(2, "slack")).await;
    store.commit(&linked(&second, &["newer"])).await.unwrap();
    let second = store.attempt(second.id).await.unwrap().unwrap();
    store.enqueue_disconnection(&wish("newer", Some(second.id))).await.unwrap();
    let claims = store.claims(&user("jane")).await.unwrap();
    let others = SiblingAttempts { claims, ..SiblingAttempts::default() };
    store.commit(&second.observe(&Observation::ReturnedElsewhere, &others, at(50)).unwrap()).await.unwrap();
    let second = store.attempt(second.id).await.unwrap().unwrap();
    let gone = second.observe(&Observation::Removed(credential("newer")), &others, at(51)).unwrap();
    assert_eq!(store.commit(&gone).await.unwrap(), CommitOutcome::Committed);
    assert_eq!(store.lease_deletions(at(999), at(1059), 9).await.unwrap(), []);
    assert_eq!(store.lease_disconnections(at(999), at(1059), 9).await.unwrap(), []);
}
