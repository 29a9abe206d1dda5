//! The examples of docs/assistants.md beside a Gangway that knows them as its host, and the official clients that play an
//! assistant.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use gangway::sandbox;
use serde_json::{Value, json};

use crate::{
    browser::Browser,
    program::Program,
    typescript::compiled,
    world::{HOST_KEY, World},
};

/// An example, how an assistant reaches it, and which revision of the protocol they speak.
#[derive(Debug, Clone, Copy)]
pub(super) struct Example {
    pub file: &'static str,
    pub over_http: bool,
    /// How the client of Python negotiates: `legacy` up to 2025-11-25, `auto` 2026-07-28.
    pub mode: &'static str,
}

pub(super) const TOKENS: [(&str, &str); 2] = [("jane", "token-of-jane"), ("sam", "token-of-sam")];

/// An example with its Gangway.
pub(super) struct Acme {
    pub world: World,
    pub url: String,
    example: Example,
    command: Vec<String>,
    environment: Value,
    _server: Option<Program>,
}

/// What plays an assistant.
pub(super) struct Assistant {
    program: Program,
    /// All that reached it, line by line.
    pub heard: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn judges() -> PathBuf {
    root().join("tests/judges")
}

impl Acme {
    pub(super) async fn open(example: Example) -> Self {
        Self::with(example, &[]).await
    }

    /// The example with more in its environment.
    pub(super) async fn with(example: Example, more: &[(&str, &str)]) -> Self {
        // Another program may have the port by then; the example ends, and another one is tried.
        for _ in 0..5 {
            if let Some(acme) = Self::on_a_free_port(example, more).await {
                return acme;
            }
        }
        panic!("{example:?} ends without a word");
    }

    /// `None` if the example ended without a word.
    async fn on_a_free_port(example: Example, more: &[(&str, &str)]) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let url = format!("http://localhost:{port}");
        let world = World::with("connect.localhost", "acme.localhost", |settings| {
            settings.host.origins.push(url.parse().unwrap());
            settings.host.return_urls.push(url.parse().unwrap());
        });
        let world = world.await;
        let python = judges().join("venv/bin/python").display().to_string();
        let mut command = if example.file.ends_with(".ts") {
            vec!["node".to_owned(), compiled(example.file, "nodenext").display().to_string()]
        } else {
            vec![python, root().join("docs/examples").join(example.file).display().to_string()]
        };
        let tokens = TOKENS.map(|(user, token)| format!("{token}={user}")).join(",");
        let mut environment = json!({
            "GANGWAY_URL": world.api, "GANGWAY_API_KEY": HOST_KEY, "ALLOY_URL": world.sandbox.base_url(),
            "ALLOY_API_KEY": sandbox::API_KEY, "PORT": port.to_string(), "ACME_TOKENS": tokens, "WAIT_SECONDS": "600",
            "PYTHONDONTWRITEBYTECODE": "1",
        });
        for (key, value) in more {
            environment[key] = json!(value);
        }
        let mut server = None;
        if example.over_http {
            command.push("--http".to_owned());
            let mut running = Command::new(&command[0]);
            running.args(&command[1..]);
            running.envs(environment.as_object().unwrap().iter().map(|(key, value)| (key, value.as_str().unwrap())));
            let mut running = Program::start(running);
            assert_eq!(running.line().await?, format!("Acme Notes: {url}/"));
            server = Some(running);
        }
        Some(Self { world, url, example, command, environment, _server: server })
    }

    /// An assistant of Jane, who answers in that way when she is asked to open a link; with `None` it cannot ask her, with
    /// `abandon` it cancels the call then. It posts these texts, one after the other.
    pub(super) fn assistant(&self, answer: Option<&str>, texts: &[&str]) -> Assistant {
        self.assistant_of(TOKENS[0].1, answer, texts)
    }

