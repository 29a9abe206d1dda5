//! Users who are to be forgotten: all at once, and whatever is under way for them leaves nothing behind.

use gangway::{
    domain::{
        attempt::{LinkAttempt, Observation, Reason, SiblingAttempts},
        session::{AlloyUserId, ConnectSession, EndUser, ExternalId, SessionId},
    },
    store::{
        AlloyUserEnd, AttemptFilter, Begun, CommitOutcome, Disconnection, ErasureOutcome, Mapping, Store, StoreIf,
    },
};
use sqlx::{Connection as _, Executor as _, PgConnection};
use uuid::Uuid;

use super::{
    fresh::Fresh,
    samples::{at, attempt, code, connector, credential, linked, listing, returned, session, user},
};

on_both!(
    what_is_open_has_to_end_first,
    linked_attempt_stays_beside_one_that_is_refreshed_later,
    what_is_under_way_leaves_nothing_behind,
    what_was_read_before_is_not_written_after,
    an_erasure_is_taken_once_and_asked_anew_it_goes_on,
    what_is_remembered_of_purged_attempts_bears_no_name_and_still_counts,
);

fn alloy() -> AlloyUserId {
    AlloyUserId::parse("5eba51a03fe9631316668514").unwrap()
}

fn nobody(number: u128) -> ExternalId {
    ExternalId::pseudonym(Uuid::from_u128(number))
}

/// Jane's wish to disconnect what no attempt of ours made.
fn wish(id: &str) -> Disconnection {
    Disconnection {
        credential: credential(id),
        user: user("jane"),
        alloy_user: alloy(),
        connector: connector("slack"),
        attempt: None,
        asked_at: at(40),
        tries: 0,
        missed: 0,
        lease: None,
        done_at: None,
    }
}

/// Erases Jane, as the product does: what is open ends first.
async fn erase(store: &Store, pseudonym: &ExternalId) {
    loop {
        match store.erase(&user("jane"), pseudonym, None, at(100)).await.unwrap() {
            ErasureOutcome::Erased { .. } => return,
            ErasureOutcome::StillOpen(attempts) => {
                for open in attempts {
                    let change = open.observe(&Observation::Superseded, &SiblingAttempts::default(), at(99)).unwrap();
                    store.commit(&change).await.unwrap();
                }
            }
        }
    }
}

/// How many unclaimed credentials of that app an attempt of Jane's may have brought, of one made soon after its beginning.
async fn from_ended_attempts(store: &Store, app: &str) -> usize {
    let listed = listing(app, &["unclaimed"], 10).credentials;
    store.from_ended_attempts(&user("jane"), &listed.iter().collect::<Vec<_>>()).await.unwrap().len()
}

/// How much has Jane's name.
async fn left(store: &Store) -> (usize, Option<AlloyUserId>, usize, usize) {
    let jane = AttemptFilter { user: Some(user("jane")), ..AttemptFilter::default() };
    let known = store.user_link_state(&user("jane")).await.unwrap();
    let events = store.events(&user("jane"), 0).await.unwrap();
    let attempts = store.attempts(&jane, 100).await.unwrap();
    (attempts.len(), store.alloy_user(&user("jane")).await.unwrap(), known.claims.len(), events.len())
}

async fn what_is_open_has_to_end_first(fresh: &Fresh) {
    let store = fresh.open().await;
    store.insert_session(&session(1), &code("code")).await.unwrap();
    store.store_alloy_user(&user("jane"), &alloy(), at(0)).await.unwrap();
    let pending = returned(&store, &attempt(1, "slack")).await;
    let made = returned(&store, &attempt(2, "notion")).await;
    store.commit(&linked(&made, &["new"])).await.unwrap();
    let open = store.erase(&user("jane"), &nobody(1), None, at(50)).await.unwrap();
    assert_eq!(open, ErasureOutcome::StillOpen(vec![pending.clone()]));
    assert!(store.session(session(1).id).await.unwrap().is_some(), "nothing was done");
    erase(&store, &nobody(1)).await;
    assert_eq!(left(&store).await, (0, None, 0, 0));
    assert_eq!(store.session(session(1).id).await.unwrap(), None);
    // What stays is somebody's who is nobody: it is known to be of the same user of Alloy's.
    let kept = store.attempt(made.id).await.unwrap().unwrap();
    assert_eq!((&kept.user, kept.session_id, kept.account()), (&nobody(1), SessionId::from_uuid(Uuid::nil()), None));
    assert!(store.timeline(made.id).await.unwrap().is_empty());
    assert_eq!(store.attempt_by_reference(made.id.reference()).await.unwrap(), None);
    assert_eq!(store.attempt_by_state(&pending.state_digest).await.unwrap().unwrap().id, pending.id);
    store.store_alloy_user(&user("jane"), &alloy(), at(200)).await.unwrap();
    assert_eq!(store.user_link_state(&user("jane")).await.unwrap().claims.len(), 1);
    assert_eq!(from_ended_attempts(&store, "slack").await, 1);
    assert_eq!(store.attempts(&AttemptFilter::default(), 9).await.unwrap(), [], "and is nobody's to read");
}

