use time::Duration;
use uuid::Uuid;

use super::*;
use crate::domain::{
    clock::from_millis,
    session::{After, Arrival, EndUser, ExternalId, SessionId},
};

const LIFETIME: Lifetime = Lifetime { idle: Duration::minutes(30), absolute: Duration::hours(4) };

fn at(second: i64) -> OffsetDateTime {
    from_millis(1_790_000_000_000 + 1000 * second)
}

/// A session that was redeemed at 0.
fn watched(display: Display, window: Window, attempts: Vec<WatchedAttempt>) -> Watched {
    let jane = ExternalId::parse("jane").unwrap();
    let session = ConnectSession {
        id: SessionId::from_uuid(Uuid::from_u128(1)),
        user: EndUser { external_id: jane, name: None, email: None, alloy_user_id: None },
        connectors: Vec::new(),
        connector: None,
        reconnect: None,
        after: After::Stay,
        return_url: None,
        locale: None,
        created_at: at(-60),
        code_expires_at: at(540),
        redeemed_at: Some(at(0)),
        arrival: Some(Arrival::Host),
        seen_at: None,
        ended_at: None,
        ended_by: None,
        parent: None,
        ends_at: None,
        client_reference: None,
        display,
    };
    Watched { session, window, attempts }
}

fn popup(window: Window, attempts: Vec<WatchedAttempt>) -> Watched {
    watched(Display::Popup, window, attempts)
}

fn open(began: i64) -> WatchedAttempt {
    WatchedAttempt {
        id: AttemptId::from_uuid(Uuid::from_u128(u128::try_from(began).unwrap())),
        connector: ConnectorId::parse("slack").unwrap(),
        relation: Relation::Own,
        version: 0,
        state: State::Pending,
        reason: None,
        began_at: at(began),
        returned_at: None,
        settled_at: None,
    }
}

fn ended(state: State, began: i64, settled: i64) -> WatchedAttempt {
    WatchedAttempt { state, settled_at: Some(at(settled)), version: 2, ..open(began) }
}

fn of(relation: Relation, attempt: WatchedAttempt) -> WatchedAttempt {
    WatchedAttempt { relation, ..attempt }
}

fn outcome(watched: &Watched, second: i64) -> (WindowState, Option<Outcome>) {
    let progress = watched.progress(LIFETIME, at(second));
    (progress.window, progress.outcome)
}

#[test]
fn window_without_an_end_is_open_or_away() {
    let mut session = popup(Window::default(), Vec::new());
    assert_eq!(outcome(&session, 100), (WindowState::Open, None));
    session.session.redeemed_at = None;
    assert_eq!(outcome(&session, 100), (WindowState::Waiting, None));
    session.window.left_at = Some(at(50));
    assert_eq!(outcome(&session, 100), (WindowState::Left, Some(Outcome::Left)), "its start page was closed");
    // The page is unloaded when that of the provider is there.
    let at_provider = Window { away_at: Some(at(10)), left_at: Some(at(16)), ..Window::default() };
    assert_eq!(outcome(&popup(at_provider, vec![open(9)]), 1000), (WindowState::Away, None));
}

#[test]
fn end_that_was_shown_decides_unless_an_attempt_is_open() {
    let shown = Window { end_shown_at: Some(at(20)), ..Window::default() };
    for (state, expected) in [(State::Linked, Outcome::Linked), (State::Denied, Outcome::Ended)] {
        let unseen = popup(Window::default(), vec![ended(state, 5, 19)]);
        assert_eq!(outcome(&unseen, 28).1, None, "the page with the end is on its way");
        assert_eq!(outcome(&popup(shown, vec![ended(state, 5, 19)]), 30).1, Some(expected));
        let other_tab = popup(shown, vec![ended(state, 5, 19), open(6)]);
        assert_eq!(outcome(&other_tab, 30).1, None);
        let both = popup(shown, vec![ended(state, 5, 19), ended(State::Expired, 6, 25)]);
        assert_eq!(outcome(&both, 30).1, Some(expected));
        let again = popup(shown, vec![ended(state, 5, 19), open(25)]);
        assert_eq!(outcome(&again, 30).1, Some(expected), "a further attempt takes nothing back");
    }
}

