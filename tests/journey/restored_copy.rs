//! A look at a restored copy: what waits in it is neither sent nor done.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::{
    process::{Place, went_well},
    receiver::{Receiver, SECRETS},
    retrying_user::Crowd,
};

#[tokio::test(flavor = "multi_thread")]
async fn copy_that_is_held_back_sends_nothing_until_it_serves() {
    let receiver = Receiver::listen();
    let more =
        format!("webhook.url = '{}'\nwebhook.secrets = ['{}']\nwebhook.allow_private = true", receiver.url, SECRETS[0]);
    let copy = Place::new(&more).serve_with(&["--hold-back"]).await;
    assert!(copy.place.log().contains("--hold-back: no event is sent"), "{}", copy.place.log());
    let crowd = Crowd::new(&copy.url, &copy.place.sandbox);
    let walking = tokio::spawn(crowd.clone().go(1));
    let give_up = Instant::now() + Duration::from_secs(40);
    while crowd.arrived().len() < 2 {
        assert!(!walking.is_finished() && Instant::now() < give_up, "the pages work: {}", copy.place.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    crowd.stop();
    walking.await.unwrap();
    // The events of the first journey would have been sent during the second.
    assert!(receiver.got().is_empty());
    copy.signal(Signal::TERM);
    let (status, place) = copy.ended().await;
    assert!(went_well(status) && receiver.got().is_empty());
    let _served = place.serve().await;
    let give_up = Instant::now() + Duration::from_secs(40);
    while receiver.got().is_empty() {
        assert!(Instant::now() < give_up, "they waited in the database");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
