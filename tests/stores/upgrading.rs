//! A database of an earlier release is brought to what this one needs, and loses nothing.

use std::path::Path;

use gangway::link::AttemptId;
use sqlx::{AnyConnection, Connection as _, Executor as _, migrate::Migrator};
use uuid::Uuid;

use super::{
    fresh::Fresh,
    samples::{at, user},
};

on_both!(events_of_before_stay_the_events_of_their_attempts);

/// Brings the database as far as the second step, as the release of that time did.
async fn as_of_the_second_step(fresh: &Fresh) -> AnyConnection {
    let folder = tempfile::tempdir().unwrap();
    for step in ["0001_first.sql", "0002_trust.sql"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrations").join(step);
        std::fs::copy(from, folder.path().join(step)).unwrap();
    }
    sqlx::any::install_default_drivers();
    let made = if fresh.url.starts_with("sqlite") { "?mode=rwc" } else { "" };
    let mut connection = AnyConnection::connect(&format!("{}{made}", fresh.url)).await.unwrap();
    let steps = Migrator::new(folder.path()).await.unwrap();
    steps.run_direct(None, &mut connection, false).await.unwrap();
    connection
}

async fn events_of_before_stay_the_events_of_their_attempts(fresh: &Fresh) {
    let mut connection = as_of_the_second_step(fresh).await;
    let id = AttemptId(Uuid::from_u128(0xA1));
    for statement in [
        "insert into link_attempt (id, reference, version, session_id, user_id, connector, connector_key, \
         authentication_type, by_key, input_digest, state_digest, began_at, began_at_vendor, deadline, state, timeline) \
         values ('00000000-0000-0000-0000-0000000000a1', 'x', 1, 'x', 'jane', 'slack', 'slack', 'oauth2', 0, 'x', 'x', \
         0, 0, 0, 'failed', '')",
        "insert into outbox (id, user_id, sequence, kind, attempt_id, body, at) values \
         ('00000000-0000-0000-0000-0000000000e1', 'jane', 1, 'link_attempt.ended', \
         '00000000-0000-0000-0000-0000000000a1', '{}', 1790000000123)",
    ] {
        connection.execute(statement).await.unwrap();
    }
    connection.close().await.unwrap();
    let store = fresh.open().await;
    let events = store.events(&user("jane"), 0).await.unwrap();
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((event.id, event.attempt, event.at), (Uuid::from_u128(0xE1), Some(id), at(0)));
}
