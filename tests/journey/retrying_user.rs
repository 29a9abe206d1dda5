//! Users who reload or submit again while the server stops and starts.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use gangway::sandbox::Control;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::{HOST_KEY, HOST_ORIGIN},
    browser::{Browser, Page},
};

/// What people connect, and whether a form is filled in for it.
const APPS: [(&str, &[(&str, &str)]); 4] = [
    ("slack", &[]),
    ("hubspot", &[]),
    ("trello", &[("data.apiKey", "a-key"), ("data.token", "a-token")]),
    ("notion", &[]),
];

/// The longest that anybody is kept waiting.
const PATIENCE: Duration = Duration::from_secs(90);

/// A way that came to its end: the page said that it is connected.
#[derive(Debug, Clone)]
pub(crate) struct Arrived {
    pub user: String,
    pub attempt: String,
}

/// Many people at once.
pub(crate) struct Crowd {
    url: String,
    sandbox: Control,
    goes_on: AtomicBool,
    begun: AtomicUsize,
    unanswered: AtomicUsize,
    arrived: Mutex<Vec<Arrived>>,
}

impl Crowd {
    /// Of a server that is reached there.
    pub(crate) fn new(url: &str, sandbox: &Control) -> Arc<Self> {
        Arc::new(Self {
            url: url.to_owned(),
            sandbox: sandbox.clone(),
            goes_on: AtomicBool::new(true),
            begun: AtomicUsize::default(),
            unanswered: AtomicUsize::default(),
            arrived: Mutex::default(),
        })
    }

    /// So many go, one journey after the other, until they are told to stop. Every journey must come to its good end.
    pub(crate) async fn go(self: Arc<Self>, people: usize) {
        let walk = |lane: usize| {
            let crowd = Arc::clone(&self);
            tokio::spawn(async move {
                for round in 0.. {
                    if !crowd.goes_on.load(Ordering::SeqCst) {
                        break;
                    }
                    let (app, answers) = APPS[(lane + round) % APPS.len()];
                    let user = format!("user-{lane}-{}", round / APPS.len());
                    crowd.begun.fetch_add(1, Ordering::SeqCst);
                    let attempt = crowd.journey(&user, app, answers).await;
                    crowd.arrived.lock().unwrap().push(Arrived { user, attempt });
                }
            })
        };
        for walking in (0..people).map(walk).collect::<Vec<_>>() {
            walking.await.unwrap();
        }
    }

    /// Nobody sets out any more.
    pub(crate) fn stop(&self) {
        self.goes_on.store(false, Ordering::SeqCst);
    }

    /// Who has arrived until now.
    pub(crate) fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }

    /// How many requests got no answer.
    pub(crate) fn unanswered(&self) -> usize {
        self.unanswered.load(Ordering::SeqCst)
    }

    /// From the host's button to the page that says that it is connected: gives the attempt's id.
    async fn journey(&self, user: &str, app: &str, answers: &[(&str, &str)]) -> String {
        let mut browser = self.arrive(user).await;
        for _ in 0..5 {
            if let Some(attempt) = self.connect(&mut browser, app, answers).await {
                return attempt;
            }
        }
        panic!("{user} never got {app}");
    }

    /// From the app's page to the good end. `None`: it has not worked out, and there is a button to try again. So ends a key
    /// of which nobody knows whether it was sent: it is looked for, and never sent twice.
    async fn connect(&self, browser: &mut Browser, app: &str, answers: &[(&str, &str)]) -> Option<String> {
        let link = format!("/connectors/{app}/link");
        let page = loop {
            let page = self.patiently(browser, &format!("/connectors/{app}?another=1"), "same-origin").await;
            assert_eq!(page.status, 200, "{}", page.text());
            let mut fields = page.form(&link);
            fields.retain(|(field, _)| answers.iter().all(|(name, _)| name != field));
            let own = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let fields: Vec<(&str, &str)> = own.chain(answers.iter().copied()).collect();
            let origin = self.url.clone();
            let from = [("origin", origin.as_str()), ("sec-fetch-site", "same-origin")];
            if let Some(page) = self.asked(browser.try_send(Method::POST, &link, &from, Some(&fields)).await).await {
                break page;
            }
        };
        assert_eq!(page.status, 303, "{}", page.text());
        let onwards = if answers.is_empty() {
            let back = self.sandbox.approve(page.location()).unwrap().unwrap();
            let returned = self.patiently(browser, &back, "cross-site").await;
            assert_eq!(returned.status, 303, "{}", returned.text());
            returned.location().to_owned()
        } else {
            page.location().to_owned()
        };
        let give_up = Instant::now() + PATIENCE;
        loop {
            let page = self.patiently(browser, &onwards, "same-origin").await;
            let heading = page.heading();
            if heading.ends_with("is connected") || heading.ends_with("key saved") {
                return Some(onwards.trim_start_matches("/attempts/").to_owned());
            }
            // "Checking" has a button to look again.
            if !(heading.starts_with("Checking") || heading.ends_with("has not confirmed yet")) {
                return None;
            }
            assert!(Instant::now() < give_up, "{app}: {}", page.text());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Presses the host's button until a browser has its session.
    async fn arrive(&self, user: &str) -> Browser {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        loop {
            let mut browser = Browser::new(&self.url);
            let wanted = json!({ "user": { "id": user, "name": "Jane Doe" } });
            let made = http.post(format!("{}/api/v1/connect-sessions", self.url)).bearer_auth(HOST_KEY).json(&wanted);
            let made = async { made.send().await?.error_for_status()?.json::<Value>().await }.await;
            let Some(session) = self.asked(made).await else { continue };
            let fields = [("code", session["start_code"].as_str().unwrap())];
            let from = [("origin", HOST_ORIGIN), ("sec-fetch-site", "cross-site")];
            let page = browser.try_send(Method::POST, "/start", &from, Some(&fields)).await;
            let Some(page) = self.asked(page).await else { continue };
            assert_eq!(page.status, 303, "{}", page.text());
            return browser;
        }
    }

    /// Opens an address, and again until there is an answer.
    async fn patiently(&self, browser: &mut Browser, path: &str, site: &str) -> Page {
        let from = [("sec-fetch-site", site), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        loop {
            let page = browser.try_send(Method::GET, path, &from, None).await;
            if let Some(page) = self.asked(page).await {
                return page;
            }
        }
    }

    /// What came, if anything did; else a moment passes, as it does for people.
    async fn asked<T>(&self, answer: reqwest::Result<T>) -> Option<T> {
        match answer {
            Ok(answer) => Some(answer),
            Err(error) if error.is_status() => panic!("{error}"),
            Err(_) => {
                self.unanswered.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(50)).await;
                None
            }
        }
    }
}
