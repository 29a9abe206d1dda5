//! Somebody else holds the lock: a backup, a person with a database tool.

use std::time::{Duration, Instant};

use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};

use super::{
    fresh::Fresh,
    samples::{code, session},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_file_fails_writes_soon_and_reads_never() {
    let fresh = Fresh::sqlite();
    let store = fresh.open().await;
    store.insert_session(&session(1), &code("first")).await.unwrap();
    let mut somebody = SqliteConnection::connect(&fresh.url).await.unwrap();
    somebody.execute("begin immediate").await.unwrap();

    let started = Instant::now();
    let (late, later) = (session(2), session(3));
    let (one, two) = (code("second"), code("third"));
    let (first, second) = tokio::join!(store.insert_session(&late, &one), store.insert_session(&later, &two));
    assert!(first.unwrap_err().is_busy() && second.unwrap_err().is_busy());
    let waited = started.elapsed();
    assert!(waited > Duration::from_millis(1500) && waited < Duration::from_secs(4), "{waited:?}");
    assert_eq!(store.session(session(1).id).await.unwrap(), Some(session(1)));

    somebody.execute("rollback").await.unwrap();
    store.insert_session(&session(2), &code("second")).await.unwrap();
    assert_eq!(store.session(session(3).id).await.unwrap(), None, "what failed was not kept later");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_table_fails_writes_soon_and_is_told_from_a_mistake() {
    let fresh = Fresh::postgres().await;
    let store = fresh.open().await;
    let mut somebody = PgConnection::connect(&fresh.url).await.unwrap();
    somebody.execute("begin; lock table connect_session in exclusive mode").await.unwrap();
    let refused = store.insert_session(&session(1), &code("first")).await.unwrap_err();
    assert!(refused.is_busy(), "{refused}");
    somebody.execute("rollback").await.unwrap();
    store.insert_session(&session(1), &code("first")).await.unwrap();
    let twice = store.insert_session(&session(1), &code("first")).await.unwrap_err();
    assert!(!twice.is_busy(), "{twice}");
}
