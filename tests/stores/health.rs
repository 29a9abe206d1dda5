//! The health of connections: a refusal is recorded once with its event, and checks are leased by one process.

use gangway::{
    domain::{
        attempt::{Change, LinkAttempt, Observation, Proof, SiblingAttempts},
        session::{AlloyUserId, ExternalId},
    },
    store::{CheckedConnection, CommitOutcome, Disconnection, ErasureOutcome, Store},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    fresh::Fresh,
    samples::{at, attempt, connector, credential, linked, returned, user},
};

on_both!(
    of_many_reports_one_is_the_first,
    refusal_of_an_unknown_user_is_not_recorded,
    refusal_counts_for_users_who_share_an_alloy_user,
    proof_and_its_event_are_one_transaction,
    next_link_ends_the_refusal,
    disconnection_ends_it,
    erasure_leaves_no_row,
    checks_of_a_user_are_leased_one_after_the_other,
    what_is_replaced_or_scheduled_is_not_found_again,
);

fn alloy() -> AlloyUserId {
    AlloyUserId::parse("5eba51a03fe9631316668514").unwrap()
}

async fn open(fresh: &Fresh) -> Store {
    let store = fresh.open().await;
    store.store_alloy_user(&user("jane"), &alloy(), at(0)).await.unwrap();
    store
}

fn checked(id: &str, attempt: Option<&LinkAttempt>) -> CheckedConnection {
    let (user, connector) = (user("jane"), connector("slack"));
    CheckedConnection { credential: credential(id), user, connector, attempt: attempt.map(|attempt| attempt.id) }
}

/// Jane's attempt with that number, which linked that credential.
async fn link(store: &Store, number: u128, id: &str) -> LinkAttempt {
    let mut begun = attempt(number, "slack");
    begun.input = super::samples::code(id);
    let pending = returned(store, &begun).await;
    assert_eq!(store.commit(&linked(&pending, &[id])).await.unwrap(), CommitOutcome::Committed);
    store.attempt(pending.id).await.unwrap().unwrap()
}

async fn refused(store: &Store) -> Vec<String> {
    let known = store.user_link_state(&user("jane")).await.unwrap();
    known.refused.into_iter().map(|id| id.as_str().to_owned()).collect()
}

async fn kinds(store: &Store) -> Vec<String> {
    store.events(&user("jane"), 0).await.unwrap().into_iter().map(|event| event.kind).collect()
}

fn proved(attempt: &LinkAttempt, proof: Proof) -> Change {
    attempt
        .observe(&Observation::Proved { proof, account: None, is_certain: true }, &SiblingAttempts::default(), at(40))
        .unwrap()
}

async fn of_many_reports_one_is_the_first(fresh: &Fresh) {
    let store = open(fresh).await;
    let report = |_, store: Store| async move { store.refuse(&checked("new", None), None, at(50)).await.unwrap() };
    let first: Vec<bool> = fresh.at_once(20, report).await;
    assert_eq!(first.iter().filter(|first| **first).count(), 1);
    let events = store.events(&user("jane"), 0).await.unwrap();
    let [event] = events.as_slice() else { panic!("{events:?}") };
    let body: Value = serde_json::from_str(&event.body).unwrap();
    assert_eq!((&body["type"], &body["data"]["sequence"]), (&json!("connection.needs_reconnect"), &json!(1)));
    assert_eq!((&body["data"]["credential_id"], &body["data"]["attempt_id"]), (&json!("new"), &Value::Null));
    // Once it works again, a new refusal is a new event.
    assert!(store.recover(&credential("new")).await.unwrap() && !store.recover(&credential("new")).await.unwrap());
    assert!(store.refuse(&checked("new", None), None, at(50)).await.unwrap());
    assert_eq!(kinds(&store).await.len(), 2);
}

async fn refusal_of_an_unknown_user_is_not_recorded(fresh: &Fresh) {
    let store = fresh.open().await;
    assert!(!store.refuse(&checked("new", None), None, at(50)).await.unwrap());
    assert!(kinds(&store).await.is_empty() && refused(&store).await.is_empty());
}

async fn refusal_counts_for_users_who_share_an_alloy_user(fresh: &Fresh) {
    let store = open(fresh).await;
    store.refuse(&checked("new", None), None, at(50)).await.unwrap();
    let of = async |name: &str| store.is_refused(&user(name), &credential("new")).await.unwrap();
    assert!(of("jane").await && !of("sam").await);
    store.store_alloy_user(&user("sam"), &alloy(), at(0)).await.unwrap();
    assert!(of("sam").await);
    assert!(!store.is_refused(&user("jane"), &credential("other")).await.unwrap());
}

async fn proof_and_its_event_are_one_transaction(fresh: &Fresh) {
    let store = open(fresh).await;
    let made = link(&store, 1, "new").await;
    let change = proved(&made, Proof::Refused);
    assert_eq!(store.commit(&change).await.unwrap(), CommitOutcome::Committed);
    assert_eq!(store.commit(&change).await.unwrap(), CommitOutcome::VersionConflict);
    assert_eq!(kinds(&store).await[2..], ["connection.needs_reconnect"]);
    assert!(!store.refuse(&checked("new", Some(&made)), Some(&made), at(50)).await.unwrap());
    assert_eq!(refused(&store).await, ["new"]);
    let made = store.attempt(made.id).await.unwrap().unwrap();
    store.commit(&proved(&made, Proof::Works)).await.unwrap();
    assert!(refused(&store).await.is_empty());
}

