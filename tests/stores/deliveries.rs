//! Deliveries: whose turn it is, who has it, and what is kept of each try.

use std::collections::BTreeSet;

use gangway::{
    domain::{
        attempt::{LinkAttempt, Observation, Reason, SiblingAttempts},
        keys::Digest,
    },
    store::{
        Delivery, DeliveryAttempt, DeliveryFilter, DeliveryOutcome, DeliveryState, DueEvent, LeaseTerms, Queue,
        ReceiverState, Store,
    },
};
use sqlx::{AnyConnection, Connection as _, Executor as _};
use uuid::Uuid;

use super::{
    fresh::Fresh,
    samples::{at, attempt, user},
};

on_both!(
    an_event_is_taken_by_one_process_until_its_lease_is_over,
    first_tries_go_round_the_users_in_order,
    an_event_that_fails_holds_up_its_user_for_a_while,
    what_was_tried_is_kept_with_every_try,
    whoever_lost_the_lease_keeps_nothing,
    an_event_that_was_done_is_sent_again_when_asked,
    what_is_too_old_has_no_first_try,
    events_of_an_earlier_release_are_delivered_too,
    events_that_are_erased_leave_nothing_to_deliver,
    a_receiver_pauses_is_gone_and_comes_back,
);

/// Something happens to that user at that second: one event.
pub(super) async fn happens(store: &Store, number: u128, name: &str, second: i64) {
    let began = LinkAttempt { user: user(name), ..attempt(number, "slack") };
    store.begin(&began).await.unwrap();
    let ends = Observation::NotBegun(Reason::NotConfigured);
    store.commit(&began.observe(&ends, &SiblingAttempts::default(), at(second)).unwrap()).await.unwrap();
}

fn terms(second: i64) -> LeaseTerms {
    LeaseTerms { now: at(second), lease: at(second + 60), since: at(second - 3 * 86_400) }
}

pub(super) async fn take(store: &Store, queue: Queue, second: i64) -> Vec<DueEvent> {
    store.lease_deliveries(queue, terms(second), 100).await.unwrap()
}

pub(super) fn made(second: i64, failure: Option<&str>) -> DeliveryAttempt {
    let status = if failure.is_some() { 500 } else { 200 };
    DeliveryAttempt { at: at(second), status: Some(status), duration_ms: 12, failure: failure.map(str::to_owned) }
}

pub(super) async fn delivered(store: &Store, due: &DueEvent, second: i64) {
    assert!(
        store.record_delivery_attempt(due, &made(second, None), DeliveryOutcome::Delivered, at(second)).await.unwrap()
    );
}

async fn failed(store: &Store, due: &DueEvent, second: i64, again: i64) {
    let next = DeliveryOutcome::Retry { at: at(again), holds_until: at(second + 300) };
    assert!(store.record_delivery_attempt(due, &made(second, Some("status")), next, at(second)).await.unwrap());
}

async fn all(store: &Store) -> Vec<Delivery> {
    store.deliveries(&DeliveryFilter::default(), 100).await.unwrap()
}

/// Says something to the database behind the store's back.
async fn say(fresh: &Fresh, statement: &'static str) {
    let mut connection = AnyConnection::connect(&fresh.url).await.unwrap();
    connection.execute(statement).await.unwrap();
    connection.close().await.unwrap();
}

async fn an_event_is_taken_by_one_process_until_its_lease_is_over(fresh: &Fresh) {
    let store = fresh.open().await;
    for number in 0..30 {
        happens(&store, number, &format!("user {}", number % 10), 1).await;
    }
    let takes = |_, store: Store| async move { store.lease_deliveries(Queue::Initial, terms(10), 3).await.unwrap() };
    let taken: Vec<DueEvent> = fresh.at_once(8, takes).await.into_iter().flatten().collect();
    let users: BTreeSet<_> = taken.iter().map(|due| due.user.clone()).collect();
    assert_eq!(users.len(), taken.len(), "of a user one event at a time");
    assert!(taken.iter().all(|due| due.sequence == 1 && due.attempt_no == 0 && due.lease == at(70)));
    assert_eq!(users.len() + take(&store, Queue::Initial, 11).await.len(), 10);
    assert_eq!(take(&store, Queue::Initial, 69).await.len(), 0);
    // Whoever took the first ones died.
    let again = take(&store, Queue::Initial, 71).await;
    assert_eq!(again.len(), 10, "the same are taken again");
    assert!(again.iter().all(|due| due.sequence == 1));
}

