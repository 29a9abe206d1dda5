//! A database of an earlier release is brought to what this one needs, and loses nothing.

use std::{path::Path, time::Duration};

use gangway::{domain::attempt::AttemptId, store};
use sqlx::{AnyConnection, Connection as _, Executor as _, migrate::Migrator};
use uuid::Uuid;

use super::{
    fresh::Fresh,
    samples::{at, attempt, code, full_session, linked, returned, user},
};

on_both!(
    mappings_that_the_host_gave_are_known_as_such,
    events_of_before_stay_the_events_of_their_attempts,
    connections_that_a_proof_refused_are_known_as_such,
    who_starts_on_the_tables_of_a_newer_release_refuses_and_who_runs_goes_on
);

/// Brings the database as far as the second step, as the release of that time did.
async fn as_of_the_second_step(fresh: &Fresh) -> AnyConnection {
    as_of(fresh, "0002").await
}

async fn as_of(fresh: &Fresh, last: &str) -> AnyConnection {
    let folder = tempfile::tempdir().unwrap();
    let steps = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrations");
    for step in std::fs::read_dir(steps).unwrap().map(Result::unwrap) {
        if step.file_name().to_str().is_some_and(|name| name.split('_').next().is_some_and(|step| step <= last)) {
            std::fs::copy(step.path(), folder.path().join(step.file_name())).unwrap();
        }
    }
    sqlx::any::install_default_drivers();
    let made = if fresh.url.starts_with("sqlite") { "?mode=rwc" } else { "" };
    let mut connection = AnyConnection::connect(&format!("{}{made}", fresh.url)).await.unwrap();
    let steps = Migrator::new(folder.path()).await.unwrap();
    steps.run_direct(None, &mut connection, false).await.unwrap();
    connection
}

#[tokio::test(flavor = "multi_thread")]
async fn start_that_waits_for_a_lock_ends_with_the_reason() {
    let fresh = Fresh::postgres().await;
    let mut other = as_of(&fresh, "0014").await;
    other.execute("begin; lock table connect_session in share mode").await.unwrap();
    let opened = store::open_within(&fresh.url.as_str().into(), Duration::from_secs(1)).await;
    let reason = opened.err().unwrap().to_string();
    assert!(reason.contains("within 1 seconds") && reason.contains("ShareLock on connect_session"), "{reason}");
    other.execute("rollback").await.unwrap();
    fresh.open().await.ping().await.unwrap();
}

async fn events_of_before_stay_the_events_of_their_attempts(fresh: &Fresh) {
    let mut connection = as_of_the_second_step(fresh).await;
    let id = AttemptId::from_uuid(Uuid::from_u128(0xA1));
    for statement in [
        "insert into link_attempt (id, reference, version, session_id, user_id, connector, connector_key, \
         authentication_type, by_key, input_digest, state_digest, began_at, began_at_vendor, deadline, state, timeline) \
         values ('00000000-0000-0000-0000-0000000000a1', 'x', 1, 'x', 'jane', 'slack', 'slack', 'oauth2', 0, 'x', 'x', \
         0, 0, 0, 'failed', '')",
        "insert into outbox (id, user_id, sequence, kind, attempt_id, body, at) values \
         ('00000000-0000-0000-0000-0000000000e1', 'jane', 1, 'link_attempt.ended', \
         '00000000-0000-0000-0000-0000000000a1', '{\"data\":{ \"sequence\": 1}}', 1790000000123)",
    ] {
        connection.execute(statement).await.unwrap();
    }
    connection.close().await.unwrap();
    let store = fresh.open().await;
    let events = store.events(&user("jane"), 0).await.unwrap();
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((event.id, event.attempt, event.at), (Uuid::from_u128(0xE1), Some(id), at(0)));
    assert_eq!(event.body, "{\"data\":{ \"sequence\": 1}}", "byte for byte");
}

