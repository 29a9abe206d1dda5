//! A person in front of Chromium: reads headings, presses what has that text, fills in what has that label.

use std::time::Duration;

use fantoccini::{Client, Locator, elements::Element, key::Key, wd::WebDriverCompatibleCommand};
use reqwest::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::driver::Driver;

/// How long a page may take. Everything is on this machine, but it may be busy.
const PATIENCE: Duration = Duration::from_secs(20);

/// One browser with a profile of its own.
pub(crate) struct Browser {
    client: Client,
    /// How often something was pressed.
    pub presses: u32,
    // Dropped in this order: Chromium ends before its profile goes.
    _driver: Driver,
    _profile: tempfile::TempDir,
}

/// A command that only Chromium's driver knows.
#[derive(Debug)]
struct Chromium {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Chromium {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/{}", session_id.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

impl Browser {
    /// As most people have it.
    pub(crate) async fn open() -> Self {
        Self::start(true).await
    }

    /// With scripts switched off.
    pub(crate) async fn without_scripts() -> Self {
        Self::start(false).await
    }

    async fn start(javascript: bool) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let driver = Driver::start();
        let client = driver.open(profile.path().to_str().unwrap(), javascript).await;
        Self { client, presses: 0, _driver: driver, _profile: profile }
    }

    /// Types an address.
    pub(crate) async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// The address that is shown.
    pub(crate) async fn url(&self) -> Url {
        self.client.current_url().await.unwrap()
    }

    /// Waits for the page with that heading.
    pub(crate) async fn arrives(&self, heading: &str) {
        self.sees(&format!("//h1[normalize-space()=\"{heading}\"]"), heading).await;
    }

    /// Waits for a text anywhere on the page.
    pub(crate) async fn reads(&self, text: &str) {
        let inner = format!("contains(normalize-space(),\"{text}\")");
        self.sees(&format!("//body//*[{inner}][not(*[{inner}])]"), text).await;
    }

    /// Presses the button or the link with that text.
    pub(crate) async fn press(&mut self, label: &str) {
        let named = format!("[normalize-space()=\"{label}\" or @aria-label=\"{label}\"]");
        let found = self.sees(&format!("//*[self::a or self::button or self::summary]{named}"), label).await;
        found.click().await.unwrap_or_else(|error| panic!("{label}: {error}"));
        self.presses += 1;
    }

    /// Presses an app in a list.
    pub(crate) async fn press_app(&mut self, name: &str) {
        let row = format!("//*[self::a or self::button][.//b[normalize-space()=\"{name}\"]]");
        self.sees(&row, name).await.click().await.unwrap();
        self.presses += 1;
    }

    /// Goes on to the app's own page, which has a Cancel too.
    pub(crate) async fn continue_to(&mut self, app: &str) {
        self.press(&format!("Continue to {app}")).await;
        self.arrives(&format!("Alloy wants to use your {app}")).await;
    }

    /// Fills in the field with that label.
    pub(crate) async fn fill(&self, label: &str, value: &str) {
        let field = format!("//*[@id=//label[starts-with(normalize-space(),\"{label}\")]/@for]");
        let field = self.sees(&field, label).await;
        field.clear().await.unwrap();
        field.send_keys(value).await.unwrap();
    }

    /// Presses a key on what has the focus.
    pub(crate) async fn key(&self, key: Key) {
        self.types(&String::from(char::from(key))).await;
    }

    /// Types into what has the focus.
    pub(crate) async fn types(&self, text: &str) {
        self.client.active_element().await.unwrap().send_keys(text).await.unwrap();
    }

    /// What has the focus: its label, or the first line of its text.
    pub(crate) async fn focused(&self) -> String {
        let name = "const one = document.activeElement;
            return (one.labels?.[0]?.textContent || one.innerText).trim().split('\\n')[0]";
        self.run(name).await.as_str().unwrap_or_default().to_owned()
    }

    /// The texts of all elements that fit.
    pub(crate) async fn texts(&self, selector: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.client.find_all(Locator::Css(selector)).await.unwrap() {
            texts.push(element.text().await.unwrap());
        }
        texts
    }

    /// Runs a script in the page. It is the test's own, and runs where the page's scripts are switched off too.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap_or_else(|error| panic!("{error}: {script}"))
    }

