//! The beginning of attempts, and every way to find one again.

use gangway::{
    domain::{
        attempt::{Actor, LinkAttempt, Observation, Reason, SiblingAttempts, State, TimelineEntry, TimelineEvent},
        connection::Listing,
        keys::Digest,
    },
    store::{AttemptFilter, Begun, CommitOutcome},
};
use sqlx::Executor as _;

use super::{
    fresh::Fresh,
    samples::{at, attempt, code, connector, credential, linked, listing, returned, user},
};

on_both!(
    an_attempt_is_found_as_it_began,
    no_snapshot_is_not_an_empty_one,
    of_fifty_beginnings_one_is_new,
    an_app_in_another_spelling_is_the_same_app,
    an_ended_attempt_makes_room_for_the_next,
    a_key_that_was_just_saved_is_not_begun_again,
    open_attempts_come_oldest_first,
    other_input_is_open_beside_the_first,
    an_older_process_begins_beside_a_newer_one,
    derived_attempt_is_committed_with_its_origin,
);

async fn an_attempt_is_found_as_it_began(fresh: &Fresh) {
    let store = fresh.open().await;
    let began = LinkAttempt { replaces: Some(credential("before")), ..attempt(1, "slack") };
    assert_eq!(store.begin(&began).await.unwrap(), Begun::New);

    assert_eq!(store.attempt(began.id).await.unwrap().as_ref(), Some(&began));
    assert_eq!(store.attempt_by_state(&began.state_digest).await.unwrap().as_ref(), Some(&began));
    assert_eq!(store.attempt_by_reference(began.id.reference()).await.unwrap().as_ref(), Some(&began));
    assert_eq!(store.last_attempt(&user("jane"), &connector("slack")).await.unwrap().as_ref(), Some(&began));
    assert_eq!(store.user_link_state(&user("jane")).await.unwrap().open, std::slice::from_ref(&began));
    let first = TimelineEntry { at: at(0), event: TimelineEvent::Began, actor: Some(Actor::User) };
    assert_eq!(store.timeline(began.id).await.unwrap(), [first]);

    let other = attempt(2, "slack");
    assert_eq!(store.attempt(other.id).await.unwrap(), None);
    assert_eq!(store.attempt_by_state(&code("other")).await.unwrap(), None);
    assert_eq!(store.attempt_by_reference(other.id.reference()).await.unwrap(), None);
    assert_eq!(store.last_attempt(&user("jane"), &connector("hubspot")).await.unwrap(), None);
    assert_eq!(store.last_attempt(&user("sam"), &connector("slack")).await.unwrap(), None);
    assert_eq!(store.user_link_state(&user("sam")).await.unwrap().open, []);
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
    assert_eq!(fresh.open().await.user_link_state(&user("jane")).await.unwrap().open, [(*winner).clone()]);
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
    assert_eq!(store.user_link_state(&user("jane")).await.unwrap().open, []);

    let next = LinkAttempt { began_at: at(11), ..attempt(2, "slack") };
    assert_eq!(store.begin(&next).await.unwrap(), Begun::New);
    assert_eq!(store.last_attempt(&user("jane"), &connector("slack")).await.unwrap().as_ref(), Some(&next));
    assert_eq!(store.user_link_state(&user("jane")).await.unwrap().open, [next]);
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
    assert_eq!(store.user_link_state(&user("jane")).await.unwrap().open, [early, middle, late]);
}

fn shop(id: u128, name: &str) -> LinkAttempt {
    LinkAttempt { input: code(name), began_at: at(i64::try_from(id).unwrap()), ..attempt(id, "shopify") }
}

async fn other_input_is_open_beside_the_first(fresh: &Fresh) {
    let store = fresh.open().await;
    let shops = [shop(1, "one"), shop(2, "two"), shop(3, "three")];
    for shop in &shops {
        assert_eq!(store.begin(shop).await.unwrap(), Begun::New);
    }
    assert_eq!(store.begin(&shop(4, "two")).await.unwrap(), Begun::Open(Box::new(shops[1].clone())));
    assert_eq!(store.user_link_state(&user("jane")).await.unwrap().open, shops);
    let mut newest_first = store.open_attempts(&user("jane"), &connector("Shopify")).await.unwrap();
    newest_first.reverse();
    assert_eq!(newest_first, shops);
    assert_eq!(store.attempt(shops[1].id).await.unwrap().as_ref(), Some(&shops[1]));
    let pending = AttemptFilter { state: Some(State::Pending), ..AttemptFilter::default() };
    assert_eq!(store.attempts(&pending, 9).await.unwrap().len(), 3);

    // It stays open when it changes, and makes room when it ends.
    let back = Observation::Returned { refusal: None };
    let change = shops[1].observe(&back, &SiblingAttempts::default(), at(20)).unwrap();
    store.commit(&change).await.unwrap();
    let returned = store.attempt(shops[1].id).await.unwrap().unwrap();
    assert_eq!(returned, LinkAttempt { version: 1, ..change.attempt });
    let change = linked(&returned, &["two"]);
    store.commit(&change).await.unwrap();
    assert_eq!(store.attempt(returned.id).await.unwrap().unwrap().state(), State::Linked);
    assert_eq!(store.begin(&shop(5, "two")).await.unwrap(), Begun::New);

    // Set aside, it leaves its input to the next.
    let change = shops[2].observe(&Observation::SetAside, &SiblingAttempts::default(), at(40)).unwrap();
    store.commit(&change).await.unwrap();
    assert_eq!(store.begin(&shop(6, "three")).await.unwrap(), Begun::New);
    assert_eq!(store.user_link_state(&user("jane")).await.unwrap().open.len(), 4);
    for open in store.open_attempts(&user("jane"), &connector("shopify")).await.unwrap() {
        store
            .commit(&open.observe(&Observation::Superseded, &SiblingAttempts::default(), at(50)).unwrap())
            .await
            .unwrap();
    }
    assert_eq!(store.user_link_state(&user("jane")).await.unwrap().open, []);
    let ended = store.attempt(shops[2].id).await.unwrap().unwrap();
    assert_eq!((ended.reason(), ended.settled_at()), (Some(Reason::Superseded), Some(at(50))));
}

