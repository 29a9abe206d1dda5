//! Due rows of jobs are leased by one process, and stay until their work is done.

use std::collections::BTreeSet;

use gangway::{
    domain::attempt::{Completion, LinkAttempt, Observation, SiblingAttempts, State},
    store::{CommitOutcome, Store},
};

use super::{
    fresh::Fresh,
    samples::{at, attempt, code, credential, linked, returned, user},
};

on_both!(
    a_look_that_is_due_is_taken_once,
    one_look_serves_all_of_a_user,
    an_attempt_that_changed_meanwhile_keeps_its_own_next_look,
    a_foreign_return_leaves_a_deletion_that_is_taken_once_and_done_once,
    a_deletion_that_failed_comes_again_later,
    completed_deletion_is_not_rescheduled,
    an_attempt_is_found_by_its_completion_code,
);

async fn a_look_that_is_due_is_taken_once(fresh: &Fresh) {
    let store = fresh.open().await;
    for number in 0..30 {
        let pending = LinkAttempt { user: user(&format!("user {number}")), ..attempt(number, "slack") };
        store.begin(&pending).await.unwrap();
    }
    assert_eq!(store.lease_attempts(at(9), at(69), 100).await.unwrap().len(), 0, "nothing is due before its time");
    let take = |_, store: Store| async move { store.lease_attempts(at(10), at(70), 4).await.unwrap() };
    let taken: Vec<LinkAttempt> = fresh.at_once(10, take).await.into_iter().flatten().collect();
    let distinct: BTreeSet<_> = taken.iter().map(|attempt| attempt.id).collect();
    assert_eq!(distinct.len(), taken.len(), "no attempt is taken twice");
    let rest = store.lease_attempts(at(10), at(70), 100).await.unwrap();
    assert_eq!(distinct.len() + rest.len(), 30);
    // A process that died gives nothing back: its lease ends by itself.
    assert_eq!(store.lease_attempts(at(69), at(129), 100).await.unwrap().len(), 0);
    assert_eq!(store.lease_attempts(at(70), at(130), 100).await.unwrap().len(), 30);
}

async fn one_look_serves_all_of_a_user(fresh: &Fresh) {
    let store = fresh.open().await;
    let (slack, notion) = (attempt(1, "slack"), attempt(2, "notion"));
    store.begin(&slack).await.unwrap();
    store.begin(&notion).await.unwrap();
    let taken = store.lease_attempts(at(10), at(70), 1).await.unwrap();
    assert_eq!(taken.len(), 2, "what waits comes along");
    store.release_attempt(&slack, Some(at(200))).await.unwrap();
    store.release_attempt(&notion, None).await.unwrap();
    assert_eq!(store.lease_attempts(at(199), at(260), 9).await.unwrap(), Vec::new());
    let taken = store.lease_attempts(at(200), at(260), 9).await.unwrap();
    assert_eq!(taken.iter().map(|attempt| attempt.id).collect::<Vec<_>>(), [slack.id]);
}

async fn an_attempt_that_changed_meanwhile_keeps_its_own_next_look(fresh: &Fresh) {
    let store = fresh.open().await;
    let slack = attempt(1, "slack");
    store.begin(&slack).await.unwrap();
    let taken = store.lease_attempts(at(10), at(70), 9).await.unwrap().remove(0);
    let change = taken.observe(&Observation::ReturnedElsewhere, &SiblingAttempts::default(), at(11)).unwrap();
    assert_eq!(store.commit(&change).await.unwrap(), CommitOutcome::Committed);
    store.release_attempt(&taken, Some(at(600))).await.unwrap();
    let soon = change.attempt.next_refresh.unwrap();
    assert!(soon < at(30), "after a foreign return it is looked at soon");
    assert_eq!(store.lease_attempts(soon, at(99), 9).await.unwrap().len(), 1);
}

/// Jane's attempt at Slack to which another browser came back, with what it had made.
async fn foreign(store: &Store) -> LinkAttempt {
    let pending = returned(store, &attempt(1, "slack")).await;
    let elsewhere = pending.observe(&Observation::ReturnedElsewhere, &SiblingAttempts::default(), at(31)).unwrap();
    store.commit(&elsewhere).await.unwrap();
    let pending = store.attempt(pending.id).await.unwrap().unwrap();
    store.commit(&linked(&pending, &["new"])).await.unwrap();
    store.attempt(pending.id).await.unwrap().unwrap()
}

