//! `gangway check --probe` against the sandbox in all its switches, against Prism, and against an upstream that was written
//! apart from both: the report tells what is served, has no secret, and nothing is left at Alloy.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Output, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use futures_util::{StreamExt as _, stream};
use gangway::sandbox::{Fault, Route};
use rustix::process::{Pid, Signal, kill_process};
use strum::VariantArray as _;

use crate::{app::API_KEY, prism::Prism, process::Place};

async fn run(place: &Place, arguments: &[&str]) -> Output {
    let mut command = place.command(arguments);
    command.stdin(Stdio::null());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn text(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8(text).unwrap()
}

async fn probe(place: &Place) -> (bool, String) {
    let output = run(place, &["check", "--probe", "--yes"]).await;
    (output.status.success(), text(&output))
}

/// With that upstream in place of the sandbox.
fn place_with(upstream: &str) -> Place {
    let place = Place::new("");
    let settings = std::fs::read_to_string(place.config()).unwrap().replace(place.sandbox.base_url(), upstream);
    std::fs::write(place.config(), settings).unwrap();
    place
}

fn throw_away_users(place: &Place) -> usize {
    place.sandbox.users().iter().filter(|user| user.username.contains("check-")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn probe_reports_apps_and_leaves_nothing() {
    let place = Place::new("");
    let before = place.sandbox.users().len();
    let refused = run(&place, &["check", "--probe"]).await;
    assert!(!refused.status.success() && text(&refused).contains("Nothing was done"), "{}", text(&refused));
    assert!(place.sandbox.calls().is_empty(), "it did not ask first");

    let (is_fit, report) = probe(&place).await;
    assert!(is_fit, "{report}");
    for line in [
        "GET /connectors: ",
        "POST /users: makes a user",
        "slack: oauth2 (sign-in, 0 fields)",
        "shopify: oauth2 (sign-in, ",
        "Older form of metadata: ",
        "Spellings of authentication types: ",
        "[connectors.serviceNow]",
        "auth_config_id = \"YOUR-AUTH-CONFIG-ID\"",
        "Clean-up: the user was deleted",
    ] {
        assert!(report.contains(line), "{line} is not in\n{report}");
    }
    assert_eq!(place.sandbox.users().len(), before);
    let writes: Vec<_> = place.sandbox.calls().into_iter().filter(|call| call.method != "GET").collect();
    let routes: Vec<_> = writes.iter().map(|call| call.route.unwrap()).collect();
    assert_eq!(routes, [Route::CreateUser, Route::DeleteUser]);
}

/// Faults of calls that a probe makes; all others are switched on together.
fn has_effect_on_probe(fault: Fault) -> bool {
    let calls = [
        Fault::AnyOrder,
        Fault::FlatErrors,
        Fault::RateLimited,
        Fault::ServerErrors,
        Fault::KeyRefused,
        Fault::Redirected,
        Fault::NotServed,
        Fault::Slow,
        Fault::SlowBody,
        Fault::CutOff,
        Fault::Oversized,
        Fault::NotJson,
        Fault::Empty,
        Fault::DuplicateUserExisting,
        Fault::UsernamesIgnoreCase,
        Fault::AnotherUser,
        Fault::CreatedUserNamed,
        Fault::OlderMetadata,
        Fault::OnlyDocumentedEndpoint,
    ];
    calls.contains(&fault)
}

#[tokio::test(flavor = "multi_thread")]
async fn probe_cleans_up_under_every_fault() {
    let (alone, together): (Vec<Fault>, Vec<Fault>) =
        Fault::VARIANTS.iter().partition(|&&fault| has_effect_on_probe(fault));
    let sets = alone.into_iter().map(|fault| vec![fault]).chain([together]);
    let probes = sets.map(|faults| async move {
        let place = Place::new("");
        for &fault in &faults {
            // What is slow or broken on every call only makes the test longer.
            place.sandbox.switch_on(match fault {
                Fault::Slow | Fault::SlowBody => fault.with(1).on(Route::CreateUser),
                Fault::Oversized | Fault::CutOff | Fault::NotJson | Fault::Empty => fault.on(Route::CreateUser),
                Fault::ServerErrors => fault.with(1),
                Fault::RateLimited => fault.with(1).times(2),
                _ => fault.into(),
            });
        }
        let (_, report) = probe(&place).await;
        assert!(report.contains("First contact with Alloy") && !report.contains(API_KEY), "{faults:?}: {report}");
        assert_eq!(throw_away_users(&place), 0, "{faults:?}: {report}");
    });
    let probes: Vec<_> = probes.collect();
    stream::iter(probes).buffer_unordered(6).collect::<()>().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn probe_says_that_it_could_not_clean_up() {
    let place = Place::new("");
    place.sandbox.switch_on(Fault::NotServed.on(Route::DeleteUser));
    let (is_fit, report) = probe(&place).await;
    assert!(!is_fit && report.contains("Clean-up FAILED") && report.contains("may still be at Alloy"), "{report}");
    assert_eq!(throw_away_users(&place), 1);
    // Another user, whom Alloy names in place of the new one, is never deleted.
    let place = Place::new("");
    let jane = place.sandbox.add_user("gangway-jane", None);
    place.sandbox.switch_on(Fault::AnotherUser);
    let (_, report) = probe(&place).await;
    assert!(place.sandbox.user(&jane).is_some(), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn interrupted_probe_cleans_up() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let place = Place::new("");
        place.sandbox.switch_on(Fault::Slow.with(60).on(Route::Metadata));
        let child =
            place.command(&["check", "--probe", "--yes"]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let began = Instant::now();
        while place.sandbox.count(Route::Metadata) == 0 && place.sandbox.count(Route::ListConnectors) == 0 {
            assert!(began.elapsed() < Duration::from_secs(30), "it reads nothing");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(throw_away_users(&place), 1);
        kill_process(Pid::from_child(&child), signal).unwrap();
        let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
        let report = text(&output);
        assert!(!output.status.success() && report.contains("Stopped before the end"), "{report}");
        assert_eq!(throw_away_users(&place), 0, "{report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn probe_of_prism_says_what_is_not_served() {
    let prism = Prism::start().await;
    let place = place_with(&prism.url);
    let (is_fit, report) = probe(&place).await;
    assert!(is_fit, "there was nothing to clean up: {report}");
    for line in ["GET /connectors: not served", "POST /users: not served", "[connectors.slack]", "name = \"Slack\""] {
        assert!(report.contains(line), "{line} is not in\n{report}");
    }
}

/// An upstream of its own mind: other status codes, fields too many and too few, and a key that it repeats everywhere.
struct OddUpstream {
    url: String,
    deleted: Arc<Mutex<Vec<String>>>,
}

impl OddUpstream {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (name, deleted) = (Arc::new(Mutex::new(String::new())), Arc::new(Mutex::new(Vec::new())));
        let seen = Arc::clone(&deleted);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (name, seen) = (Arc::clone(&name), Arc::clone(&seen));
                std::thread::spawn(move || answer(stream, &name, &seen));
            }
        });
        Self { url, deleted }
    }
}

fn answer(mut stream: TcpStream, name: &Mutex<String>, deleted: &Mutex<Vec<String>>) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let Ok(count) = stream.read(&mut buffer) else { return };
        request.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&request).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if count == 0 {
                return;
            }
            continue;
        };
        let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) || count == 0 {
            let (status, json) = odd(head.lines().next().unwrap_or_default(), body, name, deleted);
            let length = json.len();
            let head = format!("HTTP/1.1 {status} Odd\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
            stream.write_all(format!("{head}{json}").as_bytes()).ok();
            return;
        }
    }
}

