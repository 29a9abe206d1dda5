//! Events and their deliveries, as people look at them.

use gangway::store::{DeliveryFilter, DeliveryOutcome, DeliveryState, Place, Queue};
use time::OffsetDateTime;

use super::{
    deliveries::{delivered, happens, made, take},
    fresh::Fresh,
    samples::{at, user},
};

on_both!(deliveries_are_listed_page_by_page, all_events_are_read_in_order);

async fn deliveries_are_listed_page_by_page(fresh: &Fresh) {
    let store = fresh.open().await;
    for number in 0..10 {
        happens(&*store, number, if number % 2 == 0 { "jane" } else { "sam" }, i64::try_from(number / 4).unwrap())
            .await;
    }
    let janes = take(&*store, Queue::Initial, 10).await;
    delivered(&*store, &janes[0], 10).await;
    assert!(
        store.record_delivery_attempt(&janes[1], &made(10, Some("gone")), DeliveryOutcome::Dead, at(10)).await.unwrap()
    );
    let mut seen = Vec::new();
    let mut which = DeliveryFilter::default();
    loop {
        let page = store.deliveries(&which, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        which.before = Some(Place::of(&last.event));
        seen.extend(page.into_iter().map(|one| Place::of(&one.event)));
    }
    assert_eq!(seen.len(), 10);
    assert!(seen.is_sorted_by(|newer, older| newer > older), "{seen:?}");
    let count = async |state, name: Option<&str>| {
        let which = DeliveryFilter { state, user: name.map(user), before: None };
        store.deliveries(&which, 100).await.unwrap().len()
    };
    for (state, count_all, of_sam) in [
        (None, 10, 5),
        (Some(DeliveryState::Waiting), 8, 4),
        (Some(DeliveryState::Delivered), 1, usize::from(janes[0].user == user("sam"))),
        (Some(DeliveryState::Dead), 1, usize::from(janes[1].user == user("sam"))),
    ] {
        assert_eq!((count(state, None).await, count(state, Some("sam")).await), (count_all, of_sam), "{state:?}");
    }
}

async fn all_events_are_read_in_order(fresh: &Fresh) {
    let store = fresh.open().await;
    for number in 0..6 {
        happens(&*store, number, if number % 2 == 0 { "jane" } else { "sam" }, i64::try_from(number).unwrap()).await;
    }
    let read = async |from: OffsetDateTime, after: Option<Place>, name: Option<&str>, most| {
        let name = name.map(user);
        store.events_from(from, after, name.as_ref(), most).await.unwrap()
    };
    let first = read(OffsetDateTime::UNIX_EPOCH, None, None, 4).await;
    assert_eq!(first.iter().map(|event| event.at).collect::<Vec<_>>(), [at(0), at(1), at(2), at(3)]);
    let rest = read(OffsetDateTime::UNIX_EPOCH, first.last().map(Place::of), None, 4).await;
    assert_eq!(rest.iter().map(|event| event.at).collect::<Vec<_>>(), [at(4), at(5)]);
    let sams = read(at(2), None, Some("sam"), 9).await;
    assert_eq!(sams.iter().map(|event| event.sequence).collect::<Vec<_>>(), [2, 3]);
}
