//! Events for the host: numbered per user, named for good, and as the host's API speaks.

use std::collections::BTreeSet;

use gangway::domain::attempt::{LinkAttempt, Observation, Proof, Reason, ReplacementProof, SiblingAttempts};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    fresh::Fresh,
    samples::{at, attempt, credential, linked, returned, user},
};

on_both!(
    an_event_says_what_happened,
    a_proof_is_stored_with_the_link_that_it_proves,
    an_end_without_a_connection_says_so,
    events_are_numbered_without_gaps_per_user,
);

async fn an_event_says_what_happened(fresh: &Fresh) {
    let store = fresh.open().await;
    let begin = LinkAttempt { replaces: Some(credential("before")), ..attempt(0xA1, "slack") };
    let pending = returned(&store, &begin).await;
    store.commit(&linked(&pending, &["new"])).await.unwrap();

    let events = store.events(&user("jane"), 0).await.unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["connection.replaced", "link_attempt.ended"]);
    for (sequence, event) in (1..).zip(&events) {
        assert_eq!(
            (event.sequence, event.attempt, &event.user, event.at),
            (sequence, Some(pending.id), &user("jane"), at(31))
        );
        let body: Value = serde_json::from_str(&event.body).unwrap();
        let expected = json!({
            "type": event.kind,
            "timestamp": "2026-09-21T14:13:51.123Z",
            "data": {
                "attempt_id": "00000000-0000-0000-0000-0000000000a1",
                "state": "linked",
                "reason": "new",
                "connector": "slack",
                "credential_id": "new",
                "replaces": "before",
                "same_account": null,
                "user_id": "jane",
                "session_id": "00000000-0000-0000-0000-000000000001",
                "sequence": sequence,
            }
        });
        assert_eq!(body, expected);
    }
    assert_eq!(store.events(&user("jane"), 1).await.unwrap(), events.get(1..).unwrap());
    assert_eq!(store.events(&user("jane"), 2).await.unwrap(), []);
    assert_eq!(fresh.open().await.events(&user("jane"), 0).await.unwrap(), events, "another process reads the same");
}

async fn a_proof_is_stored_with_the_link_that_it_proves(fresh: &Fresh) {
    let store = fresh.open().await;
    for (number, same_account) in [(1, Some(true)), (2, Some(false)), (3, None)] {
        let app = format!("app{number}");
        let begin = LinkAttempt { replaces: Some(credential("before")), ..attempt(number, &app) };
        let pending = returned(&store, &begin).await;
        let new = format!("new{number}");
        let proved = ReplacementProof {
            credential: credential(&new),
            proof: Proof::Works,
            account: Some("Acme HQ".to_owned()),
            same_account,
        };
        let change = linked(&pending, &[&new]);
        let of_another = ReplacementProof { credential: credential("another"), ..proved.clone() };
        assert_eq!(change.clone().with_proof(&of_another), change, "only the linked credential is proved");
        store.commit(&change.with_proof(&proved)).await.unwrap();
        let stored = store.attempt(pending.id).await.unwrap().unwrap();
        assert_eq!((stored.proof(), stored.account()), (Some(Proof::Works), Some("Acme HQ")));
        let events = store.events(&user("jane"), 0).await.unwrap();
        let last: Vec<Value> =
            events.iter().rev().take(2).map(|event| serde_json::from_str(&event.body).unwrap()).collect();
        assert_eq!(
            (&last[1]["type"], &last[1]["data"]["same_account"]),
            (&json!("connection.replaced"), &json!(same_account))
        );
        assert_eq!((&last[0]["type"], &last[0]["data"]["same_account"]), (&json!("link_attempt.ended"), &json!(null)));
    }
}

async fn an_end_without_a_connection_says_so(fresh: &Fresh) {
    let store = fresh.open().await;
    let began = attempt(1, "slack");
    store.begin(&began).await.unwrap();
    store
        .commit(
            &began.observe(&Observation::NotBegun(Reason::NotConfigured), &SiblingAttempts::default(), at(1)).unwrap(),
        )
        .await
        .unwrap();

    let events = store.events(&user("jane"), 0).await.unwrap();
    let [event] = events.as_slice() else { panic!("{events:?}") };
    let body: Value = serde_json::from_str(&event.body).unwrap();
    assert_eq!(body["type"], "link_attempt.ended");
    assert_eq!(body["data"].get("same_account"), Some(&Value::Null));
    assert_eq!(body["data"]["state"], "failed");
    assert_eq!(body["data"]["reason"], "not_configured");
    assert_eq!((&body["data"]["credential_id"], &body["data"]["replaces"]), (&Value::Null, &Value::Null));
}

async fn events_are_numbered_without_gaps_per_user(fresh: &Fresh) {
    let store = fresh.open().await;
    let mut changes = Vec::new();
    for number in 0..20 {
        let pending = returned(&store, &attempt(number, &format!("app{number}"))).await;
        changes.push(linked(&pending, &[&format!("credential{number}")]));
    }
    let sam = LinkAttempt { user: user("sam"), ..attempt(99, "slack") };
    changes.push(linked(&returned(&store, &sam).await, &["sams"]));
    fresh
        .at_once(changes.len(), |turn, store| {
            let change = changes.get(turn).unwrap().clone();
            async move { store.commit(&change).await.unwrap() }
        })
        .await;

    let jane = store.events(&user("jane"), 0).await.unwrap();
    let sequences: Vec<_> = jane.iter().map(|event| event.sequence).collect();
    assert_eq!(sequences, (1..=40).collect::<Vec<_>>());
    let ids: BTreeSet<Uuid> = jane.iter().map(|event| event.id).collect();
    assert_eq!(ids.len(), 40, "every event has an id of its own");
    for pair in jane.chunks(2) {
        let attempts: BTreeSet<_> = pair.iter().map(|event| event.attempt.unwrap()).collect();
        assert_eq!(attempts.len(), 1, "what one change caused stands together");
    }
    let sam: Vec<_> = store.events(&user("sam"), 0).await.unwrap().iter().map(|event| event.sequence).collect();
    assert_eq!(sam, [1, 2]);
}
