//! Independent judges of the signature: the public libraries for Rust, JavaScript and Python take what Gangway sent, and
//! refuse it with one bit turned.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::json;
use standardwebhooks::Webhook;

use crate::receiver::{Got, Receiver, SECRETS};

/// One delivery as a receiver with that secret gets it.
#[derive(Clone)]
struct Case {
    what: String,
    secret: String,
    id: String,
    timestamp: String,
    signature: String,
    body: String,
    genuine: bool,
}

impl Case {
    fn of(got: &Got, secret: &str) -> Self {
        let header = |name: &str| got.headers[&format!("webhook-{name}")].clone();
        Self {
            what: "as it came".to_owned(),
            secret: secret.to_owned(),
            id: header("id"),
            timestamp: header("timestamp"),
            signature: header("signature"),
            body: got.body.clone(),
            genuine: true,
        }
    }

    /// The same with something wrong in it.
    fn with(&self, what: String, change: impl FnOnce(&mut Self)) -> Self {
        let mut wrong = Self { what, genuine: false, ..self.clone() };
        change(&mut wrong);
        wrong
    }

    fn line(&self) -> String {
        let headers = json!({
            "webhook-id": self.id, "webhook-timestamp": self.timestamp, "webhook-signature": self.signature,
        });
        json!({ "secret": self.secret, "headers": headers, "body": self.body }).to_string()
    }
}

/// The text with the lowest bit of one of its letters turned.
fn turned(text: &str, place: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[place] ^= 1;
    String::from_utf8(bytes).unwrap()
}

fn cases(got: &Got) -> Vec<Case> {
    let mut cases = Vec::new();
    for secret in SECRETS {
        let good = Case::of(got, secret);
        for place in [0, got.body.len() / 2, got.body.len() - 2] {
            cases.push(good.with(format!("body, {place}"), |case| case.body = turned(&case.body, place)));
        }
        cases.push(good.with("id".to_owned(), |case| case.id = turned(&case.id, 3)));
        cases.push(good.with("timestamp".to_owned(), |case| {
            let last = case.timestamp.len() - 1;
            case.timestamp = turned(&case.timestamp, last);
        }));
        cases.push(good.with("signatures".to_owned(), |case| {
            let each = case.signature.split(' ').map(|one| turned(one, 10));
            case.signature = each.collect::<Vec<_>>().join(" ");
        }));
        cases.push(good);
    }
    let strange = Case::of(got, "whsec_c29tZWJvZHktZWxzZXMtc2VjcmV0LWhlcmU=");
    cases.push(strange.with("somebody else's secret".to_owned(), |_| ()));
    cases
}

fn in_rust(case: &Case) -> bool {
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("webhook-id", case.id.parse().unwrap());
    headers.insert("webhook-timestamp", case.timestamp.parse().unwrap());
    headers.insert("webhook-signature", case.signature.parse().unwrap());
    Webhook::new(&case.secret).unwrap().verify(case.body.as_bytes(), &headers).is_ok()
}

/// What a program of `tests/judges` says of each.
fn judged(program: &Path, script: &str, cases: &[Case]) -> Vec<bool> {
    let mut judge = Command::new(program)
        .arg(judges().join(script))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{} does not run ({error}): tests/run installs it", program.display()));
    let lines: String = cases.iter().map(|case| case.line() + "\n").collect();
    judge.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = judge.wait_with_output().unwrap();
    assert!(output.status.success(), "{script} failed");
    let said = String::from_utf8(output.stdout).unwrap();
    said.lines().map(|line| line.parse().unwrap()).collect()
}

fn judges() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges")
}

#[tokio::test]
async fn public_libraries_verify_signatures() {
    let receiver = Receiver::listen();
    let app = receiver.with_app().await;
    let session = json!({ "user": { "id": "Jäne 七 👩" } });
    app.arrived_with(session).await.link("shippo", &[("data.token", "shippo_live_1")]).await;
    app.until("both events", async || receiver.got().len() == 2).await;
    let cases: Vec<Case> = receiver.got().iter().flat_map(cases).collect();
    let expected: Vec<(&str, bool)> = cases.iter().map(|case| (case.what.as_str(), case.genuine)).collect();
    let verdicts = [
        ("Rust", cases.iter().map(in_rust).collect()),
        ("JavaScript", judged(Path::new("node"), "webhooks.mjs", &cases)),
        ("Python", judged(&judges().join("venv/bin/python"), "webhooks.py", &cases)),
    ];
    for (language, verdicts) in verdicts {
        let said: Vec<(&str, bool)> = cases.iter().map(|case| case.what.as_str()).zip(verdicts).collect();
        assert_eq!(said, expected, "{language}");
    }
    assert_eq!(cases.iter().filter(|case| case.genuine).count(), 4);
}
