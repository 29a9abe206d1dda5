//! Roles of PostgreSQL that may do less than the owner of the database, and its defaults.

use gangway::store;
use sqlx::{AssertSqlSafe, Executor as _};

use super::{
    fresh::Fresh,
    samples::{at, code, session},
};

/// A role of its own, and the address with it.
async fn role(fresh: &Fresh) -> (String, String) {
    // Roles are of the whole server, and databases have names of their own there.
    let name = format!("role_of_{}", fresh.url.rsplit('/').next().unwrap());
    sqlx::any::install_default_drivers();
    fresh.connection().await.execute(AssertSqlSafe(format!("create role {name} login"))).await.unwrap();
    let mut url = url::Url::parse(&fresh.url).unwrap();
    url.set_username(&name).unwrap();
    (name, url.into())
}

async fn run(fresh: &Fresh, statement: String) {
    fresh.connection().await.execute(AssertSqlSafe(statement)).await.unwrap();
}

/// Runs the statements that the message names.
async fn obey(fresh: &Fresh, message: &str) {
    let (_, statements) = message.split_once("owner: ").unwrap();
    run(fresh, statements.to_owned()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn role_that_may_only_read_and_write_rows_is_enough_for_prepared_tables() {
    let fresh = Fresh::postgres().await;
    fresh.open().await;
    run(&fresh, "revoke create on schema public from public".to_owned()).await;
    let (name, url) = role(&fresh).await;
    let url = url.as_str().into();
    let refused = store::open(&url).await.err().unwrap().to_string();
    assert!(
        refused.contains(&format!("grant select, insert, update, delete on all tables in schema public to {name}"))
    );
    assert_eq!(store::check_compatibility(&url).await.unwrap_err().to_string(), refused);
    obey(&fresh, &refused).await;
    store::check_compatibility(&url).await.unwrap();
    let store = store::open(&url).await.unwrap();
    store.insert_session(&session(1), &code("first")).await.unwrap();
    store.ping().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn role_without_create_is_told_what_to_grant() {
    let fresh = Fresh::postgres().await;
    sqlx::any::install_default_drivers();
    run(&fresh, "revoke create on schema public from public".to_owned()).await;
    let (name, url) = role(&fresh).await;
    let url = url.as_str().into();
    let refused = store::open(&url).await.err().unwrap().to_string();
    assert!(refused.contains(&format!("grant usage, create on schema public to {name}")), "{refused}");
    assert_eq!(store::check_compatibility(&url).await.unwrap_err().to_string(), refused);
    obey(&fresh, &refused).await;
    store::check_compatibility(&url).await.unwrap();
    store::open(&url).await.unwrap().insert_session(&session(1), &code("first")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn stricter_isolation_of_the_database_changes_nothing() {
    for level in ["repeatable read", "serializable"] {
        let fresh = Fresh::postgres().await;
        sqlx::any::install_default_drivers();
        let name = fresh.url.rsplit('/').next().unwrap();
        run(&fresh, format!("alter database {name} set default_transaction_isolation = '{level}'")).await;
        let store = fresh.open().await;
        let (id, code) = (session(1).id, code("first"));
        store.insert_session(&session(1), &code).await.unwrap();
        // All of them write the same row at once.
        let writers = (0..20).map(|number| {
            let store = store.clone();
            tokio::spawn(async move { store.touch_session(id, at(3600 * number)).await })
        });
        for written in futures_util::future::join_all(writers).await {
            written.unwrap().unwrap();
        }
    }
}
