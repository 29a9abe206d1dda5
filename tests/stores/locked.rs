//! Somebody else holds the lock of the SQLite file: a backup, a person with a database tool.

use std::time::{Duration, Instant};

use sqlx::{Connection as _, Executor as _, SqliteConnection};

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
    assert!(first.is_err() && second.is_err());
    let waited = started.elapsed();
    assert!(waited > Duration::from_millis(1500) && waited < Duration::from_secs(4), "{waited:?}");
    assert_eq!(store.session(session(1).id).await.unwrap(), Some(session(1)));

    somebody.execute("rollback").await.unwrap();
    store.insert_session(&session(2), &code("second")).await.unwrap();
    assert_eq!(store.session(session(3).id).await.unwrap(), None, "what failed was not kept later");
}