    /// How far the page moved under the eyes while it loaded (cumulative layout shift), once its first pictures are there.
    pub(crate) async fn layout_shift(&self) -> f64 {
        let sum = "return await new Promise((done) => {
            let sum = 0;
            new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
                .observe({ type: 'layout-shift', buffered: true });
            const pictures = [...document.images].filter((image) => image.loading !== 'lazy');
            Promise.all(pictures.map((image) => image.decode())).then(() =>
                requestAnimationFrame(() => requestAnimationFrame(() => done(sum))));
        })";
        self.run(sum).await.as_f64().unwrap()
    }

    /// Says something over the DevTools protocol.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.client.issue_cmd(Chromium { path: "goog/cdp/execute", body }).await.unwrap()
    }

    /// A window of that size in CSS pixels, with that size of plain text.
    pub(crate) async fn is_a_phone(&self, width: u32, height: u32, text: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        self.devtools("Page.setFontSizes", json!({ "fontSizes": { "standard": text, "fixed": text } })).await;
    }

    /// Back to a window on a desk.
    pub(crate) async fn is_a_desk(&self) {
        self.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await;
        self.devtools("Page.setFontSizes", json!({ "fontSizes": { "standard": 16, "fixed": 13 } })).await;
    }

    /// What the person has told the system that they prefer. Motion is not among it: while a colour is on its way to
    /// another, nobody can judge it.
    pub(crate) async fn prefers(&self, feature: &str, value: &str) {
        let features = json!([
            { "name": feature, "value": value },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Back to a system as it is installed.
    pub(crate) async fn prefers_nothing(&self) {
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": [] })).await;
    }

    /// The entries of a log of Chromium's since it was last asked for.
    async fn log(&self, kind: &str) -> Vec<Value> {
        let entries = self.client.issue_cmd(Chromium { path: "se/log", body: json!({ "type": kind }) }).await.unwrap();
        entries.as_array().unwrap().clone()
    }

    /// The requests since it was last asked: the address of the page, the kind, and the address that was asked for.
    pub(crate) async fn requests(&self) -> Vec<(String, String, String)> {
        let mut requests = Vec::new();
        for entry in self.log("performance").await {
            let message: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
            let event = &message["message"];
            if event["method"] == "Network.requestWillBeSent" {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let event = &event["params"];
                requests.push((text(&event["documentURL"]), text(&event["type"]), text(&event["request"]["url"])));
            }
        }
        requests
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
        let mut requests = Vec::new();
        for entry in self.log("performance").await {
            let message: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
            let event = &message["message"];
            if event["method"] == "Network.requestWillBeSent" {
                let request = &event["params"]["request"];
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                requests.push((text(&request["url"]), text(&request["headers"]["Referer"])));
            }
        }
        requests
    }

    /// What Chromium complained of since it was last asked.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let entries = self.log("browser").await;
        entries.iter().map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Waits for a page with that title.
    pub(crate) async fn is_titled(&self, title: &str) {
        let path = format!("//title[normalize-space()=\"{title}\"]");
        self.sees(&path, title).await;
    }

    /// Nothing that Chromium had to complain of, such as our own policy in our way, and no page that asked another
    /// origin for anything. Pages that are there to tell of a failure may have its status.
    pub(crate) async fn has_nothing_to_complain_of(&self) {
        let complaints: Vec<Value> = self.log("browser").await;
        let complaints: Vec<&str> = complaints
            .iter()
            .filter(|entry| entry["level"] != "DEBUG" && entry["source"] != "network")
            .map(|entry| entry["message"].as_str().unwrap_or_default())
            .collect();
        assert!(complaints.is_empty(), "{complaints:#?}");
        for (page, kind, asked) in self.requests().await {
            let (page, asked) = (Url::parse(&page).unwrap(), Url::parse(&asked).unwrap());
            // Chromium's own first page is not ours, and a `data:` address asks nobody.
            let own = page.scheme() == "chrome" || page.origin() == asked.origin() || asked.scheme() == "data";
            assert!(kind == "Document" || own, "{page} asked {asked}");
        }
    }

    async fn sees(&self, path: &str, what: &str) -> Element {
        let wait = self.client.wait().at_most(PATIENCE).every(Duration::from_millis(40));
        match wait.for_element(Locator::XPath(path)).await {
            Ok(element) => element,
            Err(error) => {
                let page = self.texts("body").await.join(" ");
                panic!("{what}: {error}\n{}\n{page}", self.url().await)
            }
        }
    }
}