async fn first_tries_go_round_the_users_in_order(fresh: &Fresh) {
    let store = fresh.open().await;
    for (number, name) in (0..).zip(["jane", "jane", "jane", "sam", "sam", "ann"]) {
        happens(&store, number, name, 1).await;
    }
    let mut order = Vec::new();
    for second in 10..16 {
        let due = store.lease_deliveries(Queue::Initial, terms(second), 1).await.unwrap().remove(0);
        delivered(&store, &due, second).await;
        order.push((due.user.as_str().to_owned(), due.sequence));
    }
    let rounds: Vec<i64> = order.iter().map(|(_, sequence)| *sequence).collect();
    assert_eq!(rounds, [1, 1, 1, 2, 2, 3], "nobody is served twice before everybody was: {order:?}");
    assert!(take(&store, Queue::Initial, 16).await.is_empty());
    assert!(take(&store, Queue::Retry, 999).await.is_empty());
}

async fn an_event_that_fails_holds_up_its_user_for_a_while(fresh: &Fresh) {
    let store = fresh.open().await;
    happens(&store, 1, "jane", 1).await;
    happens(&store, 2, "jane", 2).await;
    let first = take(&store, Queue::Initial, 10).await.remove(0);
    failed(&store, &first, 10, 15).await;
    assert!(take(&store, Queue::Initial, 11).await.is_empty());
    assert!(take(&store, Queue::Retry, 14).await.is_empty());
    let retry = take(&store, Queue::Retry, 15).await.remove(0);
    assert_eq!((retry.id, retry.attempt_no, retry.sequence), (first.id, 1, 1));
    failed(&store, &retry, 15, 900).await;
    // What it held is held from its first try on, and not from the last.
    for second in [309, 310] {
        assert!(take(&store, Queue::Retry, second).await.is_empty(), "it is not its own turn before 900");
        let next = take(&store, Queue::Initial, second).await;
        assert_eq!(next.iter().map(|due| due.sequence).collect::<Vec<_>>(), [2][..usize::from(second == 310)]);
    }
    // While the second one is under way, the first is not sent.
    assert!(take(&store, Queue::Retry, 900 - 531).await.is_empty());
    let store = fresh.open().await;
    let second = take(&store, Queue::Initial, 371).await.remove(0);
    delivered(&store, &second, 371).await;
    let retry = take(&store, Queue::Retry, 900).await.remove(0);
    assert_eq!((retry.sequence, retry.attempt_no), (1, 2));
    delivered(&store, &retry, 900).await;
    happens(&store, 3, "jane", 901).await;
    assert_eq!(take(&store, Queue::Initial, 902).await.remove(0).sequence, 3);
}

async fn what_was_tried_is_kept_with_every_try(fresh: &Fresh) {
    let store = fresh.open().await;
    happens(&store, 1, "jane", 1).await;
    let event = store.events(&user("jane"), 0).await.unwrap().remove(0);
    let untried = store.delivery(event.id).await.unwrap().unwrap();
    let waiting = Delivery {
        event: event.clone(),
        state: DeliveryState::Waiting,
        next_at: None,
        delivered_at: None,
        tries: Vec::new(),
    };
    assert_eq!(untried, waiting);
    let due = take(&store, Queue::Initial, 10).await.remove(0);
    assert_eq!((due.id, &due.body), (event.id, &event.body));
    let nothing_came =
        DeliveryAttempt { at: at(10), status: None, duration_ms: 15_000, failure: Some("timeout".to_owned()) };
    let next = DeliveryOutcome::Retry { at: at(31), holds_until: at(310) };
    assert!(store.record_delivery_attempt(&due, &nothing_came, next, at(25)).await.unwrap());
    let failing = store.delivery(event.id).await.unwrap().unwrap();
    assert_eq!(failing, Delivery { next_at: Some(at(31)), tries: vec![nothing_came.clone()], ..waiting.clone() });
    let due = take(&store, Queue::Retry, 31).await.remove(0);
    delivered(&store, &due, 32).await;
    let done = store.delivery(event.id).await.unwrap().unwrap();
    let tries = vec![nothing_came, made(32, None)];
    assert_eq!(done, Delivery { state: DeliveryState::Delivered, delivered_at: Some(at(32)), tries, ..waiting });
    assert_eq!(fresh.open().await.delivery(event.id).await.unwrap(), Some(done), "another process reads the same");
    assert_eq!(store.delivery(Uuid::nil()).await.unwrap(), None);
}