/// The release before knew one open attempt of a user for one app.
async fn an_older_process_begins_beside_a_newer_one(fresh: &Fresh) {
    let store = fresh.open().await;
    let mut connection = fresh.connection().await;
    let mut begin = async |id: u32| {
        let row = format!(
            "insert into link_attempt (id, reference, version, session_id, user_id, connector, connector_key, \
             authentication_type, by_key, input_digest, state_digest, snapshot, began_at, began_at_vendor, deadline, \
             state, timeline, needs_completion, deletes_unreturned, guest) select \
             '00000000-0000-0000-0000-0000000000f{id}', 'x', 0, '00000000-0000-0000-0000-0000000000f0', 'jane', \
             'shopify', 'shopify', 'oauth2', 0, '{}', '{}', '[]', 1, 1, 9, 'pending', '', 0, 0, 0 where true \
             on conflict (user_id, connector_key) where state = 'pending' do nothing",
            code("older").to_text(),
            code(&format!("older {id}")).to_text()
        );
        connection.execute(sqlx::AssertSqlSafe(row)).await.unwrap().rows_affected()
    };
    for shop in [shop(1, "one"), shop(2, "two")] {
        store.begin(&shop).await.unwrap();
    }
    assert_eq!(begin(1).await, 0, "the first is in its place");
    let first = store.attempt(shop(1, "one").id).await.unwrap().unwrap();
    store.commit(&first.observe(&Observation::Superseded, &SiblingAttempts::default(), at(10)).unwrap()).await.unwrap();
    assert_eq!(begin(2).await, 1, "the one beside it is ended for that process");
    assert_eq!(store.user_link_state(&user("jane")).await.unwrap().open.len(), 2);
    let stored: (String, String) = sqlx::query_as("select state, reason from link_attempt where input_digest = $1")
        .bind(code("two").to_text())
        .fetch_one(&mut fresh.connection().await)
        .await
        .unwrap();
    assert_eq!(stored, ("failed".to_owned(), "superseded".to_owned()));
}

async fn derived_attempt_is_committed_with_its_origin(fresh: &Fresh) {
    let store = fresh.open().await;
    for completes in [false, true] {
        let app = if completes { "hubspot" } else { "slack" };
        let first = LinkAttempt { needs_completion: completes, ..attempt(u128::from(completes) + 1, app) };
        let pending = returned(&store, &first).await;
        let ids = [format!("{app}-1"), format!("{app}-2")];
        let listing = listing(app, &ids.each_ref().map(String::as_str), 20);
        let new_ids = vec![(attempt(u128::from(completes) + 8, app).id, code(app))];
        let others = SiblingAttempts { new_ids, ..SiblingAttempts::default() };
        let change = pending.observe(&Observation::Listed(&listing), &others, at(31)).unwrap().by(Actor::User);
        let [derived] = change.derived.as_slice() else { panic!("{change:?}") };
        assert_eq!(store.commit(&change).await.unwrap(), CommitOutcome::Committed);
        assert_eq!(store.attempt(derived.attempt.id).await.unwrap().as_ref(), Some(&derived.attempt));
        assert_eq!(store.newest_derived(first.id).await.unwrap().as_ref(), Some(&derived.attempt));
        assert_eq!(store.timeline(derived.attempt.id).await.unwrap(), derived.timeline);
        let claim = store.claim(derived.attempt.credential().unwrap()).await.unwrap().unwrap();
        let state = if completes { State::Pending } else { State::Linked };
        assert_eq!((claim.attempt, claim.state), (derived.attempt.id, state));
        // The same change again conflicts, and nothing of it is committed twice.
        assert_eq!(store.commit(&change).await.unwrap(), CommitOutcome::VersionConflict);
    }
    let events = store.events(&user("jane"), 0).await.unwrap();
    let subjects: Vec<_> =
        events.iter().map(|event| (event.sequence, event.attempt.unwrap().uuid().as_u128())).collect();
    assert_eq!(subjects, [(1, 1), (2, 1), (3, 8), (4, 8)]);
}
