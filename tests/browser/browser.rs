//! A person in front of a browser: reads headings, presses what has that text, fills in what has that label.

// With their paths, because the budgets include this file from elsewhere.
#[path = "browser/chromium.rs"]
mod chromium;
#[path = "browser/fields.rs"]
mod fields;
#[path = "browser/mouse.rs"]
mod mouse;
#[path = "browser/presses.rs"]
mod presses;
#[path = "browser/windows.rs"]
mod windows;

use std::time::{Duration, Instant};

use fantoccini::{Client, Locator, elements::Element, key::Key};
use serde_json::{Value, json};
use url::Url;

use crate::{driver::Driver, engine::Engine};

/// How long a page may take. Everything is on this machine, but it may be busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// One browser with a profile of its own.
pub(crate) struct Browser {
    client: Client,
    engine: Engine,
    /// How often something was pressed.
    pub presses: u32,
    // Dropped in this order: the browser ends before its profile goes.
    _driver: Driver,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// As most people have it.
    pub(crate) async fn open() -> Self {
        Self::with(Engine::Chromium).await
    }

    /// One of that engine.
    pub(crate) async fn with(engine: Engine) -> Self {
        Self::start(engine, &[], json!({})).await
    }

    /// With scripts switched off.
    pub(crate) async fn without_scripts() -> Self {
        Self::without_scripts_in(Engine::Chromium).await
    }

    /// One of that engine with scripts switched off.
    pub(crate) async fn without_scripts_in(engine: Engine) -> Self {
        let (arguments, preferences) = engine.scripts_off();
        Self::start(engine, arguments, preferences).await
    }

    /// With cookies switched off.
    pub(crate) async fn without_cookies() -> Self {
        Self::start(Engine::Chromium, &[], json!({ "profile.default_content_setting_values.cookies": 2 })).await
    }

    /// As it shows a web app that is installed: without an address bar.
    pub(crate) async fn of_an_installed_app() -> Self {
        Self::start(Engine::Chromium, &["--app=data:text/html,"], json!({})).await
    }

    /// With third-party cookies allowed or blocked, independent of the browser's default.
    pub(crate) async fn with_third_party_cookies(allowed: bool) -> Self {
        let mode = u8::from(!allowed);
        let preferences =
            json!({ "profile.cookie_controls_mode": mode, "profile.block_third_party_cookies": !allowed });
        Self::start(Engine::Chromium, &[], preferences).await
    }