async fn whoever_lost_the_lease_keeps_nothing(fresh: &Fresh) {
    let store = fresh.open().await;
    happens(&store, 1, "jane", 1).await;
    let slow = take(&store, Queue::Initial, 10).await.remove(0);
    let quick = take(&store, Queue::Initial, 70).await.remove(0);
    assert_eq!((slow.id, quick.lease), (quick.id, at(130)));
    assert!(!store.record_delivery_attempt(&slow, &made(71, None), DeliveryOutcome::Delivered, at(71)).await.unwrap());
    assert!(take(&store, Queue::Initial, 72).await.is_empty(), "the other one still has it");
    delivered(&store, &quick, 73).await;
    assert!(
        !store.record_delivery_attempt(&quick, &made(74, None), DeliveryOutcome::Dead, at(74)).await.unwrap(),
        "once"
    );
    assert_eq!(all(&store).await[0].tries, [made(73, None)]);
}

async fn an_event_that_was_done_is_sent_again_when_asked(fresh: &Fresh) {
    let store = fresh.open().await;
    happens(&store, 1, "jane", 1).await;
    happens(&store, 2, "jane", 2).await;
    let first = take(&store, Queue::Initial, 10).await.remove(0);
    assert!(
        store.record_delivery_attempt(&first, &made(10, Some("status")), DeliveryOutcome::Dead, at(10)).await.unwrap()
    );
    assert_eq!(all(&store).await[1].state, DeliveryState::Dead);
    assert!(take(&store, Queue::Retry, 9999).await.is_empty());
    assert!(store.replay(first.id, at(20)).await.unwrap());
    let replayed = store.delivery(first.id).await.unwrap().unwrap();
    assert_eq!((replayed.state, replayed.next_at), (DeliveryState::Waiting, Some(at(20))));
    let again = take(&store, Queue::Retry, 20).await.remove(0);
    assert_eq!((again.id, again.attempt_no), (first.id, 0), "the ladder begins anew");
    failed(&store, &again, 20, 25).await;
    // It holds up nobody: it had its turn.
    let second = take(&store, Queue::Initial, 21).await.remove(0);
    assert_eq!(second.sequence, 2);
    // It may be asked for while another one is under way, and is not forgotten.
    assert!(store.replay(first.id, at(22)).await.unwrap());
    delivered(&store, &second, 23).await;
    assert!(store.replay(second.id, at(24)).await.unwrap());
    let first = take(&store, Queue::Retry, 24).await.remove(0);
    delivered(&store, &first, 24).await;
    let second = take(&store, Queue::Retry, 24).await.remove(0);
    delivered(&store, &second, 24).await;
    assert!(all(&store).await.iter().all(|one| one.state == DeliveryState::Delivered));
    assert!(!store.replay(Uuid::nil(), at(30)).await.unwrap());
}