fn odd(line: &str, body: &str, name: &Mutex<String>, deleted: &Mutex<Vec<String>>) -> (u16, String) {
    let id = "0123456789abcdef01234567";
    let mut parts = line.split(' ');
    let (method, path) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let kept = || name.lock().unwrap().clone();
    match (method, path) {
        ("GET", "/connectors") => {
            let list = r#"{"total":4,"connectors":[{"id":"acme","label":7},{"nothing":1},{"id":"KEY"},{"id":"second","name":null}]}"#;
            (203, list.replace("KEY", API_KEY))
        }
        ("POST", "/users") => {
            let given: serde_json::Value = serde_json::from_str(body).unwrap();
            *name.lock().unwrap() = given["username"].as_str().unwrap().to_owned();
            (202, format!(r#"{{"userId":"{id}","extra":{{"key":"{API_KEY}"}}}}"#))
        }
        ("GET", path) if path.starts_with("/users/") && !path.ends_with("/credentials") => {
            if kept().is_empty() || !deleted.lock().unwrap().is_empty() {
                return (410, format!(r#"{{"reason":"gone {API_KEY}"}}"#));
            }
            // It is found by its id alone.
            if !path.ends_with(id) {
                return (404, r#"{"message":"no such user"}"#.to_owned());
            }
            (200, format!(r#"{{"userId":"{id}","username":"{}","plan":["x"]}}"#, kept()))
        }
        ("DELETE", path) => {
            deleted.lock().unwrap().push(path.to_owned());
            (204, String::new())
        }
        ("GET", "/connectors/acme/credentials/metadata") => {
            let metadata = r#"{"metadata":[{"authenticationType":"apiKey","inputSchema":{"required":["userId","data"],"properties":
                {"data":{"type":"object","patternProperties":{".*":{"type":"string"}}}}}}]}"#;
            (200, metadata.to_owned())
        }
        ("GET", path) if path.ends_with("/metadata") => (418, format!(r#"{{"error":{{"code":"KEY_{API_KEY}"}}}}"#)),
        _ => (206, format!(r#"{{"data":[{{"credentialId":"{id}","type":"acme","name":"{API_KEY}"}}]}}"#)),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn probe_of_odd_upstream_names_keyword_and_no_secret() {
    let odd = OddUpstream::start();
    let place = place_with(&odd.url);
    let (_, report) = probe(&place).await;
    assert!(report.contains("acme: apiKey NOT understood, stopped by `patternProperties`"), "{report}");
    assert!(report.contains("[connectors.acme]\n  enabled = false"), "{report}");
    assert!(report.contains("DANGER"), "a new user has credentials: {report}");
    assert!(!report.contains(API_KEY), "{report}");
    assert_eq!(*odd.deleted.lock().unwrap(), ["/users/0123456789abcdef01234567"], "{report}");
}

/// Its list for a new user has a credential, which can only be of another.
#[tokio::test(flavor = "multi_thread")]
async fn link_deletes_nothing_where_the_list_has_credentials_of_others() {
    let odd = OddUpstream::start();
    let place = place_with(&odd.url);
    let output = run(&place, &["check", "--link", "acme", "--yes"]).await;
    let report = text(&output);
    assert!(!output.status.success() && report.contains("DANGER") && !report.contains("http://localhost"), "{report}");
    assert_eq!(*odd.deleted.lock().unwrap(), ["/users/0123456789abcdef01234567"], "{report}");
}