#[test]
fn late_link_and_revoked_link_are_followed() {
    let shown = Window { end_shown_at: Some(at(20)), ..Window::default() };
    let late = popup(shown, vec![ended(State::Denied, 5, 19), ended(State::Linked, 25, 40)]);
    assert_eq!(outcome(&late, 50).1, Some(Outcome::Linked));
    let denied_then_linked = popup(shown, vec![ended(State::Linked, 5, 40)]);
    assert_eq!(outcome(&denied_then_linked, 50).1, Some(Outcome::Linked));
    let revoked = popup(shown, vec![ended(State::Unverified, 5, 40)]);
    assert_eq!(outcome(&revoked, 50).1, Some(Outcome::Ended));
    let left = Window { left_at: Some(at(30)), ..Window::default() };
    assert_eq!(outcome(&popup(left, vec![ended(State::Linked, 5, 40)]), 50).1, Some(Outcome::Linked));
}

#[test]
fn window_is_left_after_its_time_unless_an_attempt_goes_on() {
    let left = Window { left_at: Some(at(30)), ..Window::default() };
    let session = popup(left, Vec::new());
    assert_eq!(outcome(&session, 29), (WindowState::Open, None));
    assert_eq!(session.progress(LIFETIME, at(29)).next_change, Some(at(30)));
    assert_eq!(outcome(&session, 30), (WindowState::Left, Some(Outcome::Left)));
    let went_back = popup(left, vec![open(5)]);
    assert_eq!(outcome(&went_back, 30).1, Some(Outcome::Left), "the attempt is not at a provider any more");
    for goes_on in [WatchedAttempt { returned_at: Some(at(20)), ..open(5) }, of(Relation::Child, open(5))] {
        assert_eq!(outcome(&popup(left, vec![goes_on.clone()]), 1000), (WindowState::Left, None));
        let settled = WatchedAttempt { state: State::Failed, settled_at: Some(at(60)), ..goes_on };
        assert!(outcome(&popup(left, vec![settled]), 1000).1.is_some());
    }
    let after_end = popup(Window { end_shown_at: Some(at(10)), ..left }, vec![ended(State::Denied, 5, 9), open(8)]);
    assert_eq!(outcome(&after_end, 30).1, Some(Outcome::Ended));
}

#[test]
fn window_at_a_provider_is_left_once_its_attempt_ended_without_it() {
    for left_at in [None, Some(at(16))] {
        let away = Window { away_at: Some(at(10)), left_at, ..Window::default() };
        let expired = popup(away, vec![ended(State::Expired, 9, 900)]);
        assert_eq!(outcome(&expired, 904), (WindowState::Away, None), "the browser may be on its way back");
        assert_eq!(outcome(&expired, 905), (WindowState::Left, Some(Outcome::Left)));
        // A frame is beside that window, and may be in use.
        let frame = watched(Display::Frame, Window { left_at: None, ..away }, vec![ended(State::Denied, 9, 900)]);
        assert_eq!(outcome(&frame, 905), (WindowState::Away, None));
        assert_eq!(outcome(&frame, 910), (WindowState::Away, Some(Outcome::Ended)));
        let linked = popup(away, vec![ended(State::Linked, 9, 900)]);
        assert_eq!(outcome(&linked, 905).1, Some(Outcome::Linked));
    }
}

#[test]
fn without_a_window_the_ends_of_the_attempts_decide() {
    let session = |attempts| watched(Display::Page, Window::default(), attempts);
    assert_eq!(outcome(&session(Vec::new()), 100), (WindowState::Open, None));
    assert_eq!(outcome(&session(vec![open(5)]), 100).1, None);
    assert_eq!(outcome(&session(vec![ended(State::Denied, 5, 9)]), 100).1, Some(Outcome::Ended));
    assert_eq!(outcome(&session(vec![ended(State::Denied, 5, 9), open(7)]), 100).1, None);
    assert_eq!(outcome(&session(vec![ended(State::Denied, 5, 9), open(20)]), 100).1, Some(Outcome::Ended));
    // An attempt in the user's own browser, whose session was created in a window of an app.
    let child = popup(Window::default(), vec![of(Relation::Child, ended(State::Linked, 5, 9))]);
    assert_eq!(outcome(&child, 100).1, Some(Outcome::Linked));
}

