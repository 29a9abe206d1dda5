//! The beginning of attempts, and every way to find one again.

use gangway::{
    domain::{
        attempt::{Actor, LinkAttempt, Observation, SiblingAttempts, TimelineEntry, TimelineEvent},
        connection::Listing,
        keys::Digest,
    },
    store::Begun,
};

use super::{
    fresh::Fresh,
    samples::{at, attempt, code, connector, credential, user},
};

on_both!(
    an_attempt_is_found_as_it_began,
    no_snapshot_is_not_an_empty_one,
    of_fifty_beginnings_one_is_new,
    an_app_in_another_spelling_is_the_same_app,
    an_ended_attempt_makes_room_for_the_next,
    a_key_that_was_just_saved_is_not_begun_again,
    open_attempts_come_oldest_first,
);

async fn an_attempt_is_found_as_it_began(fresh: &Fresh) {
    let store = fresh.open().await;
    let began = LinkAttempt { replaces: Some(credential("before")), ..attempt(1, "slack") };
    assert_eq!(store.begin(&began).await.unwrap(), Begun::New);

    assert_eq!(store.attempt(began.id).await.unwrap().as_ref(), Some(&began));
    assert_eq!(store.attempt_by_state(&began.state_digest).await.unwrap().as_ref(), Some(&began));
    assert_eq!(store.attempt_by_reference(began.id.reference()).await.unwrap().as_ref(), Some(&began));
    assert_eq!(store.last_attempt(&user("jane"), &connector("slack")).await.unwrap().as_ref(), Some(&began));
    assert_eq!(store.known(&user("jane")).await.unwrap().open, std::slice::from_ref(&began));
    let first = TimelineEntry { at: at(0), event: TimelineEvent::Began, actor: Some(Actor::User) };
    assert_eq!(store.timeline(began.id).await.unwrap(), [first]);

    let other = attempt(2, "slack");
    assert_eq!(store.attempt(other.id).await.unwrap(), None);
    assert_eq!(store.attempt_by_state(&code("other")).await.unwrap(), None);
    assert_eq!(store.attempt_by_reference(other.id.reference()).await.unwrap(), None);
    assert_eq!(store.last_attempt(&user("jane"), &connector("hubspot")).await.unwrap(), None);
    assert_eq!(store.last_attempt(&user("sam"), &connector("slack")).await.unwrap(), None);
    assert_eq!(store.known(&user("sam")).await.unwrap().open, []);
    assert_eq!(store.timeline(other.id).await.unwrap(), []);
}

async fn no_snapshot_is_not_an_empty_one(fresh: &Fresh) {
    let store = fresh.open().await;
    let empty = Listing::default().credentials.into_iter().map(|listed| listed.id).collect();
    let kept = [
        LinkAttempt { snapshot: None, ..attempt(1, "slack") },
        LinkAttempt { snapshot: Some(empty), ..attempt(2, "hubspot") },
    ];
    for attempt in &kept {
        store.begin(attempt).await.unwrap();
        assert_eq!(store.attempt(attempt.id).await.unwrap().as_ref(), Some(attempt));
    }
}

async fn of_fifty_beginnings_one_is_new(fresh: &Fresh) {
    let answers = fresh
        .at_once(50, |turn, store| async move {
            let mine = attempt(turn as u128, "slack");
            (store.begin(&mine).await.unwrap(), mine)
        })
        .await;

    let new: Vec<_> = answers.iter().filter(|(begun, _)| *begun == Begun::New).map(|(_, mine)| mine).collect();
    let [winner] = new.as_slice() else { panic!("{} are new", new.len()) };
    for (begun, mine) in &answers {
        if mine.id != winner.id {
            assert_eq!(*begun, Begun::Open(Box::new((*winner).clone())));
        }
    }
    assert_eq!(fresh.open().await.known(&user("jane")).await.unwrap().open, [(*winner).clone()]);
}

async fn an_app_in_another_spelling_is_the_same_app(fresh: &Fresh) {
    let store = fresh.open().await;
    let first = attempt(1, "zohoCRM");
    store.begin(&first).await.unwrap();
    assert_eq!(store.begin(&attempt(2, "ZOHOcrm")).await.unwrap(), Begun::Open(Box::new(first.clone())));
    assert_eq!(store.last_attempt(&user("jane"), &connector("zohocrm")).await.unwrap(), Some(first));
    let other_user = LinkAttempt { user: user("sam"), ..attempt(3, "zohoCRM") };
    assert_eq!(store.begin(&other_user).await.unwrap(), Begun::New);
}

async fn an_ended_attempt_makes_room_for_the_next(fresh: &Fresh) {
    let store = fresh.open().await;
    let first = attempt(1, "slack");
    store.begin(&first).await.unwrap();
    store.commit(&first.observe(&Observation::Superseded, &SiblingAttempts::default(), at(10)).unwrap()).await.unwrap();
    assert_eq!(store.known(&user("jane")).await.unwrap().open, []);

    let next = LinkAttempt { began_at: at(11), ..attempt(2, "slack") };
    assert_eq!(store.begin(&next).await.unwrap(), Begun::New);
    assert_eq!(store.last_attempt(&user("jane"), &connector("slack")).await.unwrap().as_ref(), Some(&next));
    assert_eq!(store.known(&user("jane")).await.unwrap().open, [next]);
}

async fn a_key_that_was_just_saved_is_not_begun_again(fresh: &Fresh) {
    let store = fresh.open().await;
    let first = LinkAttempt { is_api_key: true, ..attempt(1, "shippo") };
    store.begin_key(&first, at(0)).await.unwrap();
    let saved = Observation::KeySaved(credential("key"));
    let change = first.observe(&saved, &SiblingAttempts::default(), at(10)).unwrap();
    store.commit(&change).await.unwrap();

    let again = LinkAttempt { is_api_key: true, ..attempt(2, "shippo") };
    let Begun::Saved(before) = store.begin_key(&again, at(9)).await.unwrap() else { panic!("begun again") };
    assert_eq!(before.id, first.id);
    let other = LinkAttempt { input: Digest::of(b"another key"), ..again.clone() };
    assert_eq!(store.begin_key(&other, at(9)).await.unwrap(), Begun::New);
    store.commit(&other.observe(&Observation::Superseded, &SiblingAttempts::default(), at(11)).unwrap()).await.unwrap();
    let later = LinkAttempt { is_api_key: true, ..attempt(3, "shippo") };
    assert_eq!(store.begin_key(&later, at(10)).await.unwrap(), Begun::New, "saved too long ago");
}

async fn open_attempts_come_oldest_first(fresh: &Fresh) {
    let store = fresh.open().await;
    let began = |id, app, second| LinkAttempt { began_at: at(second), ..attempt(id, app) };
    let (early, middle, late) = (began(3, "slack", 1), began(1, "hubspot", 2), began(2, "notion", 3));
    for attempt in [&late, &early, &middle] {
        store.begin(attempt).await.unwrap();
    }
    assert_eq!(store.known(&user("jane")).await.unwrap().open, [early, middle, late]);
}
