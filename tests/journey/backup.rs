//! The operator copies the database of a Gangway that is in the middle of its work, and goes on from the copy.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::Output,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use rustix::process::Signal;
use serde_json::json;
use sqlx::{Connection as _, SqliteConnection};

use crate::{
    app::HOST_ORIGIN,
    browser::Browser,
    process::{Place, Process, went_well},
};

/// A user links one app after the other; what is linked is noted once the page says so.
async fn links(url: String, codes: Vec<String>, on: Arc<AtomicBool>, linked: Arc<Mutex<Vec<String>>>) {
    for code in codes {
        if !on.load(Ordering::SeqCst) {
            return;
        }
        let mut browser = Browser::new(&url);
        browser.post_from(HOST_ORIGIN, "/start", &[("code", &code)]).await;
        let saved = browser.link("shippo", &[("data.token", "shippo_live_1")]).await;
        let attempt = saved.location().rsplit('/').next().unwrap().to_owned();
        assert_eq!(browser.get(saved.location()).await.heading(), "Shippo key saved");
        linked.lock().unwrap().push(attempt);
    }
}

fn backup(place: &Place, to: &Path) -> Output {
    place.command(&["backup", "--to", to.to_str().unwrap()]).output().unwrap()
}

async fn codes(process: &Process, from: u32) -> Vec<String> {
    let mut codes = Vec::new();
    for user in from..from + 40 {
        let wanted = json!({ "user": { "id": format!("user-{user}") } });
        let (_, session) = process.api("POST", "/connect-sessions", wanted).await;
        codes.push(session["start_code"].as_str().unwrap().to_owned());
    }
    codes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_made_under_load_is_whole_and_can_be_gone_on_from() {
    let process = Place::new("limits.per_address = '100000/s'\nserver.drain = '0s'").serve().await;
    let (on, linked) = (Arc::new(AtomicBool::new(true)), Arc::new(Mutex::new(Vec::new())));
    let mut users = Vec::new();
    for lane in 0..4 {
        let codes = codes(&process, lane * 100).await;
        users.push(tokio::spawn(links(process.url.clone(), codes, on.clone(), linked.clone())));
    }
    while linked.lock().unwrap().len() < 8 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let settled = linked.lock().unwrap().clone();
    let copy = process.place.folder.path().join("copy.db");
    let made = backup(&process.place, &copy);
    assert!(made.status.success(), "{made:?}");
    on.store(false, Ordering::SeqCst);
    for user in users {
        user.await.unwrap();
    }
    assert!(linked.lock().unwrap().len() > settled.len(), "the users went on meanwhile");
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    let mut opened = SqliteConnection::connect(&format!("sqlite://{}", copy.display())).await.unwrap();
    let sound: String = sqlx::query_scalar("pragma integrity_check").fetch_one(&mut opened).await.unwrap();
    assert_eq!(sound, "ok");
    opened.close().await.unwrap();

    // The machine is lost, and the copy is put in the place of the file.
    process.signal(Signal::TERM);
    let (status, place) = process.ended().await;
    assert!(went_well(status));
    for name in ["gangway.db", "gangway.db-wal", "gangway.db-shm"] {
        std::fs::remove_file(place.folder.path().join(name)).ok();
    }
    std::fs::rename(&copy, place.database()).unwrap();
    let process = place.serve().await;
    for attempt in settled {
        let (_, told) = process.api("GET", &format!("/link-attempts/{attempt}"), json!(null)).await;
        assert_eq!(told["state"], "linked", "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_overwritten_and_nothing_half_is_left() {
    let process = Place::new("").serve().await;
    let folder = process.place.folder.path().to_owned();
    let there = folder.join("there");
    std::fs::write(&there, "precious").unwrap();
    let refused = backup(&process.place, &there);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(refused.status.code() == Some(1) && said.contains("is there already and stays as it is"), "{said}");
    assert_eq!(std::fs::read_to_string(&there).unwrap(), "precious");
    let refused = backup(&process.place, &folder.join("no folder/copy.db"));
    assert_eq!(refused.status.code(), Some(1));
    let left = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    assert!(left.into_iter().all(|name| !name.contains("unfinished")));
}
