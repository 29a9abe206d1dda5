//! A change is kept whole, once, or not at all.

use gangway::{
    domain::{
        attempt::{LinkAttempt, Observation, Proof, Reason, SiblingAttempts, State, TimelineEvent, UserAnswer},
        connection::{Claim, Claims},
    },
    store::{CommitOutcome, Store},
};

use super::{
    fresh::Fresh,
    samples::{at, attempt, claimed, credential, linked, listing, returned, user},
};

on_both!(
    a_change_is_kept_with_all_that_belongs_to_it,
    every_field_that_can_change_is_kept,
    of_many_changes_to_one_version_one_is_kept,
    a_credential_of_another_attempt_keeps_nothing,
    an_attempt_may_claim_its_own_again,
    what_was_tried_is_known_of_its_credential_only,
    two_attempts_that_want_the_same_credentials_do_not_block_each_other,
);

async fn events(store: &Store) -> usize {
    store.events(&user("jane"), 0).await.unwrap().len()
}

async fn a_change_is_kept_with_all_that_belongs_to_it(fresh: &Fresh) {
    let store = fresh.open().await;
    let pending = returned(&store, &attempt(1, "slack")).await;
    assert_eq!((pending.version, pending.returned_at), (1, Some(at(30))));

    let change = linked(&pending, &["new", "newer"]);
    assert_eq!(store.commit(&change).await.unwrap(), CommitOutcome::Committed);
    let kept = store.attempt(pending.id).await.unwrap().unwrap();
    assert_eq!(kept, LinkAttempt { version: 2, ..change.attempt });
    assert_eq!((kept.state(), kept.reason(), kept.settled_at()), (State::Linked, Some(Reason::New), Some(at(31))));
    let claim = Claim::untried(kept.id, State::Linked, Some(at(20)));
    let claims: Claims = [(credential("new"), claim.clone()), (credential("newer"), claim.clone())].into();
    assert_eq!(store.claims(&user("jane")).await.unwrap(), claims);
    assert_eq!(store.user_link_state(&user("jane")).await.unwrap().claims, claims);
    assert_eq!(store.claims(&user("sam")).await.unwrap(), Claims::new());
    assert_eq!(store.claim(&credential("newer")).await.unwrap(), Some(claim));
    assert_eq!(store.claim(&credential("before")).await.unwrap(), None);
    let timeline = store.timeline(kept.id).await.unwrap();
    let steps: Vec<_> = timeline.iter().map(|entry| (entry.event, entry.at)).collect();
    let expected = [(TimelineEvent::Began, at(0)), (TimelineEvent::Returned, at(30)), (TimelineEvent::Ended, at(31))];
    assert_eq!(steps, expected);
    assert_eq!(events(&store).await, 2);
}

async fn every_field_that_can_change_is_kept(fresh: &Fresh) {
    let store = fresh.open().await;
    let mut now = attempt(1, "slack");
    store.begin(&now).await.unwrap();
    let observations = [
        Observation::Sent { until: at(5000) },
        Observation::Returned { refusal: Some(Reason::AdminApproval) },
        Observation::ReturnedElsewhere,
        Observation::Answered(UserAnswer::Administrator),
        Observation::Listed(&listing("slack", &["new"], 20)),
    ];
    for (version, observation) in (1_u32..).zip(&observations) {
        let change = now.observe(observation, &SiblingAttempts::default(), at(version.into())).unwrap();
        assert_eq!(store.commit(&change).await.unwrap(), CommitOutcome::Committed);
        now = store.attempt(now.id).await.unwrap().unwrap();
        assert_eq!(now, LinkAttempt { version, ..change.attempt });
    }
    assert_eq!((now.refusal, now.state()), (Some(Reason::AdminApproval), State::Unverified));
}

async fn of_many_changes_to_one_version_one_is_kept(fresh: &Fresh) {
    let pending = returned(&fresh.open().await, &attempt(1, "slack")).await;
    let change = linked(&pending, &["new"]);
    let answers = fresh
        .at_once(20, |_, store| {
            let change = change.clone();
            async move { store.commit(&change).await.unwrap() }
        })
        .await;
    assert_eq!(answers.iter().filter(|answer| **answer == CommitOutcome::Committed).count(), 1);
    let store = fresh.open().await;
    assert_eq!(store.attempt(pending.id).await.unwrap().unwrap().version, 2);
    assert_eq!((events(&store).await, store.timeline(pending.id).await.unwrap().len()), (2, 3));
}

async fn a_credential_of_another_attempt_keeps_nothing(fresh: &Fresh) {
    let store = fresh.open().await;
    let first = returned(&store, &attempt(1, "slack")).await;
    store.commit(&linked(&first, &["taken"])).await.unwrap();
    let second = returned(&store, &attempt(2, "slack")).await;
    let before = store.claims(&user("jane")).await.unwrap();

    let change = linked(&second, &["free", "taken"]);
    assert_eq!(store.commit(&change).await.unwrap(), CommitOutcome::VersionConflict);
    assert_eq!(store.attempt(second.id).await.unwrap(), Some(second.clone()));
    assert_eq!(store.claims(&user("jane")).await.unwrap(), before, "the free one is not claimed either");
    assert_eq!(store.timeline(second.id).await.unwrap().len(), 2);
    assert_eq!(events(&store).await, 2, "of the first attempt");

    let change = linked(&second, &["free"]);
    assert_eq!(store.commit(&change).await.unwrap(), CommitOutcome::Committed, "the same version is still good");
    let sequences: Vec<_> = store.events(&user("jane"), 0).await.unwrap().iter().map(|event| event.sequence).collect();
    assert_eq!(sequences, [1, 2, 3, 4], "what was rolled back left no gap");
}

