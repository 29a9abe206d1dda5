//! The receiver is down: its events are tried again for three days and more, and kept after that.

use serde_json::Value;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    app::TestApp,
    receiver::{Deed, Receiver},
};

const STEPS: [Duration; 9] = [
    Duration::seconds(5),
    Duration::minutes(5),
    Duration::minutes(30),
    Duration::hours(2),
    Duration::hours(5),
    Duration::hours(10),
    Duration::hours(14),
    Duration::hours(20),
    Duration::hours(24),
];

fn time(text: &Value) -> OffsetDateTime {
    OffsetDateTime::parse(text.as_str().unwrap(), &Rfc3339).unwrap()
}

/// The one delivery that there is, once it was tried that often.
async fn after(app: &TestApp, tries: usize) -> Value {
    let one = async || app.deliveries("").await.remove(0);
    app.until("a try", async || one().await["tries"].as_array().unwrap().len() == tries).await;
    one().await
}

fn last_try(delivery: &Value) -> &Value {
    delivery["tries"].as_array().unwrap().last().unwrap()
}

#[tokio::test]
async fn event_is_retried_for_three_days_then_replayed() {
    let receiver = Receiver::listen();
    receiver.does(|_| Deed::Status(500));
    let app = receiver.with_app().await;
    app.happens_to("jane").await;
    let first = time(&after(&app, 1).await["tries"][0]["at"]);
    for (tries, step) in (1..).zip(STEPS) {
        let delivery = after(&app, tries).await;
        assert_eq!(delivery["state"], "waiting");
        assert_eq!((&last_try(&delivery)["status"], &last_try(&delivery)["error"]), (&500.into(), &"status".into()));
        let wait = time(&delivery["next_at"]) - time(&last_try(&delivery)["at"]);
        assert!(wait >= step && wait <= step + step / 10 + Duration::seconds(2), "{step}: {wait}");
        app.clock.pass(wait);
    }
    let delivery = after(&app, 10).await;
    assert_eq!((&delivery["state"], &delivery["next_at"]), (&"dead".into(), &Value::Null));
    assert!(time(&last_try(&delivery)["at"]) - first > Duration::hours(75));
    assert_eq!(receiver.got().len(), 10);
    let only = &receiver.got()[0];
    assert!(receiver.got().iter().all(|got| (got.id(), &got.body) == (only.id(), &only.body)), "the same each time");
    assert_eq!(app.deliveries("?state=dead").await, std::slice::from_ref(&delivery));
    assert!(app.deliveries("?state=waiting").await.is_empty());

    // After another week the host mends its server, and asks for what it missed.
    app.clock.pass(Duration::days(7));
    receiver.does(|_| Deed::Status(200));
    let replay = format!("/webhook-deliveries/{}/replay", only.id());
    let (status, answer) = app.api("POST", &replay, None).await;
    assert_eq!((status, &answer["state"], &answer["id"]), (202, &"waiting".into(), &only.id().into()));
    let delivery = after(&app, 11).await;
    assert_eq!(delivery["state"], "delivered");
    assert_eq!((&last_try(&delivery)["status"], &last_try(&delivery)["error"]), (&200.into(), &Value::Null));
    assert_eq!(receiver.got()[10].body, only.body);
    // Also what was delivered is sent once more, if somebody wants that.
    assert_eq!(app.api("POST", &replay, None).await.0, 202);
    assert_eq!(after(&app, 12).await["state"], "delivered");
    assert_eq!(receiver.got()[11].id(), only.id());
}

#[tokio::test]
async fn replay_restarts_the_retry_schedule() {
    let receiver = Receiver::listen();
    receiver.does(|_| Deed::Status(404));
    let app = receiver.with_app().await;
    app.happens_to("jane").await;
    after(&app, 1).await;
    app.clock.pass(Duration::seconds(6));
    let delivery = after(&app, 2).await;
    assert!(time(&delivery["next_at"]) - time(&last_try(&delivery)["at"]) >= Duration::minutes(5));
    let id = delivery["id"].as_str().unwrap();
    assert_eq!(app.api("POST", &format!("/webhook-deliveries/{id}/replay"), None).await.0, 202);
    let delivery = after(&app, 3).await;
    assert!(time(&delivery["next_at"]) - time(&last_try(&delivery)["at"]) < Duration::seconds(10));
}

#[tokio::test]
async fn receiver_gets_all_events_after_an_outage() {
    let receiver = Receiver::listen();
    receiver.does(|_| Deed::Closes);
    let app = receiver.with_app().await;
    for user in ["jane", "sam"] {
        for _ in 0..3 {
            app.happens_to(user).await;
        }
    }
    app.until("two tries", async || receiver.got().len() >= 2).await;
    for hours in 0..4 {
        let before = receiver.got().len();
        app.clock.pass(Duration::hours(2));
        app.until("more tries", async || receiver.got().len() > before).await;
        assert!(app.deliveries("?state=delivered").await.is_empty(), "{hours}");
    }
    receiver.does(|_| Deed::Status(200));
    let all = async || {
        app.clock.pass(Duration::minutes(30));
        app.deliveries("?state=delivered").await.len() == 6
    };
    app.until("all six", all).await;
    assert!(app.deliveries("?state=waiting").await.is_empty());
}

#[tokio::test]
async fn later_events_pass_a_failing_one_after_five_minutes() {
    let receiver = Receiver::listen();
    receiver
        .does(|got| if got.user() == "jane" && got.sequence() == 1 { Deed::Status(500) } else { Deed::Status(200) });
    let app = receiver.with_app().await;
    for _ in 0..3 {
        app.happens_to("jane").await;
    }
    app.until("the first try", async || receiver.sequences("jane") == [1]).await;
    app.clock.pass(Duration::seconds(6));
    app.until("the second try", async || receiver.sequences("jane") == [1, 1]).await;
    app.clock.pass(Duration::minutes(4));
    // Whoever is served after that was served by a worker that had passed Jane over.
    for sam in 1..3 {
        app.happens_to("sam").await;
        app.until("Sam's", async || receiver.sequences("sam").len() == sam).await;
    }
    assert_eq!(receiver.sequences("jane"), [1, 1]);
    app.clock.pass(Duration::minutes(1));
    app.until("the later ones", async || receiver.sequences("jane").ends_with(&[2, 3])).await;
    let waiting = app.deliveries("?state=waiting&user=jane").await;
    assert_eq!(waiting.iter().map(|one| one["sequence"].as_i64().unwrap()).collect::<Vec<_>>(), [1]);
}
