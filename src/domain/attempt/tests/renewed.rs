//! A connection that the vendor renews in place.

use super::*;

#[test]
fn a_reconnect_may_renew_the_old_credential() {
    let returned = step(&attempt(Some(OLD)), &Seen::Returned(None), began()).unwrap().attempt;
    let change = step(&returned, &Seen::Listed(vec![(OLD, true, 2)]), began()).unwrap();
    assert_eq!((change.attempt.state(), change.attempt.reason()), (State::Linked, Some(Reason::Renewed)));
    assert_eq!(step(&attempt(None), &Seen::Listed(vec![(OLD, true, 2)]), began()), None);
    let refused = step(&attempt(Some(OLD)), &Seen::Returned(Some(Reason::AccessDenied)), began()).unwrap().attempt;
    let change = step(&refused, &Seen::Listed(vec![(OLD, true, 2)]), began()).unwrap();
    assert_eq!(change.attempt.state(), State::Denied, "renewing is weak evidence");
}

#[test]
fn another_account_may_turn_out_to_be_the_same_one() {
    let returned = step(&attempt(None), &Seen::Returned(None), began()).unwrap().attempt;
    let moved = Seen::Listed(vec![(OLD, true, 2)]);
    assert_eq!(step(&returned, &moved, began() + Duration::SECOND), None, "a new one may be listed late");
    let change = step(&returned, &moved, began() + Duration::seconds(2)).unwrap();
    assert_eq!((change.attempt.state(), change.attempt.reason()), (State::Linked, Some(Reason::Renewed)));
    let new = Seen::Listed(vec![(OLD, true, 2), (3, true, 20)]);
    let change = step(&returned, &new, began() + Duration::seconds(2)).unwrap();
    assert_eq!(change.attempt.credential(), Some(&credential(3, "slack", 0).id));
    let seen = Seen::Listed(vec![(OLD, true, -60)]);
    assert_eq!(step(&returned, &seen, began() + Duration::seconds(2)), None, "nothing moved");
}

#[test]
fn token_renewed_after_the_return_is_no_answer() {
    for replaces in [None, Some(OLD)] {
        let returned = step(&attempt(replaces), &Seen::Returned(None), began()).unwrap().attempt;
        let moved = Seen::Listed(vec![(OLD, true, 20)]);
        assert_eq!(step(&returned, &moved, began() + Duration::seconds(30)), None, "{replaces:?}");
    }
}

#[test]
fn two_moved_connections_prove_nothing() {
    let two = vec![credential(OLD, "slack", -3600), credential(6, "slack", -3600)];
    let both = LinkAttempt::begin(Begin { snapshot: Some(listing(two)), ..begin(None) });
    let reconnect = LinkAttempt { replaces: Some(credential(OLD, "slack", 0).id), ..both.clone() };
    for attempt in [both, reconnect] {
        let returned = step(&attempt, &Seen::Returned(None), began()).unwrap().attempt;
        let later = began() + Duration::seconds(5);
        let moved = vec![renewed(credential(OLD, "slack", 2)), renewed(credential(6, "slack", 2))];
        assert_eq!(returned.observe(&Observation::Listed(&listing(moved.clone())), &others(), later), None);
        let change = returned.observe(&Observation::Listed(&listing(moved[..1].to_vec())), &others(), later);
        assert_eq!(change.unwrap().attempt.reason(), Some(Reason::Renewed));
    }
}

#[test]
fn a_connection_that_cannot_be_trusted_is_not_renewed_into_a_trusted_one() {
    let returned = step(&attempt(Some(OLD)), &Seen::Returned(None), began()).unwrap().attempt;
    let old = renewed(credential(OLD, "slack", 2));
    for (state, renewed) in [(State::Unverified, false), (State::Linked, true)] {
        let claim = Claim::untried(AttemptId::from_uuid(Uuid::from_u128(99)), state, None);
        let others = SiblingAttempts { claims: HashMap::from([(old.id.clone(), claim)]), ..SiblingAttempts::default() };
        let change = returned.observe(&Observation::Listed(&listing(vec![old.clone()])), &others, began());
        assert_eq!(change.is_some_and(|change| change.attempt.state() == State::Linked), renewed, "{state}");
    }
}

#[test]
fn credential_of_an_open_sibling_is_not_renewed_into_a_connection() {
    let moved = renewed(credential(OLD, "slack", 2));
    let sibling = |began_before: Duration| {
        let began_at = began() - began_before;
        let open = LinkAttempt::begin(Begin { snapshot: Some(listing(Vec::new())), at: began_at, ..begin(None) });
        let id = AttemptId::from_uuid(Uuid::from_u128(98));
        LinkAttempt { id, began_at_vendor: began_at, ..open }
    };
    for replaces in [None, Some(OLD)] {
        let returned = step(&attempt(replaces), &Seen::Returned(None), began()).unwrap().attempt;
        for (began_before, is_linked) in [(2 * Duration::HOUR, false), (Duration::MINUTE, true)] {
            let siblings = SiblingAttempts { open: vec![returned.clone(), sibling(began_before)], ..others() };
            let listed = Observation::Listed(&listing(vec![moved.clone()]));
            let change = returned.observe(&listed, &siblings, began() + Duration::seconds(5));
            assert_eq!(change.is_some_and(|change| change.attempt.state() == State::Linked), is_linked, "{replaces:?}");
        }
    }
}
