//! After a failover the old server takes no more writes, and new connections lead to the new one.

use sqlx::{AssertSqlSafe, Executor as _};

use super::{
    fresh::Fresh,
    samples::{code, session},
};

/// Whether new connections to the database can write.
async fn new_connections_write(fresh: &Fresh, write: bool) {
    let name = fresh.url.rsplit('/').next().unwrap();
    let setting =
        format!("alter database {name} set default_transaction_read_only = {}", if write { "off" } else { "on" });
    let mut connection = fresh.connection().await;
    connection.execute("set default_transaction_read_only = off").await.unwrap();
    connection.execute(AssertSqlSafe(setting)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_can_only_read_are_given_up() {
    let fresh = Fresh::postgres().await;
    fresh.open().await;
    new_connections_write(&fresh, false).await;
    let store = fresh.open().await;
    for number in 1..=3 {
        let refused = store.insert_session(&session(number), &code(&format!("code {number}"))).await.unwrap_err();
        assert!(refused.is_busy(), "{refused}");
        let refused = store.ping().await.unwrap_err();
        assert!(refused.is_busy() && refused.to_string().contains("can only be read"), "{refused}");
    }
    assert_eq!(store.session(session(1).id).await.unwrap(), None, "it can be read");
    // Several of them are idle in the pool.
    let reads = (1..=8).map(|number| {
        let store = store.clone();
        tokio::spawn(async move { store.session(session(number).id).await.unwrap() })
    });
    futures_util::future::join_all(reads).await;
    new_connections_write(&fresh, true).await;
    store.ping().await.unwrap();
    for number in 1..=20 {
        store.insert_session(&session(number), &code(&format!("code {number}"))).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_statement_counts_as_unavailable() {
    let fresh = Fresh::postgres().await;
    let store = fresh.open().await;
    let mut other = fresh.connection().await;
    other.execute("begin; lock table connect_session in access exclusive mode").await.unwrap();
    let reads = tokio::spawn({
        let store = store.clone();
        async move { store.session(session(1).id).await }
    });
    let cancel = "select count(pg_cancel_backend(pid)) from pg_stat_activity \
                  where datname = current_database() and wait_event_type = 'Lock' and pid <> pg_backend_pid()";
    let mut third = fresh.connection().await;
    loop {
        let cancelled: i64 = sqlx::query_scalar(cancel).fetch_one(&mut third).await.unwrap();
        if cancelled > 0 {
            break;
        }
        assert!(!reads.is_finished(), "it was refused before it was cancelled");
        tokio::task::yield_now().await;
    }
    let cancelled = reads.await.unwrap().unwrap_err();
    assert!(cancelled.is_busy(), "{cancelled}");
    other.execute("rollback").await.unwrap();
    assert_eq!(store.session(session(1).id).await.unwrap(), None);
}
