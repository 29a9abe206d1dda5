//! The statements in `src/store/sql`.

use std::{fs, path::Path};

use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _};

use super::fresh::Fresh;

on_both!(every_statement_is_valid);

/// Path and text of each statement.
fn statements() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/sql");
    let (mut directories, mut found) = (vec![root.clone()], Vec::new());
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().display().to_string();
                found.push((name, fs::read_to_string(path).unwrap()));
            }
        }
    }
    assert!(found.len() > 100, "the statements are in {}", root.display());
    found
}

async fn every_statement_is_valid(fresh: &Fresh) {
    drop(fresh.open().await);
    let mut connection = fresh.connection().await;
    for (name, text) in statements() {
        let prepared = connection.prepare(AssertSqlSafe(text).into_sql_str()).await;
        assert!(prepared.is_ok(), "{name}: {}", prepared.err().unwrap());
    }
}

#[test]
fn attempts_are_written_by_begin_and_commit_only() {
    let writes = ["insert into link_attempt", "update link_attempt"];
    let mut writers: Vec<(String, String)> = statements();
    writers.retain(|(_, text)| writes.iter().any(|write| text.contains(write)));
    // A lease is no part of the attempt, and an erasure removes only what names the user.
    writers.retain(|(name, text)| match name.as_str() {
        "attempts/begin_attempt.sql" | "attempts/commit_attempt.sql" => false,
        "attempts/lease_attempts.sql" | "attempts/release_attempt.sql" => text.contains(" state ="),
        "erase/anonymize_attempts.sql" => text.contains(" state ="),
        // Where an attempt is continued changes nothing of it.
        "windows/continue.sql" => text.contains(" state ="),
        _ => true,
    });
    assert_eq!(writers, []);
}