async fn a_foreign_return_leaves_a_deletion_that_is_taken_once_and_done_once(fresh: &Fresh) {
    let store = fresh.open().await;
    let unverified = foreign(&store).await;
    assert_eq!(unverified.state(), State::Unverified);
    assert!(!store.deletions_are_complete(unverified.id).await.unwrap(), "not before it is done");
    let take = |_, store: Store| async move { store.lease_deletions(at(40), at(100), 9).await.unwrap() };
    let taken: Vec<_> = fresh.at_once(10, take).await.into_iter().flatten().collect();
    assert_eq!(taken.len(), 1);
    assert_eq!((&taken[0].credential, taken[0].attempt, taken[0].tries), (&credential("new"), unverified.id, 0));
    let gone =
        unverified.observe(&Observation::Removed(credential("new")), &SiblingAttempts::default(), at(41)).unwrap();
    assert_eq!(store.commit(&gone).await.unwrap(), CommitOutcome::Committed);
    assert_eq!(store.commit(&gone).await.unwrap(), CommitOutcome::VersionConflict);
    assert!(store.deletions_are_complete(unverified.id).await.unwrap());
    assert_eq!(store.lease_deletions(at(9999), at(10_000), 9).await.unwrap(), Vec::new());
    let events = store.events(&user("jane"), 0).await.unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["connection.unverified", "link_attempt.ended", "connection.removed"]);
}

async fn a_deletion_that_failed_comes_again_later(fresh: &Fresh) {
    let store = fresh.open().await;
    foreign(&store).await;
    store.lease_deletions(at(40), at(100), 9).await.unwrap();
    store.reschedule_deletion(&credential("new"), at(50), 1).await.unwrap();
    assert_eq!(store.lease_deletions(at(49), at(109), 9).await.unwrap(), Vec::new());
    let again = store.lease_deletions(at(50), at(110), 9).await.unwrap().remove(0);
    assert_eq!((again.tries, again.missed), (1, 1));
    // A process that died while it had it.
    assert_eq!(store.lease_deletions(at(110), at(170), 9).await.unwrap().len(), 1);
    // A list that shows it again begins the count anew.
    store.reschedule_deletion(&credential("new"), at(180), 0).await.unwrap();
    let again = store.lease_deletions(at(180), at(240), 9).await.unwrap().remove(0);
    assert_eq!((again.tries, again.missed), (2, 0));
}

async fn completed_deletion_is_not_rescheduled(fresh: &Fresh) {
    let store = fresh.open().await;
    let unverified = foreign(&store).await;
    let gone =
        unverified.observe(&Observation::Removed(credential("new")), &SiblingAttempts::default(), at(41)).unwrap();
    store.commit(&gone).await.unwrap();
    store.reschedule_deletion(&credential("new"), at(50), 1).await.unwrap();
    let query = sqlx::query_as("select tries, missed from deletion");
    let mut connection = fresh.connection().await;
    let counts: (i64, i64) = query.fetch_one(&mut connection).await.unwrap();
    assert_eq!(counts, (0, 0));
}

async fn an_attempt_is_found_by_its_completion_code(fresh: &Fresh) {
    let store = fresh.open().await;
    let begun = LinkAttempt { needs_completion: true, deletes_unreturned: true, ..attempt(1, "slack") };
    let pending = returned(&store, &begun).await;
    store.commit(&linked(&pending, &["new"])).await.unwrap();
    let pending = store.attempt(pending.id).await.unwrap().unwrap();
    assert!(pending.awaits_completion() && pending.deletes_unreturned);
    let completion = Completion { digest: code("the code"), until: at(400) };
    let sent = pending.observe(&Observation::SentToHost(completion), &SiblingAttempts::default(), at(40)).unwrap();
    store.commit(&sent).await.unwrap();
    let found = store.attempt_by_completion(&code("the code")).await.unwrap().unwrap();
    assert_eq!((found.id, found.completion), (pending.id, Some(completion)));
    assert_eq!(store.attempt_by_completion(&code("another")).await.unwrap(), None);
    // Redeemed many times at once, it is completed once.
    let completed = Observation::Completed { code: code("the code"), same_user: true };
    let change = found.observe(&completed, &SiblingAttempts::default(), at(41)).unwrap();
    let answers = fresh.at_once(50, |_, store| {
        let change = change.clone();
        async move { store.commit(&change).await.unwrap() }
    });
    assert_eq!(answers.await.iter().filter(|answer| **answer == CommitOutcome::Committed).count(), 1);
    assert_eq!(store.events(&user("jane"), 0).await.unwrap().len(), 2);
}
