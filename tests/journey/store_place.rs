//! Where a SQLite file is, whichever command reads the settings in whichever directory, and who makes it.

use std::{fs, path::Path, process::Output};

use crate::process::{Place, Process};

const RELATIVE: &str = "sqlite://gangway.db";

/// Runs a command in a directory that is not the settings file's.
fn run(place: &Place, folder: &Path, arguments: &[&str]) -> (bool, String) {
    let Output { status, stdout, stderr } = place.command(arguments).current_dir(folder).output().unwrap();
    (status.success(), String::from_utf8([stdout, stderr].concat()).unwrap())
}

const CREATE: [&str; 4] = ["session", "create", "--user", "jane"];

#[tokio::test(flavor = "multi_thread")]
async fn relative_file_is_beside_the_settings_and_only_serve_makes_it() {
    let place = Place::on(RELATIVE, "");
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("copy.db");
    let backup = ["backup", "--to", copy.to_str().unwrap()];
    let database = fs::canonicalize(place.folder.path()).unwrap().join("gangway.db");
    for command in [&CREATE[..], &["attempt", "K7F3-92QD"], &["events"], &backup] {
        let (succeeded, said) = run(&place, elsewhere.path(), command);
        assert!(!succeeded && said.contains(database.to_str().unwrap()), "{command:?}: {said}");
    }
    run(&place, elsewhere.path(), &["check", "--offline"]);
    assert!(!database.exists(), "only `serve` makes a database");
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);

    let process = place.serve().await;
    assert!(database.exists());
    let (succeeded, link) = run(&process.place, elsewhere.path(), &CREATE);
    assert!(succeeded, "{link}");
    let page = reqwest::get(link.trim()).await.unwrap();
    assert_eq!(page.status(), 200, "the link leads somewhere");
    let (succeeded, said) = run(&process.place, elsewhere.path(), &backup);
    assert!(succeeded && said.contains(database.to_str().unwrap()), "{said}");
    assert!(fs::metadata(&copy).unwrap().len() > 10_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn database_of_the_working_directory_is_not_replaced_by_an_empty_one() {
    let place = Place::on(RELATIVE, "");
    let elsewhere = tempfile::tempdir().unwrap();
    let there = fs::canonicalize(elsewhere.path()).unwrap().join("gangway.db");
    fs::write(&there, "").unwrap();
    let (succeeded, said) = run(&place, elsewhere.path(), &["serve"]);
    let line = format!("url = \"sqlite://{}\"", there.display());
    assert!(!succeeded && said.contains(&line), "{said}");
    let (succeeded, said) = run(&place, elsewhere.path(), &["check", "--offline"]);
    assert!(!succeeded && said.contains(&line) && !said.contains("chown"), "what `serve` refuses: {said}");
    assert!(!place.database().exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn second_process_on_one_file_refuses() {
    let first: Process = Place::new("").serve().await;
    let second = first.place.beside("");
    let (succeeded, said) = run(&second, second.folder.path(), &["serve"]);
    assert!(!succeeded && said.contains("is in use by another Gangway (process "), "{said}");
    assert!(said.contains(first.place.database().to_str().unwrap()), "{said}");
    assert_eq!(first.readiness().await, Some(200));
    // Commands of the operator go on beside it, and the file is free once the first one is gone, however it went.
    assert!(run(&first.place, second.folder.path(), &CREATE).0);
    first.signal(rustix::process::Signal::KILL);
    let (_, place) = first.ended().await;
    let again = place.serve().await;
    assert_eq!(again.readiness().await, Some(200));
}

/// Root may write everything, so that the disk itself has to refuse: a file that is a directory.
#[tokio::test(flavor = "multi_thread")]
async fn database_that_cannot_be_opened_is_named() {
    let place = Place::on(RELATIVE, "");
    fs::create_dir(place.database()).unwrap();
    let (succeeded, said) = run(&place, place.folder.path(), &["serve"]);
    assert!(!succeeded && said.contains(place.database().to_str().unwrap()), "{said}");
    assert_eq!(said.matches("unable to open").count(), 1, "{said}");
}

/// The kernel takes the connection, and no answer comes: as behind a relay whose server is gone.
#[tokio::test(flavor = "multi_thread")]
async fn commands_end_where_the_database_stays_silent() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let place = Place::on(&format!("postgres://jane@{}/gangway?sslmode=disable", silent.local_addr().unwrap()), "");
    let (succeeded, said) = run(&place, place.folder.path(), &CREATE);
    assert!(!succeeded && said.contains("did not answer within 10 seconds"), "{said}");
}
