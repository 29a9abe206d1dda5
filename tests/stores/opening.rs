//! Opening a store: the first time, again, by many at once, and in vain.

use std::{future::Future, sync::Arc};

use futures_util::future::join_all;
use gangway::store::{self, Store};

use super::{
    fresh::Fresh,
    samples::{at, attempt, code, full_session, linked, returned, user},
};

on_both!(what_was_kept_is_there_after_a_restart, ten_processes_may_start_at_once);

async fn what_was_kept_is_there_after_a_restart(fresh: &Fresh) {
    let before = fresh.open().await;
    let session = full_session(1);
    before.insert_session(&session, &code("code")).await.unwrap();
    let pending = returned(&*before, &attempt(1, "slack")).await;
    drop(before);

    let after = fresh.open().await;
    after.ping().await.unwrap();
    assert_eq!(after.session(session.id).await.unwrap(), Some(session));
    assert_eq!(after.attempt_by_state(&pending.state_digest).await.unwrap().as_ref(), Some(&pending));
    after.commit(&linked(&pending, &["new"])).await.unwrap();
    drop(after);

    let last = fresh.open().await;
    assert_eq!(last.attempt(pending.id).await.unwrap().unwrap().settled_at(), Some(at(31)));
    assert_eq!(last.claims(&user("jane")).await.unwrap().len(), 1);
    assert_eq!(last.events(&user("jane"), 0).await.unwrap().len(), 2);
}

async fn ten_processes_may_start_at_once(fresh: &Fresh) {
    fn open(fresh: &Fresh) -> impl Future<Output = Arc<dyn Store>> + Send + 'static {
        let url = fresh.url.clone();
        async move { store::open(&url.into()).await.unwrap() }
    }
    let opened: Vec<_> = (0..10).map(|_| tokio::spawn(open(fresh))).collect();
    for store in join_all(opened).await {
        store.unwrap().ping().await.unwrap();
    }
}

#[tokio::test]
async fn an_address_that_cannot_be_opened_is_explained_without_its_password() {
    let nobody = "postgres://jane:hunter2@127.0.0.1:1/gangway";
    for (url, explanation) in [
        ("sqlite:///nowhere/at/all/gangway.db", "there is no directory /nowhere/at/all"),
        ("sqlite://", "must name a file"),
        ("sqlite::memory:", "must name a file"),
        ("sqlite://gangway.db?mode=ro", "must name a file"),
        ("mysql://jane:hunter2@localhost/gangway", "must begin with sqlite:// or postgres://"),
        ("postgres://jane:hunter2@:x/gangway", "cannot be read as an address"),
        (nobody, "the database failed"),
    ] {
        let error = store::open(&url.into()).await.err().expect(url);
        let said = format!("{error} {error:?}");
        assert!(said.contains(explanation), "{url}: {said}");
        assert!(!said.contains("hunter2"), "{url}: {said}");
    }
}

#[tokio::test]
async fn a_file_with_peoples_names_is_for_nobody_else_to_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gangway.db");
    drop(store::open(&format!("sqlite://{}", file.display()).into()).await.unwrap());
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.file_name());
    }
}
