//! What is old is taken away, a little at a time, and what something stands behind is not.

use gangway::{
    domain::{
        attempt::{AttemptId, LinkAttempt, Observation, Reason, SiblingAttempts},
        session::{AlloyUserId, ConnectSession},
    },
    store::{BrowserState, DeliveryAttempt, DeliveryOutcome, Disconnection, LeaseTerms, Queue, Store, with_job_limit},
};
use sqlx::Executor as _;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    fresh::Fresh,
    samples::{at, attempt, code, connector, credential, linked, returned, session, user},
};

on_both!(
    sessions_and_what_cookies_led_to_go_by_age,
    a_step_takes_no_more_than_was_asked_for,
    attempts_go_after_their_events_and_open_ones_stay,
    behind_a_connection_an_attempt_stays_until_it_is_gone_for_long,
    what_could_not_be_trusted_stays_until_it_is_deleted_for_long,
    what_nobody_had_made_and_was_disconnected_goes_too,
    many_may_take_away_at_once,
    an_event_that_is_to_be_tried_again_stays_until_it_is_done,
);

#[tokio::test]
async fn job_has_more_time_for_a_statement_than_a_request() {
    let fresh = Fresh::postgres().await;
    let store = fresh.open().await;
    store.insert_session(&session(1), &code("one")).await.unwrap();
    let slow = "create function slow() returns trigger language plpgsql as \
                $$ begin perform pg_sleep(4); return old; end $$; \
                create trigger slow before delete on connect_session for each row execute function slow()";
    fresh.connection().await.execute(slow).await.unwrap();
    let error = store.purge_sessions(at(LATER), 9).await.unwrap_err();
    assert!(error.is_busy(), "{error}");
    assert_eq!(with_job_limit(store.purge_sessions(at(LATER), 9)).await.unwrap(), 1);
    // What follows on the same connections has the usual limit.
    store.insert_session(&session(2), &code("two")).await.unwrap();
    assert!(store.purge_sessions(at(LATER), 9).await.unwrap_err().is_busy());
}

/// Long after everything.
const LATER: i64 = 10_000_000;

/// Walks through all attempts that ended before that; says how many went.
async fn walk(store: &Store, before: OffsetDateTime, most: u16) -> u64 {
    let (mut until, mut purged) = (None, 0);
    loop {
        let walked = store.purge_attempts(until, before, most).await.unwrap();
        purged += walked.purged;
        until = walked.until;
        if until.is_none() {
            return purged;
        }
    }
}

/// That attempt, begun and failed at that second.
async fn failed(store: &Store, attempt: LinkAttempt, second: i64) -> LinkAttempt {
    store.begin(&attempt).await.unwrap();
    let refused = Observation::NotBegun(Reason::UpstreamRefused);
    store.commit(&attempt.observe(&refused, &SiblingAttempts::default(), at(second)).unwrap()).await.unwrap();
    store.attempt(attempt.id).await.unwrap().unwrap()
}

async fn sessions_and_what_cookies_led_to_go_by_age(fresh: &Fresh) {
    let store = fresh.open().await;
    let younger = ConnectSession { created_at: at(100), ..session(2) };
    store.insert_session(&session(1), &code("one")).await.unwrap();
    store.insert_session(&younger, &code("two")).await.unwrap();
    let state = |expires_at| BrowserState { state: "{}".to_owned(), expires_at };
    store.put_browser(&code("old"), &state(at(10))).await.unwrap();
    store.put_browser(&code("new"), &state(at(200))).await.unwrap();

    assert_eq!(store.purge_sessions(at(50), 10).await.unwrap(), 1);
    assert_eq!(store.session(session(1).id).await.unwrap(), None);
    assert_eq!(store.session(younger.id).await.unwrap(), Some(younger));
    assert_eq!(store.purge_browsers(at(50), 10).await.unwrap(), 1);
    assert!(store.browser(&code("new"), at(0)).await.unwrap().is_some());
}