async fn an_attempt_may_claim_its_own_again(fresh: &Fresh) {
    let store = fresh.open().await;
    let pending = returned(&store, &attempt(1, "slack")).await;
    let mut change = pending.observe(&Observation::BeganAgain, &SiblingAttempts::default(), at(31)).unwrap();
    change.claims = vec![claimed("new"), claimed("new")];
    assert_eq!(store.commit(&change).await.unwrap(), CommitOutcome::Committed);
    let open = Claim::untried(pending.id, State::Pending, None);
    assert_eq!(store.claims(&user("jane")).await.unwrap(), [(credential("new"), open.clone())].into());
    assert_eq!(store.user_link_state(&user("jane")).await.unwrap().claims, [(credential("new"), open.clone())].into());

    let pending = store.attempt(pending.id).await.unwrap().unwrap();
    assert_eq!(store.commit(&linked(&pending, &["new"])).await.unwrap(), CommitOutcome::Committed);
    let done = Claim { state: State::Linked, ..open };
    assert_eq!(store.claims(&user("jane")).await.unwrap(), [(credential("new"), done)].into());
}

async fn what_was_tried_is_known_of_its_credential_only(fresh: &Fresh) {
    let store = fresh.open().await;
    let pending = returned(&store, &attempt(1, "slack")).await;
    store.commit(&linked(&pending, &["new", "newer"])).await.unwrap();
    let first = store.attempt(pending.id).await.unwrap().unwrap();
    let known = async |id: &str| {
        let claim = store.claims(&user("jane")).await.unwrap().remove(&credential(id)).unwrap();
        assert_eq!(store.claim(&credential(id)).await.unwrap().as_ref(), Some(&claim));
        assert_eq!(
            store.user_link_state(&user("jane")).await.unwrap().claims.remove(&credential(id)),
            Some(claim.clone())
        );
        (claim.proof, claim.account)
    };
    let tried = async |attempt: &LinkAttempt, proof: Proof, account: Option<&str>| {
        let observation = Observation::Proved { proof, account: account.map(str::to_owned), is_certain: true };
        let change = attempt.observe(&observation, &SiblingAttempts::default(), at(40)).unwrap();
        assert_eq!(store.commit(&change).await.unwrap(), CommitOutcome::Committed);
        let kept = store.attempt(attempt.id).await.unwrap().unwrap();
        assert_eq!(kept, LinkAttempt { version: attempt.version + 1, ..change.attempt });
        kept
    };
    assert_eq!(known("new").await, (None, None));
    tried(&first, Proof::Refused, None).await;
    assert_eq!((known("new").await, known("newer").await), ((Some(Proof::Refused), None), (None, None)));

    // A later attempt renews the same credential in place, which stays claimed by the first: what it tried counts.
    let again = LinkAttempt {
        replaces: Some(credential("new")),
        began_at: at(10),
        snapshot: Some([credential("new")].into()),
        ..attempt(2, "slack")
    };
    let mut renewed = listing("slack", &["new"], -90);
    renewed.credentials.iter_mut().for_each(|listed| listed.created_at = Some(at(-1000)));
    let others = SiblingAttempts { claims: store.claims(&user("jane")).await.unwrap(), ..SiblingAttempts::default() };
    let again = returned(&store, &again).await;
    let change = again.observe(&Observation::Listed(&renewed), &others, at(61)).unwrap();
    assert_eq!((change.attempt.state(), change.attempt.reason()), (State::Linked, Some(Reason::Renewed)));
    store.commit(&change).await.unwrap();
    let second = store.attempt(again.id).await.unwrap().unwrap();
    assert_eq!(known("new").await, (Some(Proof::Refused), None));
    let second = tried(&second, Proof::Works, Some("Acme HQ \u{1f6a2}")).await;
    assert_eq!(known("new").await, (Some(Proof::Works), Some("Acme HQ \u{1f6a2}".to_owned())));
    let timeline = store.timeline(second.id).await.unwrap();
    assert_eq!(timeline.last().unwrap().event, TimelineEvent::Proved);

    let doubted = second.observe(&Observation::Implicated, &SiblingAttempts::default(), at(70)).unwrap();
    store.commit(&doubted).await.unwrap();
    assert_eq!(known("new").await, (Some(Proof::Refused), None), "what is not linked any more says nothing");
}

async fn two_attempts_that_want_the_same_credentials_do_not_block_each_other(fresh: &Fresh) {
    let store = fresh.open().await;
    let ids: Vec<_> = (0..20).map(|number| format!("credential-{number}")).collect();
    let mut ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let mut changes = Vec::new();
    for number in 0..10 {
        let pending = LinkAttempt { user: user(&format!("user {number}")), ..attempt(number, "slack") };
        let mut change = linked(&returned(&store, &pending).await, &ids);
        ids.reverse();
        change.claims = ids.iter().copied().map(claimed).collect();
        changes.push(change);
    }
    let answers = fresh
        .at_once(10, |turn, store| {
            let change = changes.get(turn).unwrap().clone();
            async move { store.commit(&change).await.unwrap() }
        })
        .await;
    assert_eq!(answers.iter().filter(|answer| **answer == CommitOutcome::Committed).count(), 1);
}