async fn what_is_too_old_has_no_first_try(fresh: &Fresh) {
    let store = fresh.open().await;
    let days = |days: i64| days * 86_400;
    for (number, second) in [(1, 1), (2, days(1)), (3, days(2))] {
        happens(&store, number, "jane", second).await;
    }
    happens(&store, 4, "sam", 1).await;
    let taken = take(&store, Queue::Initial, days(4)).await;
    let taken: Vec<_> = taken.iter().map(|due| (due.user.as_str(), due.sequence)).collect();
    assert_eq!(taken, [("jane", 2)], "younger than three days, or just so old");
    let states: Vec<_> = all(&store).await.into_iter().map(|one| (one.state, one.tries.len())).collect();
    let dead = states.iter().filter(|state| **state == (DeliveryState::Dead, 0)).count();
    assert_eq!(dead, 2, "{states:?}");
    happens(&store, 5, "sam", days(4) + 2).await;
    assert_eq!(take(&store, Queue::Initial, days(4) + 3).await.len(), 1, "Sam's next one goes as ever");
}

async fn events_of_an_earlier_release_are_delivered_too(fresh: &Fresh) {
    let store = fresh.open().await;
    happens(&store, 1, "jane", 1).await;
    let first = take(&store, Queue::Initial, 10).await.remove(0);
    delivered(&store, &first, 10).await;
    // It knows the columns and the fields of its time only.
    let body = r#"{"type":"connection.replaced","data":{"replaces":"before","user_id":"jane","sequence":2}}"#;
    say(fresh, "update outbox_count set counted = counted + 1 where user_id = 'jane'").await;
    say(
        fresh,
        "insert into outbox (id, user_id, sequence, kind, attempt_id, body, at) values \
         ('00000000-0000-0000-0000-0000000000e2', 'jane', 2, 'connection.replaced', null, \
          '{\"type\":\"connection.replaced\",\"data\":{\"replaces\":\"before\",\"user_id\":\"jane\",\"sequence\":2}}', \
          1790000011123)",
    )
    .await;
    let second = take(&store, Queue::Initial, 12).await.remove(0);
    assert_eq!((second.id, second.sequence, second.body.as_str()), (Uuid::from_u128(0xE2), 2, body));
}

async fn events_that_are_erased_leave_nothing_to_deliver(fresh: &Fresh) {
    let store = fresh.open().await;
    for number in 1..4 {
        happens(&store, number, "jane", 1).await;
    }
    let first = take(&store, Queue::Initial, 10).await.remove(0);
    failed(&store, &first, 10, 20).await;
    let retry = take(&store, Queue::Retry, 20).await.remove(0);
    say(fresh, "delete from outbox").await;
    failed(&store, &retry, 21, 30).await;
    assert!(take(&store, Queue::Retry, 9999).await.is_empty());
    assert!(take(&store, Queue::Initial, 9999).await.is_empty());
    assert!(all(&store).await.is_empty());
    happens(&store, 4, "jane", 10_000).await;
    assert_eq!(take(&store, Queue::Initial, 10_001).await.remove(0).sequence, 4);
}

async fn a_receiver_pauses_is_gone_and_comes_back(fresh: &Fresh) {
    let store = fresh.open().await;
    let (one, other) = (Digest::of(b"one"), Digest::of(b"other"));
    assert_eq!(store.receiver(&one).await.unwrap(), ReceiverState::default());
    store.pause_receiver(&one, at(60)).await.unwrap();
    store.pause_receiver(&one, at(30)).await.unwrap();
    let paused = store.receiver(&one).await.unwrap();
    assert_eq!(paused, ReceiverState { paused_until: Some(at(60)), disabled_at: None }, "the longer pause stays");
    assert!(!paused.takes_events(at(59)) && paused.takes_events(at(60)));
    let first = fresh.at_once(6, |_, store| async move { store.disable_receiver(&one, at(70)).await.unwrap() }).await;
    assert_eq!(first.into_iter().filter(|first| *first).count(), 1, "one of them tells of it");
    let gone = fresh.open().await.receiver(&one).await.unwrap();
    assert_eq!((gone.disabled_at, gone.takes_events(at(999))), (Some(at(70)), false));
    assert_eq!(store.receiver(&other).await.unwrap(), ReceiverState::default());
    store.enable_receiver(&one).await.unwrap();
    assert_eq!(store.receiver(&one).await.unwrap(), ReceiverState::default());
}
