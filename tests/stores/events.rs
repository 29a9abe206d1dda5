//! Events for the host: numbered per user, named for good, and as the host's API speaks.

use std::collections::BTreeSet;

use gangway::{
    domain::{
        attempt::{LinkAttempt, Observation, Proof, Reason, ReplacementProof, SiblingAttempts},
        session::{AlloyUserId, ClientReference, ConnectSession, ExternalId},
    },
    store::{AttemptFilter, Disconnection, ErasureOutcome, Store},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    fresh::Fresh,
    samples::{at, attempt, code, connector, credential, linked, returned, session, user},
};

on_both!(
    an_event_says_what_happened,
    a_proof_is_stored_with_the_link_that_it_proves,
    an_end_without_a_connection_says_so,
    events_are_numbered_without_gaps_per_user,
    an_event_names_alloys_user_and_the_hosts_reference,
    an_erased_users_events_are_counted_from_one_again,
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
                "alloy_user_id": null,
                "client_reference": null,
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
            is_certain: true,
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

const ALLOY_USER: &str = "5eba51a03fe9631316668514";

/// The two ids in each of the user's events.
async fn ids(store: &Store, name: &str) -> Vec<(Value, Value)> {
    let events = store.events(&user(name), 0).await.unwrap();
    let data = events.iter().map(|event| serde_json::from_str::<Value>(&event.body).unwrap()["data"].clone());
    data.map(|data| (data["alloy_user_id"].clone(), data["client_reference"].clone())).collect()
}

async fn an_event_names_alloys_user_and_the_hosts_reference(fresh: &Fresh) {
    let store = fresh.open().await;
    let reference = Some(ClientReference::parse("order 'Nº 42'").unwrap());
    let of_order = ConnectSession { client_reference: reference.clone(), ..session(1) };
    store.insert_session(&of_order, &code("1")).await.unwrap();
    let alloy_user = AlloyUserId::parse(ALLOY_USER).unwrap();
    store.store_alloy_user(&user("jane"), &alloy_user, at(0)).await.unwrap();
    let pending = returned(&store, &attempt(1, "slack")).await;
    // An earlier release begins attempts without the reference.
    let of_earlier_release = returned(&store, &attempt(2, "notion")).await;
    let mut connection = fresh.connection().await;
    let statement = "update link_attempt set client_reference = null where connector = 'notion'";
    sqlx::query(statement).execute(&mut connection).await.unwrap();
    store.commit(&linked(&pending, &["new"])).await.unwrap();
    store.commit(&linked(&of_earlier_release, &["newer"])).await.unwrap();
    let external = Disconnection {
        credential: credential("external"),
        user: user("jane"),
        alloy_user,
        connector: connector("slack"),
        attempt: None,
        asked_at: at(40),
        tries: 0,
        missed: 0,
        lease: None,
        done_at: None,
    };
    assert!(store.enqueue_disconnection(&external).await.unwrap());
    assert!(store.complete_disconnection(&external, at(41)).await.unwrap());
    let both = (json!(ALLOY_USER), json!("order 'Nº 42'"));
    let without_session = (json!(ALLOY_USER), Value::Null);
    assert_eq!(ids(&store, "jane").await, [both.clone(), both.clone(), both.clone(), both, without_session]);
    // The attempt has it longer than its session.
    sqlx::query("delete from connect_session").execute(&mut connection).await.unwrap();
    let attempts = store.attempts(&AttemptFilter::default(), 10).await.unwrap();
    let known = |app: &str| attempts.iter().find(|known| known.attempt.connector.as_str() == app).unwrap();
    assert_eq!(known("slack").client_reference, reference);
    assert_eq!(known("notion").client_reference, None);
    assert_eq!(known("slack").alloy_user, Some(external.alloy_user));
}

async fn an_erased_users_events_are_counted_from_one_again(fresh: &Fresh) {
    let store = fresh.open().await;
    let sequences = async || {
        let events = store.events(&user("jane"), 0).await.unwrap();
        events.iter().map(|event| event.sequence).collect::<Vec<_>>()
    };
    for (number, app) in [(1, "slack"), (2, "notion")] {
        store.commit(&linked(&returned(&store, &attempt(number, app)).await, &[app])).await.unwrap();
    }
    assert_eq!(sequences().await, [1, 2, 3, 4]);
    let pseudonym = ExternalId::pseudonym(Uuid::from_u128(1));
    assert_eq!(
        store.erase(&user("jane"), &pseudonym, None, at(100)).await.unwrap(),
        ErasureOutcome::Erased { alloy_user_remains: false }
    );
    assert_eq!(sequences().await, [0_i64; 0]);
    store.commit(&linked(&returned(&store, &attempt(3, "hubspot")).await, &["hubspot"])).await.unwrap();
    assert_eq!(sequences().await, [1, 2]);
}