async fn a_step_takes_no_more_than_was_asked_for(fresh: &Fresh) {
    let store = fresh.open().await;
    for id in 1..=5 {
        store.insert_session(&session(id), &code(&id.to_string())).await.unwrap();
        failed(&store, attempt(id, &format!("app{id}")), 10 + i64::try_from(id).unwrap()).await;
    }
    assert_eq!(store.purge_sessions(at(LATER), 2).await.unwrap(), 2);
    assert_eq!(store.purge_events(at(LATER), 3).await.unwrap(), 3);
    assert_eq!(store.purge_events(at(LATER), 3).await.unwrap(), 2);
    let first = store.purge_attempts(None, at(LATER), 2).await.unwrap();
    assert_eq!((first.until, first.purged), (Some(at(12)), 2));
    let last = store.purge_attempts(Some(at(14)), at(LATER), 2).await.unwrap();
    assert_eq!((last.until, last.purged), (Some(at(15)), 1));
    assert_eq!(store.purge_attempts(Some(at(15)), at(LATER), 2).await.unwrap().until, None);
}

async fn attempts_go_after_their_events_and_open_ones_stay(fresh: &Fresh) {
    let store = fresh.open().await;
    let open = attempt(1, "slack");
    store.begin(&open).await.unwrap();
    let over = failed(&store, attempt(2, "notion"), 20).await;
    assert_eq!(walk(&store, at(LATER), 10).await, 0, "its event is still there");
    assert_eq!(store.purge_events(at(20), 10).await.unwrap(), 0, "not old enough");
    assert_eq!(store.purge_events(at(21), 10).await.unwrap(), 1);
    assert_eq!(walk(&store, at(20), 10).await, 0, "not old enough");
    assert_eq!(walk(&store, at(3900), 10).await, 0, "its link lives");
    assert_eq!(walk(&store, at(LATER), 10).await, 1);
    assert_eq!(store.attempt(over.id).await.unwrap(), None);
    assert_eq!(store.attempt(open.id).await.unwrap(), Some(open));
    // Numbers are never given twice.
    let next = failed(&store, attempt(3, "notion"), 30).await;
    let events = store.events(&user("jane"), 0).await.unwrap();
    assert_eq!(events.iter().map(|event| (event.sequence, event.attempt)).collect::<Vec<_>>(), [(2, Some(next.id))]);
}

fn alloy() -> AlloyUserId {
    AlloyUserId::parse("5eba51a03fe9631316668514").unwrap()
}

/// A store that knows Jane, as every page does before it asks.
async fn known(fresh: &Fresh) -> Store {
    let store = fresh.open().await;
    store.store_alloy_user(&user("jane"), &wish("hosts", None).alloy_user, at(0)).await.unwrap();
    store
}

fn wish(id: &str, made_by: Option<AttemptId>) -> Disconnection {
    Disconnection {
        credential: credential(id),
        user: user("jane"),
        alloy_user: alloy(),
        connector: connector("slack"),
        attempt: made_by,
        asked_at: at(40),
        tries: 0,
        missed: 0,
        lease: Some(at(100)),
        done_at: None,
    }
}

async fn behind_a_connection_an_attempt_stays_until_it_is_gone_for_long(fresh: &Fresh) {
    let store = known(fresh).await;
    let pending = returned(&store, &attempt(1, "slack")).await;
    store.commit(&linked(&pending, &["new"])).await.unwrap();
    store.purge_events(at(LATER), 10).await.unwrap();
    assert_eq!((store.purge_claims(at(LATER), 10).await.unwrap(), walk(&store, at(LATER), 10).await), (0, 0));
    let made = store.attempt(pending.id).await.unwrap().unwrap();

    store.store_alloy_user(&user("jane"), &alloy(), at(0)).await.unwrap();
    store.enqueue_disconnection(&wish("new", Some(made.id))).await.unwrap();
    assert_eq!((store.purge_claims(at(LATER), 10).await.unwrap(), walk(&store, at(LATER), 10).await), (0, 0));
    let others = SiblingAttempts { claims: store.claims(&user("jane")).await.unwrap(), ..SiblingAttempts::default() };
    let removed = made.observe(&Observation::Removed(credential("new")), &others, at(5000)).unwrap();
    store.commit(&removed).await.unwrap();
    store.purge_events(at(LATER), 10).await.unwrap();
    assert_eq!((store.purge_claims(at(5000), 10).await.unwrap(), walk(&store, at(LATER), 10).await), (0, 0));
    assert_eq!((store.purge_claims(at(5001), 10).await.unwrap(), walk(&store, at(LATER), 10).await), (1, 1));
    assert_eq!(store.claim(&credential("new")).await.unwrap(), None);
    assert_eq!(store.disconnection(&user("jane"), &credential("new")).await.unwrap(), None);
}

