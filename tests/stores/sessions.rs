//! A session, from the host's call to its end.

use gangway::{
    domain::session::{AlloyUserId, Arrival, Display, EndedBy, SessionId},
    store::{BrowserState, CookieRow, NewSession, Redeemed, Redemption, Result, SessionCreated, Store},
};

use super::{
    fresh::Fresh,
    samples::{at, code, full_session, session, user},
};

on_both!(
    a_session_is_read_as_it_was_written,
    of_fifty_redeems_one_wins,
    a_used_code_leads_to_where_it_led,
    a_code_is_nothing_after_its_time_or_its_session,
    a_browser_is_seen_to_the_minute,
    a_session_ends_once,
    redeeming_stores_the_cookie_and_ends_another_users_session,
    refused_session_binds_no_alloy_user,
);

async fn redeem(store: &Store, text: &str, arrival: Arrival, second: i64) -> Result<Redeemed> {
    let state = |session: SessionId| BrowserState { state: session.to_string(), expires_at: at(9000) };
    let cookie = CookieRow { key: &code(&format!("cookie of {text} at {second}")), state: &state };
    store
        .redeem(&Redemption {
            code: &code(text),
            arrival,
            display: Display::Page,
            now: at(second),
            cookie,
            previous: None,
            previous_is_undecided: false,
        })
        .await
}

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
    let answers: Vec<Result<Redeemed>> =
        fresh.at_once(50, |_, store| async move { redeem(&store, "code", Arrival::Link, 60).await }).await;

    let mut won = 0;
    for answer in answers {
        match answer.unwrap() {
            Redeemed::Redeemed(session) => {
                won += 1;
                assert_eq!(session.redeemed_at, Some(at(60)));
            }
            Redeemed::AlreadyRedeemed(session) => assert_eq!(session.redeemed_at, Some(at(60))),
            Redeemed::Invalid => panic!("the code is good"),
        }
    }
    assert_eq!(won, 1);
}

async fn a_used_code_leads_to_where_it_led(fresh: &Fresh) {
    let store = fresh.open().await;
    store.insert_session(&session(1), &code("code")).await.unwrap();
    let first = redeem(&store, "code", Arrival::Host, 599).await.unwrap();
    let Redeemed::Redeemed(redeemed) = first else { panic!("the first to come wins: {first:?}") };
    assert_eq!(redeemed.arrival, Some(Arrival::Host));
    assert_eq!(store.session(redeemed.id).await.unwrap().as_ref(), Some(&redeemed));

    let again = redeem(&store, "code", Arrival::Link, 700).await.unwrap();
    assert_eq!(again, Redeemed::AlreadyRedeemed(redeemed), "even after the code's own time");
}

async fn a_code_is_nothing_after_its_time_or_its_session(fresh: &Fresh) {
    let store = fresh.open().await;
    for (id, name) in [(1, "late"), (2, "ended"), (3, "used and ended")] {
        store.insert_session(&session(id), &code(name)).await.unwrap();
    }
    store.end_session(session(2).id, EndedBy::Host, at(1)).await.unwrap();
    redeem(&store, "used and ended", Arrival::Link, 1).await.unwrap();
    store.end_session(session(3).id, EndedBy::User, at(2)).await.unwrap();

    for (name, now) in [("late", 600), ("ended", 5), ("used and ended", 5), ("unknown", 5)] {
        assert_eq!(redeem(&store, name, Arrival::Link, now).await.unwrap(), Redeemed::Invalid, "{name}");
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

async fn redeeming_stores_the_cookie_and_ends_another_users_session(fresh: &Fresh) {
    let store = fresh.open().await;
    let mut other = session(2);
    other.user.external_id = user("mallory");
    for (session, name) in [(&session(1), "code"), (&other, "other"), (&session(3), "same user")] {
        store.insert_session(session, &code(name)).await.unwrap();
    }
    let key = code("cookie");
    let state = |session: SessionId| BrowserState { state: session.to_string(), expires_at: at(9000) };
    let cookie = CookieRow { key: &key, state: &state };
    let first = Redemption {
        code: &code("code"),
        arrival: Arrival::Link,
        display: Display::Page,
        now: at(5),
        cookie,
        previous: Some(&other),
        previous_is_undecided: true,
    };
    assert!(matches!(store.redeem(&first).await.unwrap(), Redeemed::Redeemed(_)));
    assert_eq!(store.browser(&key, at(6)).await.unwrap(), Some(state(session(1).id)));
    assert_eq!(store.session(other.id).await.unwrap().unwrap().ended_at, Some(at(5)));
    let second = Redemption { code: &code("same user"), previous: Some(&session(1)), ..first };
    assert!(matches!(store.redeem(&second).await.unwrap(), Redeemed::Redeemed(_)));
    assert_eq!(store.session(session(1).id).await.unwrap().unwrap().ended_at, None);
    let late = CookieRow { key: &code("unused"), state: &state };
    store.redeem(&Redemption { cookie: late, ..first }).await.unwrap();
    assert_eq!(store.browser(&code("unused"), at(6)).await.unwrap(), None);
}

async fn refused_session_binds_no_alloy_user(fresh: &Fresh) {
    let store = fresh.open().await;
    let alloy = |id: &str| AlloyUserId::parse(id).unwrap();
    let (first, second) = (alloy("5eba51a03fe9631316668514"), alloy("67a37f29e0aa276e50d7253a"));
    let (one, two) = (session(1), session(2));
    let create = async |session, name: &str, alloy_user| {
        let new = NewSession { session, code: &code(name), once: None, alloy_user };
        store.create_session(&new, at(0)).await.unwrap()
    };
    assert_eq!(create(&one, "one", None).await, SessionCreated::Created);
    assert_eq!(create(&one, "again", Some(&first)).await, SessionCreated::Refused);
    assert_eq!(store.alloy_user(&user("jane")).await.unwrap(), None);
    assert_eq!(create(&two, "two", Some(&first)).await, SessionCreated::Created);
    assert_eq!(create(&session(3), "three", Some(&second)).await, SessionCreated::OtherAlloyUser);
    assert_eq!(store.session(session(3).id).await.unwrap(), None);
    assert_eq!(store.alloy_user(&user("jane")).await.unwrap(), Some(first));
}