    async fn start(engine: Engine, arguments: &[&str], preferences: Value) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let driver = Driver::start(engine, profile.path());
        let client = driver.open(profile.path().to_str().unwrap(), arguments, &preferences).await;
        Self { client, engine, presses: 0, _driver: driver, _profile: profile }
    }

    /// Its engine.
    pub(crate) fn engine(&self) -> Engine {
        self.engine
    }

    /// Its version, as its driver names it.
    pub(crate) fn version(&self) -> String {
        let capabilities = self.client.capabilities().unwrap();
        capabilities["browserVersion"].as_str().unwrap().to_owned()
    }

    /// Types an address.
    pub(crate) async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Presses the browser's own button for the page before.
    pub(crate) async fn back(&self) {
        self.client.back().await.unwrap();
    }

    /// The value of a cookie that is sent to the page that is shown.
    pub(crate) async fn cookie(&self, name: &str) -> String {
        self.client.get_named_cookie(name).await.unwrap().value().to_owned()
    }

    /// Deletes the cookies that are sent to the page that is shown.
    pub(crate) async fn forgets_cookies(&self) {
        self.client.delete_all_cookies().await.unwrap();
    }

    /// The address that is shown.
    pub(crate) async fn url(&self) -> Url {
        self.client.current_url().await.unwrap()
    }

    /// Waits for the page with that heading.
    pub(crate) async fn arrives(&self, heading: &str) {
        self.sees(&format!("//h1[normalize-space()=\"{heading}\"]"), heading).await;
    }

    /// Waits for a text anywhere on the page that is not hidden.
    pub(crate) async fn reads(&self, text: &str) {
        let inner = format!("contains(normalize-space(),\"{text}\")");
        let shown = "[not(ancestor-or-self::*[@hidden])][not(self::noscript)]";
        self.sees(&format!("//body//*[{inner}][not(*[{inner}])]{shown}"), text).await;
    }

    /// Waits for what a script puts on the page.
    pub(crate) async fn has_ready(&self, selector: &str) {
        let wait = self.client.wait().at_most(PATIENCE).every(Duration::from_millis(40));
        if let Err(error) = wait.for_element(Locator::Css(selector)).await {
            panic!("{selector}: {error}\n{}\n{}", self.url().await, self.texts("body").await.join(" "));
        }
    }

    /// Presses the button or the link with that text.
    pub(crate) async fn press(&mut self, label: &str) {
        let named = format!("[normalize-space()=\"{label}\" or @aria-label=\"{label}\"]");
        self.presses_what_is_at(&format!("//*[self::a or self::button or self::summary]{named}"), label).await;
    }

    /// Presses an app in a list.
    pub(crate) async fn press_app(&mut self, name: &str) {
        let row = format!("//*[self::a or self::button][.//b[normalize-space()=\"{name}\"]]");
        self.presses_what_is_at(&row, name).await;
    }

    /// Presses the button that the page puts first; gives its text.
    pub(crate) async fn press_primary(&mut self) -> String {
        let first = "//main//*[contains(concat(' ',@class,' '),' primary ')]";
        let found = self.takes_presses(first, "a button that comes first").await;
        let label = found.text().await.unwrap().replace('\n', " ");
        self.presses_what_is_at(first, &label).await;
        label
    }

    /// Goes on to the app's own page, which has a Cancel too.
    pub(crate) async fn continue_to(&mut self, app: &str) {
        self.press(&format!("Continue to {app}")).await;
        self.arrives(&format!("Alloy wants to use your {app}")).await;
    }

    /// From the page of an app, with nothing to fill in, to the end that everybody wants.
    pub(crate) async fn connects(&mut self, app: &str) {
        self.arrives(&format!("Connect {app} to Acme Notes")).await;
        self.continue_to(app).await;
        self.press("Allow").await;
        self.arrives(&format!("{app} is connected")).await;
    }

    /// Fills in the field with that label.
    pub(crate) async fn fill(&self, label: &str, value: &str) {
        let field = format!("//*[@id=//label[starts-with(normalize-space(),\"{label}\")]/@for]");
        let field = self.sees(&field, label).await;
        field.clear().await.unwrap();
        field.send_keys(value).await.unwrap();
    }

    /// Chooses in the list with that label.
    pub(crate) async fn choose(&self, label: &str, choice: &str) {
        let field = format!("//select[@id=//label[starts-with(normalize-space(),\"{label}\")]/@for]");
        self.sees(&field, label).await.select_by_label(choice).await.unwrap();
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

    /// Waits for a page at that path.
    pub(crate) async fn is_at(&self, path: &str) {
        let began = Instant::now();
        while self.url().await.path() != path {
            assert!(began.elapsed() < PATIENCE, "{path}: still at {}", self.url().await);
        }
    }

    /// Waits for a page with that title.
    pub(crate) async fn is_titled(&self, title: &str) {
        let path = format!("//title[normalize-space()=\"{title}\"]");
        self.sees(&path, title).await;
    }

    async fn sees(&self, path: &str, what: &str) -> Element {
        let began = Instant::now();
        loop {
            let wait = self.client.wait().at_most(PATIENCE).every(Duration::from_millis(40));
            match wait.for_element(Locator::XPath(path)).await {
                Ok(element) => return element,
                // Chromium's driver says so of a page that is replaced just then.
                Err(error) if began.elapsed() < PATIENCE && error.to_string().contains("execution context") => {}
                Err(error) => {
                    let page = self.texts("body").await.join(" ");
                    panic!("{what}: {error}\n{}\n{page}", self.url().await)
                }
            }
        }
    }
}
