//! The operator goes back to an earlier release, on a database that a newer one has prepared.

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
