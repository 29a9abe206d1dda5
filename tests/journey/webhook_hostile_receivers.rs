//! Receivers that redirect, hang, never end, or want to be left alone.

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    app::TestApp,
    receiver::{Deed, Receiver},
    secrets::captured_log::CapturedLog,
};

/// The newest event's tries, once there are so many.
async fn tries(app: &TestApp, user: &str, count: usize) -> Vec<Value> {
    let query = format!("?user={user}");
    let newest = async || app.deliveries(&query).await.remove(0)["tries"].as_array().unwrap().clone();
    app.until("a try", async || newest().await.len() >= count).await;
    newest().await
}

#[tokio::test]
async fn redirect_is_a_failure_and_not_followed() {
    let (receiver, elsewhere) = (Receiver::listen(), Receiver::listen());
    let location = format!("location: {}", elsewhere.url);
    receiver.does(move |_| Deed::With(307, location.clone()));
    let app = receiver.with_app().await;
    app.happens_to("jane").await;
    let tries = tries(&app, "jane", 1).await;
    assert_eq!((&tries[0]["status"], &tries[0]["error"]), (&json!(307), &json!("redirect")));
    assert!(elsewhere.got().is_empty());
}

#[tokio::test]
async fn hanging_receiver_times_out_after_fifteen_seconds() {
    let receiver = Receiver::listen();
    receiver.does(|_| Deed::Hangs);
    let app = receiver.with_app().await;
    app.happens_to("jane").await;
    let tries = tries(&app, "jane", 1).await;
    assert_eq!((&tries[0]["status"], &tries[0]["error"]), (&Value::Null, &json!("timeout")));
    let took = tries[0]["duration_ms"].as_u64().unwrap();
    assert!((14_900..16_500).contains(&took), "{took}");
}

#[tokio::test]
async fn endless_response_body_does_not_delay_delivery() {
    let receiver = Receiver::listen();
    receiver.does(|_| Deed::Trickles);
    let app = receiver.with_app().await;
    let began = std::time::Instant::now();
    app.happens_to("jane").await;
    let tries = tries(&app, "jane", 1).await;
    assert!(began.elapsed() < std::time::Duration::from_secs(8), "{:?}", began.elapsed());
    assert_eq!((&tries[0]["status"], &tries[0]["error"]), (&json!(200), &Value::Null));
    assert!(tries[0]["duration_ms"].as_u64().unwrap() < 3000, "{tries:?}");
    receiver.does(|_| Deed::Closes);
    app.happens_to("sam").await;
    let tries = self::tries(&app, "sam", 1).await;
    assert_eq!((&tries[0]["status"], &tries[0]["error"]), (&Value::Null, &json!("connection")));
}