async fn next_link_ends_the_refusal(fresh: &Fresh) {
    let store = open(fresh).await;
    let made = link(&store, 1, "new").await;
    store.refuse(&checked("new", Some(&made)), Some(&made), at(50)).await.unwrap();
    store.refuse(&checked("other", None), None, at(50)).await.unwrap();
    let mut next = attempt(2, "slack");
    next.replaces = Some(credential("new"));
    next.input = super::samples::code("next");
    let next = returned(&store, &next).await;
    store.commit(&linked(&next, &["newer"])).await.unwrap();
    assert_eq!(refused(&store).await, ["other"], "only what it replaces");
}

async fn disconnection_ends_it(fresh: &Fresh) {
    let store = open(fresh).await;
    let made = link(&store, 1, "new").await;
    let wish = |id: &str, attempt| Disconnection {
        credential: credential(id),
        user: user("jane"),
        alloy_user: alloy(),
        connector: connector("slack"),
        attempt,
        asked_at: at(60),
        tries: 0,
        missed: 0,
        lease: None,
        done_at: None,
    };
    for (id, attempt) in [("new", Some(&made)), ("hosts", None)] {
        store.refuse(&checked(id, attempt), attempt, at(50)).await.unwrap();
        assert!(store.enqueue_disconnection(&wish(id, attempt.map(|attempt| attempt.id))).await.unwrap());
    }
    let removed = Observation::Removed(credential("new"));
    store.commit(&made.observe(&removed, &SiblingAttempts::default(), at(70)).unwrap()).await.unwrap();
    assert!(store.complete_disconnection(&wish("hosts", None), at(70)).await.unwrap());
    assert!(refused(&store).await.is_empty());
    assert!(!store.refuse(&checked("new", Some(&made)), Some(&made), at(80)).await.unwrap(), "it is gone");
    assert_eq!(kinds(&store).await.last().unwrap(), "connection.removed");
}

async fn erasure_leaves_no_row(fresh: &Fresh) {
    let store = open(fresh).await;
    let made = link(&store, 1, "new").await;
    store.refuse(&checked("new", Some(&made)), Some(&made), at(50)).await.unwrap();
    let pseudonym = ExternalId::pseudonym(Uuid::from_u128(1));
    assert_eq!(
        store.erase(&user("jane"), &pseudonym, None, at(100)).await.unwrap(),
        ErasureOutcome::Erased { alloy_user_remains: false }
    );
    assert!(!store.refuse(&checked("new", None), None, at(110)).await.unwrap());
    let mut connection = fresh.connection().await;
    let count: i64 =
        sqlx::query_scalar("select count(*) from connection_health").fetch_one(&mut connection).await.unwrap();
    assert_eq!(count, 0);
}

async fn checks_of_a_user_are_leased_one_after_the_other(fresh: &Fresh) {
    let store = open(fresh).await;
    let (one, other) = (link(&store, 1, "one").await, link(&store, 2, "two").await);
    store
        .schedule_checks(&[(checked("one", Some(&one)), at(100)), (checked("two", Some(&other)), at(110))])
        .await
        .unwrap();
    assert_eq!(store.lease_checks(at(99), at(159), 9).await.unwrap(), []);
    let lease = |_, store: Store| async move { store.lease_checks(at(100), at(160), 9).await.unwrap() };
    let leased: Vec<_> = fresh.at_once(10, lease).await.into_iter().flatten().collect();
    assert_eq!(leased, [checked("one", Some(&one))]);
    assert_eq!(store.lease_checks(at(120), at(180), 9).await.unwrap(), [], "one of hers is under way");
    store.reschedule_check(&credential("one"), Some(at(500))).await.unwrap();
    assert_eq!(store.lease_checks(at(120), at(180), 9).await.unwrap(), [checked("two", Some(&other))]);
    // A process that died gives nothing back: its lease ends by itself.
    assert_eq!(store.lease_checks(at(181), at(241), 9).await.unwrap().len(), 1);
    store.reschedule_check(&credential("two"), None).await.unwrap();
    assert_eq!(store.lease_checks(at(400), at(460), 9).await.unwrap(), []);
}

async fn what_is_replaced_or_scheduled_is_not_found_again(fresh: &Fresh) {
    let store = open(fresh).await;
    let slack = connector("SLACK");
    let made = link(&store, 1, "a").await;
    let found = store.unscheduled(&slack, None, 9).await.unwrap();
    assert_eq!(found, [checked("a", Some(&made))]);
    assert_eq!(store.unscheduled(&slack, Some(&credential("a")), 9).await.unwrap(), []);
    assert_eq!(store.unscheduled(&connector("notion"), None, 9).await.unwrap(), []);
    store.schedule_checks(&[(checked("a", Some(&made)), at(100))]).await.unwrap();
    assert_eq!(store.unscheduled(&slack, None, 9).await.unwrap(), []);
    let mut next = attempt(2, "slack");
    next.replaces = Some(credential("a"));
    let next = returned(&store, &next).await;
    store.commit(&linked(&next, &["b"])).await.unwrap();
    let ids: Vec<_> = store.unscheduled(&slack, None, 9).await.unwrap().into_iter().map(|one| one.credential).collect();
    assert_eq!(ids, [credential("b")]);
    assert_eq!(store.lease_checks(at(999), at(1059), 9).await.unwrap(), [], "what was replaced is not checked");
}