/// Otherwise its credential would be taken for what was allowed at the other one after a no, and be deleted.
async fn linked_attempt_stays_beside_one_that_is_refreshed_later(fresh: &Fresh) {
    let store = fresh.open().await;
    store.insert_session(&session(1), &code("code")).await.unwrap();
    store.store_alloy_user(&user("jane"), &alloy(), at(0)).await.unwrap();
    for (number, app, credential) in [(1, "slack", "beside"), (2, "notion", "alone")] {
        let made = returned(&store, &LinkAttempt { deadline: at(60), ..attempt(number, app) }).await;
        store.commit(&linked(&made, &[credential])).await.unwrap();
    }
    returned(&store, &attempt(3, "slack")).await;
    erase(&store, &nobody(1)).await;
    assert!(store.claim(&credential("beside")).await.unwrap().is_some());
    assert_eq!(store.claim(&credential("alone")).await.unwrap(), None);
}

/// What one request of many that are under way does for Jane.
async fn request(turn: usize, store: Store) {
    let jane = EndUser { external_id: user("jane"), name: Some("Jane".to_owned()), email: None, alloy_user_id: None };
    match turn % 4 {
        0 => {
            let mine = LinkAttempt { session_id: session(1).id, ..attempt(turn as u128, &format!("app{turn}")) };
            store.begin(&mine).await.unwrap();
        }
        1 => drop(store.map_alloy_user(&jane.external_id, &alloy(), StoreIf::HasSession, at(90)).await.unwrap()),
        2 => drop(store.enqueue_disconnection(&wish(&format!("credential{turn}"))).await.unwrap()),
        _ => {
            let child = ConnectSession { user: jane, parent: Some(session(1).id), ..session(turn as u128) };
            store.insert_session(&child, &code(&turn.to_string())).await.unwrap();
        }
    }
}

async fn what_is_under_way_leaves_nothing_behind(fresh: &Fresh) {
    let store = fresh.open().await;
    store.insert_session(&session(1), &code("code")).await.unwrap();
    store.store_alloy_user(&user("jane"), &alloy(), at(0)).await.unwrap();
    fresh
        .at_once(61, |turn, store| async move {
            if turn == 30 { erase(&store, &nobody(1)).await } else { request(turn + 100, store).await }
        })
        .await;
    assert_eq!(left(&store).await, (0, None, 0, 0));
    for turn in 0..61 {
        let id = SessionId::from_uuid(Uuid::from_u128(turn + 100));
        assert_eq!(store.session(id).await.unwrap(), None);
        let wish = store.disconnection(&user("jane"), &credential(&format!("credential{}", turn + 100))).await;
        assert_eq!(wish.unwrap(), None);
    }
}

async fn what_was_read_before_is_not_written_after(fresh: &Fresh) {
    let store = fresh.open().await;
    store.insert_session(&session(1), &code("code")).await.unwrap();
    store.store_alloy_user(&user("jane"), &alloy(), at(0)).await.unwrap();
    let pending = returned(&store, &attempt(1, "slack")).await;
    let change = linked(&pending, &["new"]);
    erase(&store, &nobody(1)).await;
    assert_eq!(store.commit(&change).await.unwrap(), CommitOutcome::VersionConflict);
    assert_eq!(store.begin(&attempt(2, "notion")).await.unwrap(), Begun::SessionErased);
    let mapped = store.map_alloy_user(&user("jane"), &alloy(), StoreIf::HasSession, at(101)).await.unwrap();
    assert_eq!(mapped, Mapping::To(alloy()));
    assert!(!store.enqueue_disconnection(&wish("hosts")).await.unwrap());
    // A token of the host's stands for one session, and so does what its user makes out of it.
    store.insert_session(&session(1), &code("again")).await.unwrap();
    let child = ConnectSession { parent: Some(session(1).id), ..session(2) };
    store.insert_session(&child, &code("child")).await.unwrap();
    assert_eq!(store.session(session(1).id).await.unwrap(), None);
    assert_eq!(store.session(session(2).id).await.unwrap(), None);
    assert_eq!(left(&store).await, (0, None, 0, 0));
    assert_eq!(store.claim(&credential("new")).await.unwrap(), None);
}

