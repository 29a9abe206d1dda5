//! The host's server is told of what happened: soon, signed, and in the form of Standard Webhooks.

use gangway::domain::session::ExternalId;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use crate::receiver::{Got, Receiver};

#[tokio::test]
async fn link_events_are_signed_with_both_secrets() {
    let receiver = Receiver::listen();
    let app = receiver.with_app().await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    app.until("both events", async || receiver.got().len() == 2).await;

    let attempt = app.last_attempt("jane", "slack").await;
    let stored = app.store.events(&ExternalId::parse("jane").unwrap(), 0).await.unwrap();
    for (got, event) in receiver.got().iter().zip(&stored) {
        assert_eq!((got.id(), &got.body), (event.id.to_string().as_str(), &event.body));
        assert_eq!(got.json()["data"]["attempt_id"], attempt["id"]);
        assert_eq!(got.headers["content-type"], "application/json");
        assert!(got.headers["user-agent"].starts_with("gangway/"));
        let signatures: Vec<_> = got.headers["webhook-signature"].split(' ').collect();
        assert!(signatures.len() == 2 && signatures.iter().all(|one| one.starts_with("v1,")), "{signatures:?}");
    }
    assert_eq!(receiver.got()[0].json()["type"], "connection.linked");
    assert_eq!(receiver.sequences("jane"), [1, 2]);
}

#[tokio::test]
async fn disconnection_and_failed_attempt_send_events() {
    let receiver = Receiver::listen();
    let app = receiver.with_app().await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let credential = app.connections("jane").await[0]["credential_id"].as_str().unwrap().to_owned();
    let address = format!("/connections/{credential}/disconnect");
    let question = jane.get(&address).await;
    jane.submit(&question, &address, &[]).await;
    app.until("three events", async || receiver.got().len() == 3).await;
    let removed = &receiver.got()[2];
    assert_eq!(removed.json()["type"], "connection.removed");
    assert_eq!(removed.json()["data"]["credential_id"], credential.as_str());
    app.happens_to("jane").await;
    app.until("the fourth", async || receiver.sequences("jane") == [1, 2, 3, 4]).await;
    assert_eq!(receiver.got()[3].json()["data"]["state"], "failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_arrive_within_a_tenth_of_a_second() {
    let receiver = Receiver::listen();
    let app = receiver.with_app().await;
    for number in 0..20 {
        let user = format!("user-{number}");
        let mut browser = app.arrived_with(serde_json::json!({ "user": { "id": user } })).await;
        browser.link("shippo", &[("data.token", "shippo_live_1")]).await;
        app.until("the events", async || receiver.sequences(&user).len() == 2).await;
    }
    let happened = |got: &Got| OffsetDateTime::parse(got.json()["timestamp"].as_str().unwrap(), &Rfc3339).unwrap();
    let mut took: Vec<Duration> = receiver.got().iter().map(|got| got.at - happened(got)).collect();
    took.sort_unstable();
    println!("from the commit to the receiver: p50 {}, most {}", took[took.len() / 2], took[took.len() - 1]);
    assert!(took[took.len() / 2] < Duration::milliseconds(100), "{took:?}");
}
