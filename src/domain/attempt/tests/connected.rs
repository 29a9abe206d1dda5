//! What counts as connected beside attempts that ended, each in its way.

use super::*;
use crate::domain::connection::connected;

/// What counts as connected when that credential is listed, and nobody claimed it.
fn shown(listed: Listed, attempts: &[LinkAttempt]) -> bool {
    let listing = listing(vec![listed]);
    let (open, implicated) = (open(attempts), implicated(&listing, attempts));
    !connected(&listing, &Claims::new(), &open, &implicated).is_empty()
}

#[test]
fn what_an_attempt_may_have_brought_is_never_shown_as_the_hosts_own_however_it_ended() {
    let ends = [
        (State::Denied, Reason::AccessDenied),
        (State::Failed, Reason::Superseded),
        (State::Expired, Reason::NoReturn),
        (State::Unverified, Reason::ForeignReturn),
        (State::Linked, Reason::New),
    ];
    for (state, reason) in ends {
        let over = [LinkAttempt { state, reason: Some(reason), ..attempt(None) }];
        assert!(!shown(credential(3, "slack", 600), &over), "{reason}: the link lived on");
        assert!(shown(credential(3, "notion", 600), &over), "{reason}: another app");
        assert!(shown(credential(OLD, "slack", 600), &over), "{reason}: it was there before");
        assert!(shown(credential(3, "slack", -61), &over), "{reason}: made before");
        assert!(shown(credential(3, "slack", 3961), &over), "{reason}: made after the link's time");
        assert!(!shown(Listed { created_at: None, ..credential(3, "slack", 0) }, &over), "{reason}: nobody knows when");
    }
    let key = LinkAttempt { by_key: true, state: State::Failed, ..attempt(None) };
    assert!(shown(credential(3, "slack", 20), &[key]), "nobody else could have sent the key");
}
