//! The operator goes back to an earlier release, on a database that a newer one has prepared; and the other way round.

use gangway::store;
use sqlx::{Connection as _, Executor as _, SqliteConnection};

use crate::process::Place;

#[tokio::test(flavor = "multi_thread")]
async fn the_program_says_what_is_wrong_and_does_not_begin() {
    let place = Place::new("");
    let file = format!("sqlite://{}", place.database().display());
    drop(store::open(&file.as_str().into()).await.unwrap());
    let mut connection = SqliteConnection::connect(&file).await.unwrap();
    let step = "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
                values (9001, 'weather', true, x'00', 0)";
    connection.execute(step).await.unwrap();
    connection.close().await.unwrap();

    let served = place.command(&["serve"]).output().unwrap();
    let said = String::from_utf8(served.stderr).unwrap();
    assert_eq!(served.status.code(), Some(1), "{said}");
    assert!(said.contains("store.url: this database belongs to a newer Gangway: step 9001"), "{said}");

    for arguments in [&["check", "--offline"][..], &["check"]] {
        let checked = place.command(arguments).output().unwrap();
        let said = String::from_utf8(checked.stdout).unwrap();
        assert_eq!(checked.status.code(), Some(1), "{said}");
        assert!(said.contains("belongs to a newer Gangway"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_looks_prepares_nothing() {
    let place = Place::new("");
    let file = format!("sqlite://{}", place.database().display());
    for arguments in [&["attempt", "K7F3-92QD"][..], &["events"]] {
        let looked = place.command(arguments).output().unwrap();
        let said = String::from_utf8(looked.stderr).unwrap();
        assert_eq!(looked.status.code(), Some(1), "{said}");
        assert!(said.contains("there is no database at") && !place.database().exists(), "{said}");
    }
    drop(store::open(&file.as_str().into()).await.unwrap());
    let mut connection = SqliteConnection::connect(&file).await.unwrap();
    let earlier = "delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)";
    connection.execute(earlier).await.unwrap();
    let steps = "select count(*) from _sqlx_migrations";
    let before: i64 = sqlx::query_scalar(steps).fetch_one(&mut connection).await.unwrap();

    for arguments in [&["attempt", "K7F3-92QD"][..], &["events"]] {
        let looked = place.command(arguments).output().unwrap();
        let said = String::from_utf8(looked.stderr).unwrap();
        assert_eq!(looked.status.code(), Some(1), "{said}");
        assert!(said.contains("this database was prepared by an earlier Gangway"), "{said}");
        let after: i64 = sqlx::query_scalar(steps).fetch_one(&mut connection).await.unwrap();
        assert_eq!(after, before, "{arguments:?}");
    }
}