    pub(super) fn assistant_of(&self, token: &str, answer: Option<&str>, texts: &[&str]) -> Assistant {
        let calls: Vec<Value> = texts.iter().map(|text| json!({ "channel": "#general", "text": text })).collect();
        let mut how = json!({ "answer": answer, "calls": calls, "mode": self.example.mode });
        if self.example.over_http {
            how["url"] = json!(format!("{}/mcp", self.url));
            how["token"] = json!(token);
        } else {
            how["command"] = json!(self.command[0]);
            how["args"] = json!(self.command[1..]);
            how["env"] = self.environment.clone();
        }
        let mut judge = if self.example.file.ends_with(".ts") {
            let mut judge = Command::new("node");
            judge.arg(judges().join("assistant.mjs"));
            judge
        } else {
            let mut judge = Command::new(judges().join("venv/bin/python"));
            judge.arg(judges().join("assistant.py"));
            judge
        };
        judge.arg(how.to_string());
        Assistant { program: Program::start(judge), heard: Vec::new() }
    }

    /// Jane's user at Alloy, where she has connected nothing yet.
    pub(super) async fn jane_at_alloy(&self) -> String {
        let id = self.world.sandbox.add_user("jane", Some("Jane Doe"));
        self.world.session_with(json!({ "user": { "id": "jane", "alloy_user_id": id } })).await;
        id
    }

    /// The texts at the provider.
    pub(super) fn posted(&self) -> Vec<String> {
        self.world.sandbox.messages().into_iter().map(|message| message.text).collect()
    }

    /// A browser that opens the link, and signs in as that user.
    pub(super) async fn opened(&self, link: &str, name: &str) -> Browser {
        assert!(link.starts_with(&format!("{}/connect/slack?elicitation=", self.url)), "a page of the host: {link}");
        let mut browser = Browser::open().await;
        browser.goto(link).await;
        browser.press(&format!("Sign in as {name}")).await;
        browser
    }
}

impl Assistant {
    /// What reaches it next, which is to be of that kind.
    pub(super) async fn next(&mut self, kind: &str) -> Value {
        let line = self.program.line().await.unwrap_or_else(|| panic!("{kind}: it ended after {:?}", self.heard));
        self.heard.push(line.clone());
        let told: Value = serde_json::from_str(&line).unwrap();
        assert!(!told[kind].is_null(), "{kind}: {line}");
        told[kind].clone()
    }

    /// The user is asked to open a link.
    pub(super) async fn is_asked(&mut self) -> String {
        self.next("tools").await;
        let asked = self.next("asked").await;
        assert_eq!(asked["mode"], "url", "{asked}");
        asked["url"].as_str().unwrap().to_owned()
    }

    /// The call fails for want of a connection; gives the link. 2026-07-28 has no error code for that.
    pub(super) async fn is_not_served(&mut self) -> String {
        let line = self.program.line().await.unwrap();
        self.heard.push(line.clone());
        let told: Value = serde_json::from_str(&line).unwrap();
        let (words, error) = (&told["result"]["content"][0]["text"], &told["error"]);
        let words = words.as_str().or_else(|| error["message"].as_str()).unwrap_or_else(|| panic!("{line}"));
        let link = words.split_whitespace().find(|word| word.starts_with("http")).unwrap().to_owned();
        if error.is_object() {
            let asked = &error["data"]["elicitations"][0];
            assert_eq!((&error["code"], &asked["mode"], &asked["url"]), (&json!(-32042), &json!("url"), &json!(link)));
            assert!(link.ends_with(asked["elicitationId"].as_str().unwrap()), "{asked}");
        }
        link
    }

    /// The tool's answer. Up to 2025-11-25, the end of the elicitation may come before it.
    pub(super) async fn is_told(&mut self, words: &str) {
        let mut told = self.program.line().await.unwrap();
        self.heard.push(told.clone());
        if told.starts_with("{\"completed\"") {
            told = self.program.line().await.unwrap();
            self.heard.push(told.clone());
        }
        let result: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(result["result"]["content"][0]["text"], words, "{told}");
    }

    /// No key, token or address of Gangway's reached it, and none of these.
    pub(super) fn has_heard_none_of(&self, secrets: &[&str]) {
        let heard = self.heard.join("\n");
        let never = [HOST_KEY, sandbox::API_KEY, "token-of-jane", "/start", "gangway_completion", "strategy/connector"];
        for secret in never.iter().chain(secrets) {
            assert!(!secret.is_empty() && !heard.contains(secret), "{secret} reached the assistant: {heard}");
        }
    }

    /// Its end.
    pub(super) async fn ends(self) {
        let (status, lines) = self.program.ended().await;
        assert!(status.success() && lines.is_empty(), "{lines:?}");
    }
}
