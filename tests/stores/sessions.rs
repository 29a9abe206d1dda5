//! A session, from the host's call to its end.

use gangway::{
    domain::session::{Arrival, EndedBy},
    store::{Redeemed, Stored},
};

use super::{
    fresh::Fresh,
    samples::{at, code, full_session, session},
};

on_both!(
    a_session_is_read_as_it_was_written,
    of_fifty_redeems_one_wins,
    a_used_code_leads_to_where_it_led,
    a_code_is_nothing_after_its_time_or_its_session,
    a_browser_is_seen_to_the_minute,
    a_session_ends_once,
);

async fn a_session_is_read_as_it_was_written(fresh: &Fresh) {
    let store = fresh.open().await;
    let (short, full) = (session(1), full_session(2));
    store.insert_session(&short, &code("short")).await.unwrap();
    store.insert_session(&full, &code("full")).await.unwrap();

    assert_eq!(store.session(short.id).await.unwrap().as_ref(), Some(&short));
    assert_eq!(store.session(full.id).await.unwrap().as_ref(), Some(&full));
    assert_eq!(store.session_by_code(&code("short")).await.unwrap(), Some(short));
    assert_eq!(store.session_by_code(&code("full")).await.unwrap(), Some(full));
    assert_eq!(store.session(session(3).id).await.unwrap(), None);
    assert_eq!(store.session_by_code(&code("other")).await.unwrap(), None);
    assert!(store.insert_session(&session(1), &code("again")).await.is_err(), "an id is used once");
    assert!(store.insert_session(&session(4), &code("full")).await.is_err(), "a code is used once");
}

async fn of_fifty_redeems_one_wins(fresh: &Fresh) {
    fresh.open().await.insert_session(&session(1), &code("code")).await.unwrap();
    let answers: Vec<Stored<Redeemed>> =
        fresh.at_once(50, |_, store| async move { store.redeem(&code("code"), Arrival::Link, at(60)).await }).await;

    let mut won = 0;
    for answer in answers {
        match answer.unwrap() {
            Redeemed::Now(session) => {
                won += 1;
                assert_eq!(session.redeemed_at, Some(at(60)));
            }
            Redeemed::Before(session) => assert_eq!(session.redeemed_at, Some(at(60))),
            Redeemed::Never => panic!("the code is good"),
        }
    }
    assert_eq!(won, 1);
}

async fn a_used_code_leads_to_where_it_led(fresh: &Fresh) {
    let store = fresh.open().await;
    store.insert_session(&session(1), &code("code")).await.unwrap();
    let first = store.redeem(&code("code"), Arrival::Host, at(599)).await.unwrap();
    let Redeemed::Now(redeemed) = first else { panic!("the first to come wins: {first:?}") };
    assert_eq!(redeemed.arrival, Some(Arrival::Host));
    assert_eq!(store.session(redeemed.id).await.unwrap().as_ref(), Some(&redeemed));

    let again = store.redeem(&code("code"), Arrival::Link, at(700)).await.unwrap();
    assert_eq!(again, Redeemed::Before(redeemed), "even after the code's own time");
}

async fn a_code_is_nothing_after_its_time_or_its_session(fresh: &Fresh) {
    let store = fresh.open().await;
    for (id, name) in [(1, "late"), (2, "ended"), (3, "used and ended")] {
        store.insert_session(&session(id), &code(name)).await.unwrap();
    }
    store.end_session(session(2).id, EndedBy::Host, at(1)).await.unwrap();
    store.redeem(&code("used and ended"), Arrival::Link, at(1)).await.unwrap();
    store.end_session(session(3).id, EndedBy::User, at(2)).await.unwrap();

    for (name, now) in [("late", 600), ("ended", 5), ("used and ended", 5), ("unknown", 5)] {
        assert_eq!(store.redeem(&code(name), Arrival::Link, at(now)).await.unwrap(), Redeemed::Never, "{name}");
    }
    assert_eq!(store.session(session(1).id).await.unwrap(), Some(session(1)), "a late try changes nothing");
}

async fn a_browser_is_seen_to_the_minute(fresh: &Fresh) {
    let store = fresh.open().await;
    let id = session(1).id;
    store.insert_session(&session(1), &code("code")).await.unwrap();
    for (touched, kept) in [(10, 10), (69, 10), (70, 70), (500, 500)] {
        store.touch_session(id, at(touched)).await.unwrap();
        assert_eq!(store.session(id).await.unwrap().unwrap().seen_at, Some(at(kept)), "touched at {touched}");
    }
    store.end_session(id, EndedBy::User, at(600)).await.unwrap();
    store.touch_session(id, at(1000)).await.unwrap();
    assert_eq!(store.session(id).await.unwrap().unwrap().seen_at, Some(at(500)), "an ended session stays as it was");
}

async fn a_session_ends_once(fresh: &Fresh) {
    let store = fresh.open().await;
    let id = session(1).id;
    store.insert_session(&session(1), &code("code")).await.unwrap();
    assert!(store.end_session(id, EndedBy::User, at(5)).await.unwrap());
    assert!(!store.end_session(id, EndedBy::Host, at(6)).await.unwrap());
    assert!(!store.end_session(session(2).id, EndedBy::Host, at(6)).await.unwrap(), "there is none");
    let ended = store.session(id).await.unwrap().unwrap();
    assert_eq!((ended.ended_at, ended.ended_by), (Some(at(5)), Some(EndedBy::User)));
}
