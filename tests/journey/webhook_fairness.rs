//! Each user's events come in order, and nobody's wait for anybody else's.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use time::Duration;

use crate::{
    app::TestApp,
    receiver::{Deed, Receiver},
};

/// So many events of each of those users, at once.
async fn happen(app: &TestApp, users: &[String], times: usize) {
    for _ in 0..times {
        join_all(users.iter().map(|user| app.happens_to(user))).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn failing_user_does_not_delay_events_of_others() {
    for bad in [Deed::Hangs, Deed::Status(500), Deed::Closes] {
        let receiver = Receiver::listen();
        let does = bad.clone();
        receiver.does(move |got| {
            if got.user() == "user-7" { does.clone() } else { Deed::Late(std::time::Duration::from_millis(5)) }
        });
        let app = receiver.with_app().await;
        let users: Vec<String> = (0..50).map(|number| format!("user-{number}")).collect();
        happen(&app, &users, 6).await;
        let others = async || receiver.got().iter().filter(|got| got.user() != "user-7").count();
        app.until("all others", async || others().await == 49 * 6).await;
        assert_eq!(receiver.sequences("user-7"), [1], "{bad:?}: nothing of that user's came after it");
        for user in users.iter().filter(|user| *user != "user-7") {
            assert_eq!(receiver.sequences(user), [1, 2, 3, 4, 5, 6], "{bad:?}: {user}");
        }
        assert!(receiver.most_at_once() <= 33, "{}", receiver.most_at_once());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hanging_events_leave_slots_for_others() {
    let receiver = Receiver::listen();
    receiver.does(|got| if got.user().starts_with("bad") { Deed::Hangs } else { Deed::Status(200) });
    let app = receiver.with_app().await;
    let bad: Vec<String> = (0..40).map(|number| format!("bad-{number}")).collect();
    happen(&app, &bad, 2).await;
    app.until("as many as there is room for", async || receiver.got().len() >= 32).await;
    let began = tokio::time::Instant::now();
    let good: Vec<String> = (0..20).map(|number| format!("good-{number}")).collect();
    happen(&app, &good, 3).await;
    let arrived = async || receiver.got().iter().filter(|got| got.user().starts_with("good")).count();
    app.until("the good ones", async || arrived().await == 60).await;
    assert!(began.elapsed() < std::time::Duration::from_secs(10), "{:?}", began.elapsed());
    // They hang on every later try, too, and by then they have a few places only.
    app.until("the end of the first tries", async || {
        app.deliveries("?state=waiting&limit=100")
            .await
            .iter()
            .filter(|one| !one["tries"].as_array().unwrap().is_empty())
            .count()
            == 40
    })
    .await;
    app.clock.pass(Duration::seconds(10));
    app.until("second tries", async || receiver.got().len() > 40 + 60).await;
    happen(&app, &good, 1).await;
    app.until("the good ones", async || arrived().await == 80).await;
    let again = receiver.got().len() - 40 - 80;
    assert!(again <= 8, "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_one_user_are_sent_one_at_a_time() {
    let receiver = Receiver::listen();
    receiver.does(|got| {
        if got.sequence() % 4 == 1 { Deed::Status(500) } else { Deed::Late(std::time::Duration::from_millis(20)) }
    });
    let app = receiver.with_app().await;
    let users = ["jane".to_owned(), "sam".to_owned()];
    happen(&app, &users, 8).await;
    // What failed and what is new come together now. No step is so long that a lease would end in the middle of a try.
    let all = async || {
        app.clock.pass(Duration::seconds(5));
        app.deliveries("?state=delivered").await.len() == 12
    };
    app.until("all that can be delivered", all).await;
    assert!(receiver.most_at_once() <= 2);
    let mut firsts: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for got in receiver.got() {
        let seen = firsts.entry(got.user()).or_default();
        if !seen.contains(&got.sequence()) {
            seen.push(got.sequence());
        }
    }
    assert!(firsts.values().all(|order| *order == [1, 2, 3, 4, 5, 6, 7, 8]), "{firsts:?}");
}