#[test]
fn continued_attempt_counts_as_an_own_one() {
    let continued = |attempt| of(Relation::Continued, attempt);
    let shown = Window { end_shown_at: Some(at(20)), ..Window::default() };
    let earlier = |attempt| continued(WatchedAttempt { began_at: at(-50), ..attempt });
    assert_eq!(outcome(&popup(shown, vec![earlier(open(1))]), 30).1, None);
    assert_eq!(outcome(&popup(shown, vec![earlier(ended(State::Linked, 1, 19))]), 30).1, Some(Outcome::Linked));
}

#[test]
fn attempts_decide_if_no_page_shows_their_end() {
    let session = |attempts| popup(Window::default(), attempts);
    let linked = session(vec![ended(State::Linked, 5, 19)]);
    assert_eq!(outcome(&linked, 28).1, None, "the page with the end is on its way");
    assert_eq!(linked.progress(LIFETIME, at(28)).next_change, Some(at(29)));
    assert_eq!(outcome(&linked, 29).1, Some(Outcome::Linked));
    let again = session(vec![ended(State::Denied, 5, 19), ended(State::Failed, 25, 40)]);
    assert_eq!((outcome(&again, 49).1, outcome(&again, 50).1), (None, Some(Outcome::Ended)));
    assert_eq!(outcome(&session(vec![ended(State::Denied, 5, 19), open(25)]), 100).1, None);
    assert_eq!(outcome(&session(Vec::new()), 100).1, None);
}

#[test]
fn replaced_session_stays_replaced() {
    let window = Window { replaced_at: Some(at(20)), end_shown_at: Some(at(30)), ..Window::default() };
    assert_eq!(outcome(&popup(window, vec![ended(State::Linked, 5, 29)]), 40).1, Some(Outcome::Replaced));
}

#[test]
fn end_of_the_session_decides() {
    let mut session = popup(Window::default(), vec![open(5)]);
    let idle = 30 * 60;
    assert_eq!(outcome(&session, idle + 1).1, None, "the attempt may still end");
    assert_eq!(session.progress(LIFETIME, at(0)).next_change, Some(at(idle)));
    session.attempts = Vec::new();
    assert_eq!(outcome(&session, idle).1, Some(Outcome::Ended));
    session.attempts = vec![open(5)];
    session.session.ended_at = Some(at(50));
    assert_eq!(outcome(&session, 50).1, Some(Outcome::Ended), "it binds no return any more");
    let mut unused = popup(Window::default(), Vec::new());
    unused.session.redeemed_at = None;
    assert_eq!(outcome(&unused, 540), (WindowState::Waiting, Some(Outcome::Ended)));
}

#[test]
fn version_grows_with_every_change() {
    let mut session = popup(Window { changes: 1, ..Window::default() }, Vec::new());
    let mut versions = vec![session.progress(LIFETIME, at(1)).version];
    let mut note = |session: &Watched, second| versions.push(session.progress(LIFETIME, at(second)).version);
    session.window = Window { left_at: Some(at(30)), changes: 2, ..session.window };
    note(&session, 25);
    note(&session, 30);
    session.window = Window { left_at: None, changes: 3, ..session.window };
    note(&session, 31);
    session.attempts = vec![open(35)];
    note(&session, 35);
    session.attempts = vec![ended(State::Linked, 35, 40)];
    note(&session, 40);
    session.window.end_shown_at = Some(at(41));
    note(&session, 41);
    note(&session, 5 * 3600);
    assert!(versions.is_sorted_by(|before, after| before < after), "{versions:?}");
}
