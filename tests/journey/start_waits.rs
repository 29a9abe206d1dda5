//! A start whose tables cannot be prepared yet says what it waits for, and takes no connection before it is ready.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use sqlx::{Connection as _, Executor as _, PgConnection, migrate::Migrator};

use crate::{app::TestApp, process::Place};

/// The tables as of that step.
async fn prepared(url: &str, last: &str) -> PgConnection {
    let folder = tempfile::tempdir().unwrap();
    let steps = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrations");
    for step in std::fs::read_dir(steps).unwrap().map(Result::unwrap) {
        if step.file_name().to_str().unwrap().split('_').next().unwrap() <= last {
            std::fs::copy(step.path(), folder.path().join(step.file_name())).unwrap();
        }
    }
    let mut connection = PgConnection::connect(url).await.unwrap();
    let steps = Migrator::new(folder.path()).await.unwrap();
    steps.run_direct(None, &mut connection, false).await.unwrap();
    connection
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_table_is_named_and_waited_for() {
    let url = TestApp::postgres_database().await;
    let mut holder = prepared(&url, "0014").await;
    // As a dump of the database does.
    holder.execute("begin; select count(*) from connect_session").await.unwrap();
    let place = Place::on(&url, "");
    let log = std::fs::File::create(place.folder.path().join("log")).unwrap();
    let mut child = place.command(&["serve"]).stdin(Stdio::null()).stdout(log).spawn().unwrap();
    let began = Instant::now();
    while !place.log().contains("AccessShareLock on connect_session") {
        assert!(began.elapsed() < Duration::from_secs(12) && child.try_wait().unwrap().is_none(), "{}", place.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(place.log().contains("pid ") && place.log().contains("idle in transaction"), "{}", place.log());
    let public = ("127.0.0.1", place.port());
    assert!(tokio::net::TcpStream::connect(public).await.is_err(), "a caller would hang");
    // Those who serve meanwhile are held up for moments only.
    let mut other = PgConnection::connect(&url).await.unwrap();
    other.execute("set lock_timeout = '2s'; set statement_timeout = '3s'").await.unwrap();
    let meanwhile = Instant::now();
    while meanwhile.elapsed() < Duration::from_secs(6) {
        other.execute("select count(*) from connect_session").await.unwrap();
    }
    holder.execute("rollback").await.unwrap();
    let released = Instant::now();
    while !reqwest::get(place.readiness()).await.is_ok_and(|ready| ready.status() == 200) {
        assert!(released.elapsed() < Duration::from_secs(20) && child.try_wait().unwrap().is_none(), "{}", place.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// As the first process of a container it would not be ended by a signal that it does not listen to.
#[tokio::test(flavor = "multi_thread")]
async fn start_that_waits_is_stopped_by_a_signal() {
    let url = TestApp::postgres_database().await;
    let mut other = prepared(&url, "0014").await;
    other.execute("begin; lock table connect_session in share mode").await.unwrap();
    let place = Place::on(&url, "");
    let log = std::fs::File::create(place.folder.path().join("log")).unwrap();
    let mut child = place.command(&["serve"]).stdin(Stdio::null()).stdout(log).spawn().unwrap();
    let began = Instant::now();
    while !place.log().contains("ShareLock on connect_session") {
        assert!(began.elapsed() < Duration::from_secs(20) && child.try_wait().unwrap().is_none(), "{}", place.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let process = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
    let status = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
    assert!(status.success() && place.log().contains("stopped before it was ready"), "{status}: {}", place.log());
}
