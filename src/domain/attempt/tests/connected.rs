//! Which credentials count as connected beside ended attempts.

use super::*;
use crate::domain::connection::connected;

fn shown(listed: Listed, attempts: &[LinkAttempt]) -> bool {
    let listing = listing(vec![listed]);
    let (open, ended) = (open(attempts), from_ended_attempts(&listing, attempts));
    !connected(&listing, &Claims::new(), &open, &ended).is_empty()
}

#[test]
fn credential_of_ended_attempt_is_never_external() {
    let end = |reason| End { reason, settled_at: began(), credential: None };
    let link = Link {
        reason: Reason::New,
        settled_at: began(),
        credential: credential(OTHERS, "slack", 0).id,
        proof: None,
        account: None,
    };
    let ends = [
        Status::Denied(end(Reason::AccessDenied)),
        Status::Failed(end(Reason::Superseded)),
        Status::Expired(end(Reason::NoReturn)),
        Status::Unverified(end(Reason::ForeignReturn)),
        Status::Linked(link),
    ];
    for status in ends {
        let reason = status.state();
        let over = [LinkAttempt { status, ..attempt(None) }];
        assert!(!shown(credential(3, "slack", 600), &over), "{reason}: the link lived on");
        assert!(shown(credential(3, "notion", 600), &over), "{reason}: another app");
        assert!(shown(credential(OLD, "slack", 600), &over), "{reason}: it was there before");
        assert!(shown(credential(3, "slack", -61), &over), "{reason}: made before");
        assert!(shown(credential(3, "slack", 3961), &over), "{reason}: made after the link's time");
        assert!(
            !shown(Listed { created_at: None, ..credential(3, "slack", 0) }, &over),
            "{reason}: created at an unknown time"
        );
    }
    let status = Status::Failed(end(Reason::UpstreamUnavailable));
    let key = LinkAttempt { is_api_key: true, status, ..attempt(None) };
    assert!(shown(credential(3, "slack", 20), &[key]), "only its own user can send the key");
}
