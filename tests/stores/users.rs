//! Which of Alloy's users is which of the host's.

use std::collections::BTreeSet;

use gangway::session::AlloyUserId;

use super::{
    fresh::Fresh,
    samples::{at, user},
};

on_both!(the_first_mapping_stays, fifty_at_once_agree_on_one_user);

fn alloy(number: usize) -> AlloyUserId {
    AlloyUserId::parse(format!("{number:024x}")).unwrap()
}

async fn the_first_mapping_stays(fresh: &Fresh) {
    let store = fresh.open().await;
    assert_eq!(store.alloy_user(&user("jane")).await.unwrap(), None);
    assert_eq!(store.remember_alloy_user(&user("jane"), &alloy(1), at(0)).await.unwrap(), alloy(1));
    assert_eq!(store.remember_alloy_user(&user("jane"), &alloy(2), at(1)).await.unwrap(), alloy(1));
    assert_eq!(store.remember_alloy_user(&user("Jane"), &alloy(3), at(1)).await.unwrap(), alloy(3), "another user");
    assert_eq!(store.alloy_user(&user("jane")).await.unwrap(), Some(alloy(1)));
}

async fn fifty_at_once_agree_on_one_user(fresh: &Fresh) {
    let answers = fresh
        .at_once(50, |turn, store| async move {
            store.remember_alloy_user(&user("jane"), &alloy(turn), at(0)).await.unwrap()
        })
        .await;
    assert_eq!(answers.iter().collect::<BTreeSet<_>>().len(), 1, "{answers:?}");
}