#[tokio::test]
async fn gone_receiver_is_disabled_until_test_event_succeeds() {
    let log = CapturedLog::listen();
    let receiver = Receiver::listen();
    receiver.does(|_| Deed::Status(410));
    let app = receiver.with_app().await;
    app.happens_to("jane").await;
    let tries = tries(&app, "jane", 1).await;
    assert_eq!((&tries[0]["status"], &tries[0]["error"]), (&json!(410), &json!("gone")));
    assert!(app.asked_for().await["disabled_at"].is_string());
    // It stays so after a restart, and for other events, and for what is asked for again.
    let app = app.restart().await;
    app.happens_to("sam").await;
    let id = app.deliveries("?user=jane").await[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(app.api("POST", &format!("/webhook-deliveries/{id}/replay"), None).await.0, 202);
    // A test event is sent all the same. Whether it is taken decides.
    let test = async || app.api("POST", "/webhook-deliveries/test", None).await;
    let (status, answer) = test().await;
    assert_eq!(status, 200);
    assert_eq!(
        (&answer["delivered"], &answer["status"], &answer["error"]),
        (&json!(false), &json!(410), &json!("gone"))
    );
    assert!(app.asked_for().await["disabled_at"].is_string());
    assert_eq!(receiver.got().len(), 2, "the one event, and the test");
    receiver.does(|_| Deed::Status(200));
    let (_, answer) = test().await;
    assert_eq!((&answer["delivered"], &answer["error"]), (&json!(true), &Value::Null));
    assert_eq!(receiver.got()[2].json()["type"], "gangway.test");
    assert_eq!(app.asked_for().await, json!({ "disabled_at": null, "paused_until": null }));
    app.until("both", async || app.deliveries("?state=delivered").await.len() == 2).await;
    let alarms = log.events().into_iter().filter(|event| event["alarm"] == "webhook_receiver_gone");
    assert_eq!(alarms.map(|event| event["level"].clone()).collect::<Vec<_>>(), ["ERROR"], "once");
}

#[tokio::test]
async fn new_url_is_a_new_receiver() {
    let (gone, next) = (Receiver::listen(), Receiver::listen());
    gone.does(|_| Deed::Status(410));
    let app = gone.with_app().await;
    app.happens_to("jane").await;
    tries(&app, "jane", 1).await;
    let app = app.restart_with(|settings| next.is_of(settings)).await;
    app.clock.pass(Duration::seconds(6));
    app.until("the event", async || next.got().len() == 1).await;
    assert_eq!(gone.got().len(), 1);
    assert_eq!(gone.got()[0].id(), next.got()[0].id());
}

#[tokio::test]
async fn receiver_is_paused_for_retry_after() {
    for (status, header, least, most) in [
        (429, "retry-after: 120", 118, 120),
        (503, "retry-after: 864000", 3598, 3600),
        (503, "x-nothing: said", 3, 6),
        (429, "retry-after: soon", 3, 6),
    ] {
        let receiver = Receiver::listen();
        receiver.does(move |_| Deed::With(status, header.to_owned()));
        let app = receiver.with_app().await;
        app.happens_to("jane").await;
        let tries = tries(&app, "jane", 1).await;
        assert_eq!((&tries[0]["status"], &tries[0]["error"]), (&json!(status), &json!("slow_down")));
        let until = app.asked_for().await["paused_until"].as_str().unwrap().to_owned();
        let wait = OffsetDateTime::parse(&until, &Rfc3339).unwrap() - gangway::domain::clock::Clock::now(&*app.clock);
        assert!((least..=most).contains(&wait.whole_seconds()), "{status} {header}: {wait}");
        receiver.does(|_| Deed::Status(200));
        app.happens_to("sam").await;
        app.clock.pass(Duration::seconds(least - 2));
        // The test event says that somebody is there; the others wait all the same, and then it is free.
        assert!(receiver.sequences("sam").is_empty(), "{status} {header}");
        app.clock.pass(Duration::seconds(most));
        app.until("Sam's", async || receiver.sequences("sam") == [1]).await;
        assert_eq!(app.asked_for().await, json!({ "disabled_at": null, "paused_until": null }));
    }
}

#[tokio::test]
async fn private_address_receives_nothing_by_default() {
    let receiver = Receiver::listen();
    let app = TestApp::spawn_with(|settings| {
        receiver.is_of(settings);
        settings.webhook.allow_private = false;
    })
    .await;
    app.happens_to("jane").await;
    let tries = tries(&app, "jane", 1).await;
    assert_eq!((&tries[0]["status"], &tries[0]["error"]), (&Value::Null, &json!("private_address")));
    assert!(receiver.got().is_empty());
}

#[tokio::test]
async fn first_receiver_gets_events_of_three_days() {
    let app = TestApp::spawn().await;
    app.happens_to("jane").await;
    app.clock.pass(Duration::days(2));
    app.happens_to("jane").await;
    app.happens_to("sam").await;
    assert_eq!(app.deliveries("?state=waiting").await.len(), 3);
    let id = app.deliveries("").await[0]["id"].as_str().unwrap().to_owned();
    for path in [format!("/webhook-deliveries/{id}/replay"), "/webhook-deliveries/test".to_owned()] {
        let (status, problem) = app.api("POST", &path, None).await;
        assert_eq!((status, problem["type"].as_str().unwrap().ends_with("no-receiver")), (409, true), "{problem}");
    }
    app.clock.pass(Duration::days(1) + Duration::hours(1));
    let receiver = Receiver::listen();
    let app = app.restart_with(|settings| receiver.is_of(settings)).await;
    app.until("the newer ones", async || receiver.got().len() == 2).await;
    assert_eq!(receiver.sequences("jane"), [2]);
    let old = app.deliveries("?state=dead").await.remove(0);
    assert_eq!((&old["sequence"], &old["tries"]), (&json!(1), &json!([])), "listed, and never sent");
    // Who wants it after all asks for it.
    let id = old["id"].as_str().unwrap();
    assert_eq!(app.api("POST", &format!("/webhook-deliveries/{id}/replay"), None).await.0, 202);
    app.until("the old one", async || receiver.sequences("jane") == [2, 1]).await;
}