async fn what_could_not_be_trusted_stays_until_it_is_deleted_for_long(fresh: &Fresh) {
    let store = fresh.open().await;
    let attempt = attempt(1, "slack");
    store.begin(&attempt).await.unwrap();
    let strange = attempt.observe(&Observation::ReturnedElsewhere, &SiblingAttempts::default(), at(30)).unwrap();
    store.commit(&strange).await.unwrap();
    let strange = store.attempt(attempt.id).await.unwrap().unwrap();
    store.commit(&linked(&strange, &["new"])).await.unwrap();
    store.purge_events(at(LATER), 10).await.unwrap();
    assert_eq!((store.purge_claims(at(LATER), 10).await.unwrap(), walk(&store, at(LATER), 10).await), (0, 0));

    let ended = store.attempt(attempt.id).await.unwrap().unwrap();
    let others = SiblingAttempts { claims: store.claims(&user("jane")).await.unwrap(), ..SiblingAttempts::default() };
    let removed = ended.observe(&Observation::Removed(credential("new")), &others, at(60)).unwrap();
    store.commit(&removed).await.unwrap();
    store.purge_events(at(LATER), 10).await.unwrap();
    assert_eq!((store.purge_claims(at(LATER), 10).await.unwrap(), walk(&store, at(LATER), 10).await), (1, 1));
}

async fn what_nobody_had_made_and_was_disconnected_goes_too(fresh: &Fresh) {
    let store = known(fresh).await;
    store.store_alloy_user(&user("jane"), &alloy(), at(0)).await.unwrap();
    store.enqueue_disconnection(&wish("hosts", None)).await.unwrap();
    assert!(store.complete_disconnection(&wish("hosts", None), at(50)).await.unwrap());
    assert_eq!(store.purge_claims(at(50), 10).await.unwrap(), 0);
    assert_eq!(store.purge_claims(at(51), 10).await.unwrap(), 1);
    assert_eq!(store.disconnection(&user("jane"), &credential("hosts")).await.unwrap(), None);
}

async fn many_may_take_away_at_once(fresh: &Fresh) {
    let store = fresh.open().await;
    for id in 1..=40 {
        store.insert_session(&session(id), &code(&id.to_string())).await.unwrap();
        failed(&store, attempt(id, &format!("app{id}")), 10).await;
    }
    let purge = |_, store: Store| async move {
        let old = at(LATER);
        while store.purge_sessions(old, 3).await.unwrap() + store.purge_events(old, 3).await.unwrap() > 0 {}
        walk(&store, old, 3).await
    };
    let purged: u64 = fresh.at_once(6, purge).await.into_iter().sum();
    assert_eq!(purged + walk(&store, at(LATER), 10).await, 40);
    assert_eq!(store.session(session(40).id).await.unwrap(), None);
    assert_eq!(store.attempt(AttemptId::from_uuid(Uuid::from_u128(40))).await.unwrap(), None);
}

async fn an_event_that_is_to_be_tried_again_stays_until_it_is_done(fresh: &Fresh) {
    let store = fresh.open().await;
    failed(&store, attempt(1, "slack"), 20).await;
    let now = at(30);
    let terms = LeaseTerms { now, lease: at(90), since: at(0) };
    let due = store.lease_deliveries(Queue::Initial, terms, 1).await.unwrap().remove(0);
    let tried = |at| DeliveryAttempt { at, status: Some(500), duration_ms: 3, failure: Some("status".to_owned()) };
    let again = DeliveryOutcome::Retry { at: at(60), holds_until: at(50) };
    assert!(store.record_delivery_attempt(&due, &tried(now), again, now).await.unwrap());
    assert_eq!(store.purge_events(at(LATER), 10).await.unwrap(), 0);
    let terms = LeaseTerms { now: at(60), lease: at(120), since: at(0) };
    let due = store.lease_deliveries(Queue::Retry, terms, 1).await.unwrap().remove(0);
    assert!(store.record_delivery_attempt(&due, &tried(at(61)), DeliveryOutcome::Dead, at(61)).await.unwrap());
    // With all of its tries.
    assert_eq!(store.purge_events(at(LATER), 10).await.unwrap(), 1);
}
