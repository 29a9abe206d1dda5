//! Proof of linked credentials: what it records, and what it leaves unchanged.

use super::*;

fn tried(attempt: &LinkAttempt, proof: Proof, account: Option<&str>) -> Option<Change> {
    let observation = Observation::Proved { proof, account: account.map(str::to_owned), is_certain: true };
    attempt.observe(&observation, &SiblingAttempts::default(), began() + Duration::minutes(1))
}

fn saved() -> LinkAttempt {
    let key = LinkAttempt { is_api_key: true, ..attempt(None) };
    step(&key, &Seen::Listed(vec![(3, true, 20)]), began()).unwrap().attempt
}

#[test]
fn the_last_trial_counts_and_the_end_stays_as_it_was() {
    let saved = saved();
    let refused = tried(&saved, Proof::Refused, None).unwrap();
    assert_eq!((refused.attempt.proof(), &refused.attempt.account()), (Some(Proof::Refused), &None));
    assert_eq!(refused.timeline.last().unwrap().event, TimelineEvent::NotWorking);
    let works = tried(&refused.attempt, Proof::Works, Some("Acme HQ")).unwrap();
    assert_eq!((works.attempt.proof(), works.attempt.account()), (Some(Proof::Works), Some("Acme HQ")));
    assert_eq!(works.timeline.last().unwrap().event, TimelineEvent::Proved);
    let again = tried(&works.attempt, Proof::Refused, None).unwrap();
    assert_eq!((again.attempt.proof(), again.attempt.account()), (Some(Proof::Refused), Some("Acme HQ")));
    for change in [refused, works, again] {
        assert_eq!(without_proof(change.attempt), saved, "state, reason and time of the end are what they were");
        assert!(change.outbox.is_empty() && change.deletions.is_empty() && change.claims.is_empty());
    }
}

#[test]
fn the_same_again_is_no_news() {
    let works = tried(&saved(), Proof::Works, Some("Acme HQ")).unwrap().attempt;
    assert_eq!(tried(&works, Proof::Works, Some("Acme HQ")), None);
    assert!(tried(&works, Proof::Works, Some("Acme Labs")).is_some());
}

#[test]
fn nothing_is_known_of_what_is_not_linked() {
    let returned = step(&attempt(None), &Seen::Returned(None), began()).unwrap().attempt;
    let linked = step(&returned, &Seen::Listed(vec![(3, true, 20)]), began()).unwrap().attempt;
    let works = tried(&linked, Proof::Works, Some("Acme HQ")).unwrap().attempt;
    let taken_back = step(&works, &Seen::Elsewhere, began()).unwrap().attempt;
    assert_eq!((taken_back.state(), taken_back.proof(), &taken_back.account()), (State::Unverified, None, &None));
    for other in [returned, taken_back, step(&attempt(None), &Seen::Elsewhere, began()).unwrap().attempt] {
        assert_eq!(tried(&other, Proof::Works, Some("Acme HQ")), None, "{}", other.state());
    }
}
