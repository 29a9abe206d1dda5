//! What is recorded of the window in which a session is shown.

use gangway::{
    domain::{
        attempt::{LinkAttempt, State},
        outcome::{Relation, Watched},
        session::{Arrival, ConnectSession, Display, SessionId},
        window::Window,
    },
    store::{BrowserState, CookieRow, Redeemed, Redemption, Store},
};

use super::{
    fresh::Fresh,
    samples::{at, attempt, code, linked, returned, session, user},
};

on_both!(
    a_later_page_takes_back_that_its_window_was_left,
    only_the_newest_page_leaves_its_window,
    a_window_left_during_a_request_stays_left,
    a_close_counts_at_once,
    a_page_has_no_window,
    a_redeemed_session_has_not_left_its_window,
    another_session_replaces_the_previous_one,
    attempts_of_related_sessions_are_read,
    versions_of_many_sessions_are_those_of_each,
);

/// Inserts and redeems that session, in place of another one.
async fn redeem(
    store: &Store,
    session: &ConnectSession,
    display: Display,
    second: i64,
    previous: Option<&ConnectSession>,
) -> ConnectSession {
    let name = session.id.to_string();
    store.insert_session(session, &code(&name)).await.unwrap();
    let state = |session: SessionId| BrowserState { state: session.to_string(), expires_at: at(9000) };
    let cookie = CookieRow { key: &code("cookie"), state: &state };
    let code = code(&name);
    let redemption = Redemption {
        code: &code,
        arrival: Arrival::Host,
        display,
        now: at(second),
        cookie,
        previous,
        previous_is_undecided: true,
    };
    match store.redeem(&redemption).await.unwrap() {
        Redeemed::Redeemed(redeemed) => redeemed,
        other => panic!("{other:?}"),
    }
}

async fn watched(store: &Store, session: &ConnectSession) -> Watched {
    store.session_window(session.id).await.unwrap().unwrap()
}

async fn window(store: &Store, session: &ConnectSession) -> Window {
    let found = watched(store, session).await;
    assert_eq!(&found.session, session);
    found.window
}

async fn a_later_page_takes_back_that_its_window_was_left(fresh: &Fresh) {
    let store = fresh.open().await;
    let popup = redeem(&store, &session(1), Display::Popup, 1, None).await;
    assert_eq!((popup.display, window(&store, &popup).await), (Display::Popup, Window::default()));
    store.page_answered(popup.id, 1, None, 0).await.unwrap();
    store.page_answered(popup.id, 2, Some(at(2)), 1).await.unwrap();
    let away = Window { pages: 2, away_at: Some(at(2)), changes: 2, ..Window::default() };
    assert_eq!(window(&store, &popup).await, away);
    // The page is unloaded when the provider's page is there.
    store.window_left(popup.id, 1, at(8)).await.unwrap();
    assert_eq!(window(&store, &popup).await, away);
    store.page_answered(popup.id, 3, None, 2).await.unwrap();
    assert_eq!(window(&store, &popup).await, Window { pages: 3, changes: 3, ..Window::default() });
    store.window_left(popup.id, 3, at(8)).await.unwrap();
    assert_eq!(store.newest_page(popup.id).await.unwrap(), Some((3, 4)));
    store.page_answered(popup.id, 7, None, 4).await.unwrap();
    assert_eq!(window(&store, &popup).await, Window { pages: 7, changes: 5, ..Window::default() });
    store.record_end(popup.id, at(9)).await.unwrap();
    store.record_end(popup.id, at(10)).await.unwrap();
    let ended = Window { pages: 7, changes: 5, end_shown_at: Some(at(9)), ..Window::default() };
    assert_eq!(window(&store, &popup).await, ended);
}