async fn connections_that_a_proof_refused_are_known_as_such(fresh: &Fresh) {
    let mut connection = as_of(fresh, "0012").await;
    let proofs = [
        ("1", "dead", "refused", 10),
        ("2", "renewed", "refused", 10),
        ("3", "renewed", "works", 20),
        ("4", "good", "works", 10),
    ];
    for (number, credential, proof, settled_at) in proofs {
        let id = format!("00000000-0000-0000-0000-0000000000a{number}");
        let attempt = format!(
            "insert into link_attempt (id, reference, version, session_id, user_id, connector, connector_key, \
             authentication_type, by_key, input_digest, state_digest, began_at, began_at_vendor, deadline, state, timeline, \
             credential_id, proof, settled_at) values ('{id}', 'x', 1, 'x', 'jane', 'slack', 'slack', 'oauth2', 0, 'x', \
             '{number}', 0, 0, 0, 'linked', '', '{credential}', '{proof}', {settled_at})"
        );
        let claim = format!(
            "insert into claim (credential_id, attempt_id, user_id) values ('{credential}', '{id}', 'jane') \
             on conflict do nothing"
        );
        for statement in [attempt, claim] {
            connection.execute(sqlx::AssertSqlSafe(statement)).await.unwrap();
        }
    }
    connection.close().await.unwrap();
    drop(fresh.open().await);
    let mut connection = AnyConnection::connect(&fresh.url).await.unwrap();
    let refused = "select credential_id, refused_at from connection_health";
    let refused: Vec<(String, i64)> = sqlx::query_as(refused).fetch_all(&mut connection).await.unwrap();
    assert_eq!(refused, [("dead".to_owned(), 10)]);
}

async fn mappings_that_the_host_gave_are_known_as_such(fresh: &Fresh) {
    let mut connection = as_of_the_second_step(fresh).await;
    for (name, given) in [("jane", "'5eba51a03fe9631316668514'"), ("sam", "null")] {
        let session = format!(
            "insert into connect_session (code_digest, id, user_id, alloy_user_id, connectors, after_link, created_at, \
             code_expires_at) values ('{name}', '{name}', '{name}', {given}, '[]', 'stay', 0, 0)"
        );
        let mapping = format!("insert into end_user values ('{name}', '5eba51a03fe9631316668514', 0)");
        for statement in [session, mapping] {
            connection.execute(sqlx::AssertSqlSafe(statement)).await.unwrap();
        }
    }
    connection.close().await.unwrap();
    drop(fresh.open().await);
    let mut connection = AnyConnection::connect(&fresh.url).await.unwrap();
    let origins = "select user_id, origin from end_user order by user_id";
    let origins: Vec<(String, Option<String>)> = sqlx::query_as(origins).fetch_all(&mut connection).await.unwrap();
    assert_eq!(origins, [("jane".to_owned(), Some("given".to_owned())), ("sam".to_owned(), None)]);
}

/// Does what a newer release would: a step more, and a note of it.
async fn by_a_newer_release(fresh: &Fresh) {
    let mut connection = AnyConnection::connect(&fresh.url).await.unwrap();
    for statement in [
        "alter table link_attempt add column mood text",
        "create table weather (day text primary key)",
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
         select 9001, 'weather', success, checksum, execution_time from _sqlx_migrations where version = 1",
    ] {
        connection.execute(statement).await.unwrap();
    }
    connection.close().await.unwrap();
}

async fn who_starts_on_the_tables_of_a_newer_release_refuses_and_who_runs_goes_on(fresh: &Fresh) {
    let running = fresh.open().await;
    store::check_compatibility(&fresh.url.as_str().into()).await.unwrap();
    let session = full_session(1);
    running.insert_session(&session, &code("code")).await.unwrap();
    by_a_newer_release(fresh).await;

    let refused = store::open(&fresh.url.as_str().into()).await.err().unwrap().to_string();
    for said in ["belongs to a newer Gangway", "step 9001", env!("CARGO_PKG_VERSION"), "Start the newer version again"]
    {
        assert!(refused.contains(said), "{refused}");
    }
    assert_eq!(store::check_compatibility(&fresh.url.as_str().into()).await.err().unwrap().to_string(), refused);

    let pending = returned(&running, &attempt(1, "slack")).await;
    running.commit(&linked(&pending, &["new"])).await.unwrap();
    assert_eq!(running.session(session.id).await.unwrap(), Some(session));
    assert_eq!(running.events(&user("jane"), 0).await.unwrap().len(), 2);
}