async fn an_erasure_is_taken_once_and_asked_anew_it_goes_on(fresh: &Fresh) {
    let store = fresh.open().await;
    store.erase(&user("jane"), &nobody(1), Some(&alloy()), at(0)).await.unwrap();
    let take = |_, store: Store| async move { store.lease_erasures(at(1), at(61), 9).await.unwrap() };
    let taken: Vec<_> = fresh.at_once(10, take).await.into_iter().flatten().collect();
    let [erasure] = taken.as_slice() else { panic!("{taken:?}") };
    assert_eq!((&erasure.alloy_user, erasure.asked_at, erasure.tries), (&alloy(), at(0), 0));
    assert_eq!(store.erasure_state(erasure).await.unwrap().erased, [nobody(1)]);
    store.reschedule_erasure(&alloy(), at(70), None, None).await.unwrap();
    assert_eq!(store.lease_erasures(at(69), at(129), 9).await.unwrap(), []);
    // The host asks anew while it is at its end: it is not over.
    store.erase(&user("jane"), &nobody(2), Some(&alloy()), at(71)).await.unwrap();
    store.finish_erasure(erasure, AlloyUserEnd::Stays).await.unwrap();
    let again = store.lease_erasures(at(72), at(132), 9).await.unwrap().remove(0);
    assert_eq!((again.asked_at, again.tries), (at(71), 0));
    store.finish_erasure(&again, AlloyUserEnd::Stays).await.unwrap();
    assert_eq!(store.lease_erasures(at(999), at(1059), 9).await.unwrap(), []);
    assert!(store.erasure_state(&again).await.unwrap().erased.is_empty());
}

/// SQLite has one writer at a time; PostgreSQL has to be told.
async fn erased_while_somebody_says(statement: &'static str) -> Store {
    let fresh = Fresh::postgres().await;
    let store = fresh.open().await;
    store.insert_session(&session(1), &code("code")).await.unwrap();
    let mut somebody = PgConnection::connect(&fresh.url).await.unwrap();
    somebody.execute("begin").await.unwrap();
    somebody.execute(statement).await.unwrap();
    let erasing = tokio::spawn({
        let store = store.clone();
        async move { erase(&store, &nobody(1)).await }
    });
    let waiting = "select count(*) from pg_locks where not granted";
    let mut watcher = PgConnection::connect(&fresh.url).await.unwrap();
    while !erasing.is_finished() && sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut watcher).await.unwrap() == 0 {
        tokio::task::yield_now().await;
    }
    somebody.execute("commit").await.unwrap();
    erasing.await.unwrap();
    store
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_at_the_same_moment_is_waited_for_on_postgres() {
    let store = erased_while_somebody_says("insert into end_user values ('jane', '5eba51a03fe9631316668514', 0)").await;
    assert_eq!(left(&store).await, (0, None, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_purges_at_the_same_moment_is_waited_for_on_postgres() {
    let store =
        erased_while_somebody_says("insert into shadow values ('attempt', 'jane', 'slack', null, 0, 4000000000000)")
            .await;
    assert_eq!(from_ended_attempts(&store, "slack").await, 0);
}

async fn what_is_remembered_of_purged_attempts_bears_no_name_and_still_counts(fresh: &Fresh) {
    let store = fresh.open().await;
    store.store_alloy_user(&user("jane"), &alloy(), at(0)).await.unwrap();
    let began = attempt(1, "slack");
    store.begin(&began).await.unwrap();
    let refused = Observation::NotBegun(Reason::UpstreamRefused);
    store.commit(&began.observe(&refused, &SiblingAttempts::default(), at(20)).unwrap()).await.unwrap();
    let later = at(10_000_000);
    store.purge_events(later, 10).await.unwrap();
    assert_eq!(store.purge_attempts(None, later, 10).await.unwrap().purged, 1);
    let remembered = async || from_ended_attempts(&store, "slack").await;
    assert_eq!(remembered().await, 1);

    erase(&store, &nobody(1)).await;
    assert_eq!(remembered().await, 0);
    // Whoever bears that name later is the same user of Alloy's.
    store.store_alloy_user(&user("jane"), &alloy(), later).await.unwrap();
    assert_eq!(remembered().await, 1);
}
