//! Which of Alloy's users is which of the host's.

use std::collections::BTreeSet;

use gangway::{
    domain::session::{AlloyUserId, ExternalId},
    store::{ErasureOutcome, Mapping, Store, StoreIf},
};
use sqlx::{AnyConnection, Connection as _, Executor as _};
use uuid::Uuid;

use super::{
    fresh::Fresh,
    samples::{at, user},
};

on_both!(
    the_first_mapping_stays,
    fifty_at_once_agree_on_one_user,
    a_found_user_belongs_to_one,
    of_fifty_users_one_gets_the_id,
    a_given_user_may_be_shared,
    an_erased_user_takes_nothing,
    mappings_of_an_earlier_release_count,
);

fn alloy(number: usize) -> AlloyUserId {
    AlloyUserId::parse(format!("{number:024x}")).unwrap()
}

async fn the_first_mapping_stays(fresh: &Fresh) {
    let store = fresh.open().await;
    assert_eq!(store.alloy_user(&user("jane")).await.unwrap(), None);
    assert_eq!(store.store_alloy_user(&user("jane"), &alloy(1), at(0)).await.unwrap(), alloy(1));
    assert_eq!(store.store_alloy_user(&user("jane"), &alloy(2), at(1)).await.unwrap(), alloy(1));
    assert_eq!(store.store_alloy_user(&user("Jane"), &alloy(3), at(1)).await.unwrap(), alloy(3), "another user");
    assert_eq!(store.alloy_user(&user("jane")).await.unwrap(), Some(alloy(1)));
}

async fn fifty_at_once_agree_on_one_user(fresh: &Fresh) {
    let answers = fresh
        .at_once(
            50,
            |turn, store| async move { store.store_alloy_user(&user("jane"), &alloy(turn), at(0)).await.unwrap() },
        )
        .await;
    assert_eq!(answers.iter().collect::<BTreeSet<_>>().len(), 1, "{answers:?}");
}

async fn found(store: &Store, name: &str, number: usize) -> Mapping {
    store.map_alloy_user(&user(name), &alloy(number), StoreIf::Always, at(0)).await.unwrap()
}

async fn a_found_user_belongs_to_one(fresh: &Fresh) {
    let store = fresh.open().await;
    assert_eq!(found(&store, "jane", 1).await, Mapping::To(alloy(1)));
    assert_eq!(found(&store, "JANE", 1).await, Mapping::Taken);
    assert_eq!(store.alloy_user(&user("JANE")).await.unwrap(), None);
    assert_eq!(found(&store, "jane", 1).await, Mapping::To(alloy(1)), "again");
    assert_eq!(found(&store, "jane", 2).await, Mapping::To(alloy(1)), "the first stays");
    assert_eq!(found(&store, "JANE", 2).await, Mapping::To(alloy(2)));
    // Without a session nothing is stored, and what is taken is taken all the same.
    let with_session = async |name, number| {
        store.map_alloy_user(&user(name), &alloy(number), StoreIf::HasSession, at(0)).await.unwrap()
    };
    assert_eq!(with_session("sam", 1).await, Mapping::Taken);
    assert_eq!(with_session("sam", 3).await, Mapping::To(alloy(3)));
    assert_eq!(store.alloy_user(&user("sam")).await.unwrap(), None);
}

async fn of_fifty_users_one_gets_the_id(fresh: &Fresh) {
    let answers = fresh.at_once(50, |turn, store| async move { found(&store, &format!("user-{turn}"), 1).await }).await;
    let mapped = answers.iter().filter(|mapping| **mapping == Mapping::To(alloy(1))).count();
    assert_eq!((mapped, answers.len()), (1, 50), "{answers:?}");
}

async fn a_given_user_may_be_shared(fresh: &Fresh) {
    let store = fresh.open().await;
    for name in ["jane", "sam"] {
        assert_eq!(store.store_alloy_user(&user(name), &alloy(1), at(0)).await.unwrap(), alloy(1));
    }
    // The user whose name it has may come later, or have come before.
    assert_eq!(found(&store, "team", 1).await, Mapping::To(alloy(1)));
    assert_eq!(store.store_alloy_user(&user("mary"), &alloy(1), at(0)).await.unwrap(), alloy(1));
    assert!(store.alloy_user_is_taken(&user("mary"), &alloy(1)).await.unwrap());
    assert!(!store.alloy_user_is_taken(&user("team"), &alloy(1)).await.unwrap());
    // A host that repeats what was found does not give it away.
    assert_eq!(store.store_alloy_user(&user("team"), &alloy(1), at(0)).await.unwrap(), alloy(1));
    assert_eq!(found(&store, "other", 1).await, Mapping::Taken);
}

async fn an_erased_user_takes_nothing(fresh: &Fresh) {
    let store = fresh.open().await;
    assert_eq!(found(&store, "jane", 1).await, Mapping::To(alloy(1)));
    let pseudonym = ExternalId::pseudonym(Uuid::from_u128(1));
    let erased = store.erase(&user("jane"), &pseudonym, Some(&alloy(1)), at(1)).await.unwrap();
    assert_eq!(erased, ErasureOutcome::Erased { alloy_user_remains: true });
    assert_eq!(found(&store, "jane", 1).await, Mapping::To(alloy(1)));
    assert_eq!(found(&store, "JANE", 1).await, Mapping::Taken);
}

async fn mappings_of_an_earlier_release_count(fresh: &Fresh) {
    let store = fresh.open().await;
    let mut connection = AnyConnection::connect(&fresh.url).await.unwrap();
    let insert = "insert into end_user (user_id, alloy_user_id, known_since) values ('jane', \
                  '000000000000000000000001', 0)";
    connection.execute(insert).await.unwrap();
    assert_eq!(found(&store, "JANE", 1).await, Mapping::Taken);
    // Once the host has given it, it may be shared.
    assert_eq!(store.store_alloy_user(&user("jane"), &alloy(1), at(0)).await.unwrap(), alloy(1));
    assert_eq!(found(&store, "JANE", 1).await, Mapping::To(alloy(1)));
}
