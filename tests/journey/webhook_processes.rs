//! Several processes on one store, and processes that end in the middle.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use time::Duration;

use crate::{
    app::TestApp,
    receiver::{Deed, Receiver},
};

/// Another process on the same store.
async fn beside(app: &TestApp, receiver: &Receiver) -> TestApp {
    TestApp::spawn_with(|settings| {
        receiver.is_of(settings);
        settings.store.url = app.settings().store.url.clone();
    })
    .await
}

async fn nothing_is_sent_twice(first: TestApp, receiver: &Receiver) {
    receiver.does(|_| Deed::Late(std::time::Duration::from_millis(30)));
    let second = beside(&first, receiver).await;
    let users: Vec<String> = (0..40).map(|number| format!("user-{number}")).collect();
    for app in [&first, &second, &first] {
        join_all(users.iter().map(|user| app.happens_to(user))).await;
    }
    first.until("all", async || receiver.got().len() >= 120).await;
    first.until("all are done", async || first.deliveries("?state=waiting").await.is_empty()).await;
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    receiver.got().iter().for_each(|got| *times.entry(got.id().to_owned()).or_default() += 1);
    assert_eq!((times.len(), times.values().max()), (120, Some(&1)));
    for user in &users {
        assert_eq!(receiver.sequences(user), [1, 2, 3], "{user}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_sqlite_send_each_event_once_and_in_order() {
    let receiver = Receiver::listen();
    nothing_is_sent_twice(receiver.with_app().await, &receiver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_postgresql_send_each_event_once_and_in_order() {
    let receiver = Receiver::listen();
    let first = TestApp::spawn_on_postgres_with(|settings| receiver.is_of(settings)).await;
    nothing_is_sent_twice(first, &receiver).await;
}

#[tokio::test]
async fn event_of_a_crashed_process_is_sent_again() {
    let receiver = Receiver::listen();
    receiver.does(|_| Deed::Hangs);
    let app = receiver.with_app().await;
    app.happens_to("jane").await;
    app.happens_to("jane").await;
    app.until("the first", async || receiver.got().len() == 1).await;
    let app = app.crash().await;
    receiver.does(|_| Deed::Status(200));
    // Nobody else sends it before its lease is over: the first may still be at it.
    app.happens_to("sam").await;
    app.until("Sam's", async || receiver.sequences("sam") == [1]).await;
    assert_eq!(receiver.sequences("jane"), [1]);
    app.clock.pass(Duration::seconds(61));
    app.until("both", async || receiver.sequences("jane") == [1, 1, 2]).await;
    let got = receiver.got();
    let first: Vec<_> = got.iter().filter(|got| got.user() == "jane" && got.sequence() == 1).collect();
    assert_eq!((first[0].id(), &first[0].body), (first[1].id(), &first[1].body));
}

#[tokio::test]
async fn shutdown_finishes_only_the_event_under_way() {
    let receiver = Receiver::listen();
    receiver.does(|_| Deed::Late(std::time::Duration::from_secs(1)));
    let app = receiver.with_app().await;
    app.happens_to("jane").await;
    app.happens_to("jane").await;
    app.until("the first", async || receiver.got().len() == 1).await;
    app.server.stop(true).await;
    let store = app.store.clone();
    let done = async || {
        let all = store.deliveries(&gangway::store::DeliveryFilter::default(), 9).await.unwrap();
        all.iter().filter(|one| one.delivered_at.is_some()).count() == 1
    };
    app.until("the first is kept", done).await;
    let app = app.restart().await;
    app.until("the second", async || receiver.sequences("jane") == [1, 2]).await;
}