async fn only_the_newest_page_leaves_its_window(fresh: &Fresh) {
    let store = fresh.open().await;
    let frame = redeem(&store, &session(1), Display::Frame, 1, None).await;
    store.page_answered(frame.id, 2, None, 0).await.unwrap();
    // Its request began before, and its answer came later.
    store.page_answered(frame.id, 1, Some(at(6)), 0).await.unwrap();
    for page in [1, 0, -1] {
        store.window_left(frame.id, page, at(7)).await.unwrap();
    }
    assert_eq!(window(&store, &frame).await, Window { pages: 2, changes: 1, ..Window::default() });
    store.window_left(frame.id, 2, at(8)).await.unwrap();
    store.window_left(frame.id, 2, at(9)).await.unwrap();
    assert_eq!(window(&store, &frame).await.left_at, Some(at(8)), "the first time counts");
}

async fn a_window_left_during_a_request_stays_left(fresh: &Fresh) {
    let store = fresh.open().await;
    for (number, away_at) in [(1, None), (2, Some(at(9)))] {
        let popup = redeem(&store, &session(number), Display::Popup, 1, None).await;
        store.page_answered(popup.id, 1, None, 0).await.unwrap();
        let (_, before) = store.newest_page(popup.id).await.unwrap().unwrap();
        store.window_left(popup.id, 1, at(8)).await.unwrap();
        store.page_answered(popup.id, 2, away_at, before).await.unwrap();
        let left = Window { pages: 1, left_at: Some(at(8)), changes: 2, ..Window::default() };
        assert_eq!(window(&store, &popup).await, left);
        // A page that was not counted is left, too.
        store.page_answered(popup.id, 3, Some(at(10)), 2).await.unwrap();
        store.window_left(popup.id, 4, at(12)).await.unwrap();
        let left = Window { pages: 3, left_at: Some(at(12)), changes: 4, ..Window::default() };
        assert_eq!(window(&store, &popup).await, left);
    }
}

async fn a_close_counts_at_once(fresh: &Fresh) {
    let store = fresh.open().await;
    let popup = redeem(&store, &session(1), Display::Popup, 1, None).await;
    store.page_answered(popup.id, 1, None, 0).await.unwrap();
    store.window_left(popup.id, 1, at(7)).await.unwrap();
    store.window_closed(popup.id, at(3)).await.unwrap();
    store.window_closed(popup.id, at(4)).await.unwrap();
    assert_eq!(window(&store, &popup).await.left_at, Some(at(3)));
}

async fn a_page_has_no_window(fresh: &Fresh) {
    let store = fresh.open().await;
    let page = redeem(&store, &session(1), Display::Page, 1, None).await;
    assert_eq!(page.display, Display::Page);
    store.page_answered(page.id, 1, None, 0).await.unwrap();
    store.page_answered(page.id, 2, Some(at(2)), 0).await.unwrap();
    store.window_left(page.id, 2, at(8)).await.unwrap();
    store.window_closed(page.id, at(3)).await.unwrap();
    store.record_end(page.id, at(4)).await.unwrap();
    assert_eq!(window(&store, &page).await, Window::default());
}

async fn another_session_replaces_the_previous_one(fresh: &Fresh) {
    let store = fresh.open().await;
    let first = redeem(&store, &session(1), Display::Popup, 1, None).await;
    let child = ConnectSession { parent: Some(first.id), ..session(2) };
    redeem(&store, &child, Display::Page, 2, Some(&first)).await;
    assert_eq!(window(&store, &first).await.replaced_at, None, "the user goes on in it");
    let second = redeem(&store, &session(3), Display::Popup, 3, Some(&first)).await;
    redeem(&store, &session(4), Display::Popup, 4, Some(&first)).await;
    assert_eq!(window(&store, &first).await.replaced_at, Some(at(3)));
    let mut other = session(5);
    other.user.external_id = user("mallory");
    redeem(&store, &other, Display::Page, 5, Some(&second)).await;
    let second = watched(&store, &second).await;
    assert_eq!((second.window.replaced_at, second.session.ended_at), (Some(at(5)), Some(at(5))));
}

