//! What a browser asked for, and what it complained of.

use serde_json::Value;
use url::Url;

use crate::{browser::Browser, engine::Engine};

impl Browser {
    /// What happened of that kind since it was last asked for anything.
    async fn events(&self, method: &str) -> Vec<Value> {
        let entries = self.log("performance").await.into_iter();
        let messages = entries.map(|entry| serde_json::from_str::<Value>(entry["message"].as_str().unwrap()).unwrap());
        let fitting = messages.filter(|message| message["message"]["method"] == method);
        fitting.map(|message| message["message"]["params"].clone()).collect()
    }

    /// The requests since it was last asked: the address of the page, the kind, and the address that was asked for.
    pub(crate) async fn requests(&self) -> Vec<(String, String, String)> {
        let events = self.events("Network.requestWillBeSent").await.into_iter();
        events
            .map(|event| (text(&event["documentURL"]), text(&event["type"]), text(&event["request"]["url"])))
            .collect()
    }

    /// The addresses of the pages that came since it was last asked. On the way to a page, redirections are none.
    pub(crate) async fn documents(&self) -> Vec<String> {
        let answers = self.events("Network.responseReceived").await.into_iter();
        let pages = answers.filter(|event| event["type"] == "Document");
        pages.map(|event| text(&event["response"]["url"])).collect()
    }

    /// The link on which the browser went to sign in to that app, as somebody would pass it on.
    pub(crate) async fn authorization_url(&self, connector: &str) -> String {
        let requests = self.requests().await;
        let path = format!("/api/strategy/connector/{connector}/authorize");
        let link = requests.iter().find(|(_, _, url)| url.contains(&path));
        link.unwrap_or_else(|| panic!("{requests:?}")).2.clone()
    }

    /// The addresses that were asked for since it was last asked, each with the page that it was told to come from.
    pub(crate) async fn referers(&self) -> Vec<(String, String)> {
        let events = self.events("Network.requestWillBeSent").await.into_iter();
        events.map(|event| (text(&event["request"]["url"]), text(&event["request"]["headers"]["Referer"]))).collect()
    }

    /// What Chromium complained of since it was last asked.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let entries = self.log("browser").await;
        entries.iter().map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Nothing that Chromium had to complain of, such as our own policy in our way, and no page that asked another
    /// origin for anything.
    pub(crate) async fn has_nothing_to_complain_of(&self) {
        self.complained_of_nothing().await;
        if self.engine() != Engine::Chromium {
            return;
        }
        for (page, kind, asked) in self.requests().await {
            let (page, asked) = (Url::parse(&page).unwrap(), Url::parse(&asked).unwrap());
            // Chromium's own first page is not ours, and a `data:` address makes no request.
            let own = page.scheme() == "chrome" || page.origin() == asked.origin() || asked.scheme() == "data";
            // The host's page with the apps shows Gangway's pictures, and loads its script.
            let host =
                page.path() == "/connections" && ["/icons/", "/embed/"].iter().any(|at| asked.path().starts_with(at));
            assert!(kind == "Document" || own || host, "{page} asked {asked}");
        }
    }

    /// Nothing that Chromium had to complain of. Pages that are there to tell of a failure may have its status.
    pub(crate) async fn complained_of_nothing(&self) {
        if self.engine() != Engine::Chromium {
            // Other drivers have no log.
            return;
        }
        let complaints: Vec<Value> = self.log("browser").await;
        let complaints: Vec<&str> = complaints
            .iter()
            .filter(|entry| entry["level"] != "DEBUG" && entry["source"] != "network")
            .map(|entry| entry["message"].as_str().unwrap_or_default())
            // The page of a closed window closes its window, and a tab that the user opened stays.
            .filter(|message| !message.contains("Scripts may close only the windows that were opened by them"))
            .collect();
        assert!(complaints.is_empty(), "{complaints:#?}");
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
