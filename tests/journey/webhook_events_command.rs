//! `gangway events` prints what the host's server is told of, without a receiver.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use gangway::cli::{Events, Terminal, events};
use serde_json::Value;

use crate::app::TestApp;

/// A terminal's screen.
#[derive(Clone, Default)]
struct Screen(Arc<Mutex<Vec<u8>>>);

impl Write for Screen {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Screen {
    fn lines(&self) -> Vec<Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// What that command prints until `end`.
    async fn shows(&self, app: &TestApp, asked: &Events, end: impl Future<Output = ()>) -> anyhow::Result<()> {
        let (mut out, mut err) = (self.clone(), io::sink());
        events::run(asked, app.settings(), end, &mut Terminal::new(&mut out, &mut err)).await
    }
}

fn asked(follow: bool, user: Option<&str>) -> Events {
    Events { follow, user: user.map(|user| gangway::domain::session::ExternalId::parse(user).unwrap()), config: None }
}

async fn told_on(app: &TestApp) {
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    app.happens_to("sam").await;
    let screen = Screen::default();
    screen.shows(app, &asked(false, None), std::future::pending()).await.unwrap();
    let lines = screen.lines();
    let types: Vec<_> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!(types.len(), 3);
    assert!(types.contains(&"connection.linked"), "{types:?}");
    let listed = app.deliveries("").await;
    assert!(lines.iter().all(|line| listed.iter().any(|one| one["id"] == line["id"])));
    assert_eq!(lines[2]["data"]["user_id"], "sam");

    // Another window goes on as events come.
    let screen = Screen::default();
    let janes_second = async {
        let seen = async |count| screen.lines().len() == count;
        app.until("what there is", async || seen(2).await).await;
        app.happens_to("sam").await;
        app.happens_to("jane").await;
        app.until("the new one", async || seen(3).await).await;
    };
    screen.shows(app, &asked(true, Some("jane")), janes_second).await.unwrap();
    let sequences: Vec<_> = screen.lines().iter().map(|line| line["data"]["sequence"].as_i64().unwrap()).collect();
    assert_eq!(sequences, [1, 2, 3], "each once");
}

#[tokio::test]
async fn events_are_printed_and_followed_on_sqlite() {
    told_on(&TestApp::spawn().await).await;
}

#[tokio::test]
async fn events_are_printed_and_followed_on_postgresql() {
    told_on(&TestApp::spawn_on_postgres().await).await;
}

#[tokio::test]
async fn missing_database_is_refused_and_not_created() {
    let app = TestApp::spawn().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gangway.db");
    let mut settings = app.settings().clone();
    settings.store.url = format!("sqlite://{}", file.display()).into();
    let (mut out, mut err) = (Screen::default(), io::sink());
    let terminal = &mut Terminal::new(&mut out, &mut err);
    let refused = events::run(&asked(true, None), &settings, std::future::pending(), terminal).await.unwrap_err();
    assert!(refused.to_string().starts_with("there is no database "), "{refused}");
    assert!(!file.exists());
}