async fn attempts_of_related_sessions_are_read(fresh: &Fresh) {
    let store = fresh.open().await;
    let mut sessions = vec![redeem(&store, &session(1), Display::Popup, 1, None).await];
    for number in 2..5 {
        let before = sessions.last().cloned();
        sessions.push(redeem(&store, &session(number), Display::Popup, 2, before.as_ref()).await);
    }
    let child = ConnectSession { parent: Some(session(4).id), ..session(5) };
    redeem(&store, &child, Display::Page, 3, None).await;
    let in_session = |number: u128, app, of: u128| LinkAttempt { session_id: session(of).id, ..attempt(number, app) };
    let first = returned(&store, &in_session(0xA1, "slack", 1)).await;
    for (number, app, of) in [(0xA4, "github", 4), (0xA5, "notion", 5)] {
        store.begin(&in_session(number, app, of)).await.unwrap();
    }
    assert!(!store.counts_for(first.id, sessions[3].id).await.unwrap());
    for session in [&sessions[0], &sessions[2], &sessions[3], &sessions[3], &child] {
        store.continue_attempt(first.id, session.id).await.unwrap();
    }
    store.commit(&linked(&first, &["slack-1"])).await.unwrap();
    for (session, expected) in [(&sessions[0], 1), (&sessions[1], 0), (&sessions[2], 1), (&sessions[3], 3)] {
        let watched = watched(&store, session).await;
        assert_eq!(watched.attempts.len(), expected);
        assert_eq!(store.counts_for(first.id, session.id).await.unwrap(), expected > 0);
        let version = store.watched_versions(&[session.id]).await.unwrap();
        assert_eq!(version.last(), Some(&(session.id, watched.stored_version())));
    }
    let read: Vec<_> = watched(&store, &sessions[3]).await.attempts;
    let read: Vec<_> = read.iter().map(|read| (read.connector.as_str(), read.relation, read.state)).collect();
    let expected = [
        ("slack", Relation::Continued, State::Linked),
        ("github", Relation::Own, State::Pending),
        ("notion", Relation::Child, State::Pending),
    ];
    assert_eq!(read, expected);
}

async fn versions_of_many_sessions_are_those_of_each(fresh: &Fresh) {
    let store = fresh.open().await;
    let first = redeem(&store, &session(1), Display::Popup, 1, None).await;
    store.page_answered(first.id, 1, None, 0).await.unwrap();
    store.record_end(first.id, at(2)).await.unwrap();
    returned(&store, &attempt(0xA1, "slack")).await;
    redeem(&store, &session(2), Display::Page, 3, Some(&first)).await;
    let child = ConnectSession { parent: Some(session(2).id), ..session(3) };
    redeem(&store, &child, Display::Page, 4, None).await;
    store.begin(&LinkAttempt { session_id: child.id, ..attempt(0xA3, "github") }).await.unwrap();
    store.insert_session(&session(4), &code("unused")).await.unwrap();
    let ids: Vec<SessionId> = (1..40).map(|number| session(number).id).collect();
    let mut versions = store.watched_versions(&ids).await.unwrap();
    versions.sort_unstable();
    versions.dedup();
    let mut expected = Vec::new();
    for number in 1..5 {
        expected.push((session(number).id, watched(&store, &session(number)).await.stored_version()));
    }
    assert_eq!((versions, expected[0].1 > 0, expected[3].1), (expected, true, 0));
}

async fn a_redeemed_session_has_not_left_its_window(fresh: &Fresh) {
    let store = fresh.open().await;
    let unused = ConnectSession { display: Display::Popup, ..session(1) };
    store.insert_session(&unused, &code(&unused.id.to_string())).await.unwrap();
    store.window_closed(unused.id, at(1)).await.unwrap();
    assert_eq!(window(&store, &unused).await.left_at, Some(at(1)));
    let state = |session: SessionId| BrowserState { state: session.to_string(), expires_at: at(9000) };
    let redemption = Redemption {
        code: &code(&unused.id.to_string()),
        arrival: Arrival::Link,
        display: Display::Page,
        now: at(2),
        cookie: CookieRow { key: &code("cookie"), state: &state },
        previous: None,
        previous_is_undecided: false,
    };
    let Redeemed::Redeemed(redeemed) = store.redeem(&redemption).await.unwrap() else { panic!("the code is good") };
    assert_eq!(window(&store, &redeemed).await.left_at, None);
}
