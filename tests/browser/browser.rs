//! A person in front of a browser: reads headings, presses what has that text, fills in what has that label.

use std::time::{Duration, Instant};

use fantoccini::{
    Client, Locator,
    actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction},
    elements::Element,
    error::CmdError,
    key::Key,
    wd::{WebDriverCompatibleCommand, WindowHandle},
};
use reqwest::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::{driver::Driver, engine::Engine};

/// How long a page may take. Everything is on this machine, but it may be busy.
const PATIENCE: Duration = Duration::from_secs(20);

const DOWN: PointerAction = PointerAction::Down { button: MOUSE_BUTTON_LEFT };

/// One browser with a profile of its own.
pub(crate) struct Browser {
    client: Client,
    /// How often something was pressed.
    pub presses: u32,
    // Dropped in this order: the browser ends before its profile goes.
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
        Self::with(Engine::Chromium).await
    }

    /// One of that engine.
    pub(crate) async fn with(engine: Engine) -> Self {
        Self::start(engine, &[], json!({})).await
    }

    /// With scripts switched off.
    pub(crate) async fn without_scripts() -> Self {
        Self::start(Engine::Chromium, &["--blink-settings=scriptEnabled=false"], json!({})).await
    }

    /// With cookies switched off.
    pub(crate) async fn without_cookies() -> Self {
        Self::start(Engine::Chromium, &[], json!({ "profile.default_content_setting_values.cookies": 2 })).await
    }

    async fn start(engine: Engine, arguments: &[&str], preferences: Value) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let driver = Driver::start(engine, profile.path());
        let client = driver.open(profile.path().to_str().unwrap(), arguments, &preferences).await;
        Self { client, presses: 0, _driver: driver, _profile: profile }
    }

    /// Types an address.
    pub(crate) async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Presses the browser's own button for the page before.
    pub(crate) async fn back(&self) {
        self.client.back().await.unwrap();
    }

    /// Opens one more tab, and goes on there.
    pub(crate) async fn opens_a_tab(&self) {
        let tab = self.client.new_window(true).await.unwrap();
        self.client.switch_to_window(tab.handle).await.unwrap();
    }

    /// Goes back to the first tab.
    pub(crate) async fn goes_to_the_first_tab(&self) {
        let tab = self.client.windows().await.unwrap().remove(0);
        self.client.switch_to_window(tab).await.unwrap();
    }

    /// Goes on in that window.
    pub(crate) async fn goes_to(&self, window: &WindowHandle) {
        self.client.switch_to_window(window.clone()).await.unwrap();
    }

    /// Waits for a window beside the one that is open, and goes on there; gives the one that was left.
    pub(crate) async fn goes_to_the_popup(&self) -> WindowHandle {
        let opener = self.client.window().await.unwrap();
        let began = Instant::now();
        loop {
            let windows = self.client.windows().await.unwrap();
            if let Some(popup) = windows.iter().find(|window| **window != opener) {
                self.goes_to(popup).await;
                return opener;
            }
            assert!(began.elapsed() < PATIENCE, "no pop-up opens");
        }
    }

    /// The value of a cookie that is sent to the page that is shown.
    pub(crate) async fn cookie(&self, name: &str) -> String {
        self.client.get_named_cookie(name).await.unwrap().value().to_owned()
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

    /// Presses the button or the link with that text.
    pub(crate) async fn press(&mut self, label: &str) {
        let named = format!("[normalize-space()=\"{label}\" or @aria-label=\"{label}\"]");
        let found = self.takes_presses(&format!("//*[self::a or self::button or self::summary]{named}"), label).await;
        found.click().await.unwrap_or_else(|error| panic!("{label}: {error}"));
        self.presses += 1;
    }

    /// Presses an app in a list.
    pub(crate) async fn press_app(&mut self, name: &str) {
        let row = format!("//*[self::a or self::button][.//b[normalize-space()=\"{name}\"]]");
        self.takes_presses(&row, name).await.click().await.unwrap();
        self.presses += 1;
    }

    /// Presses the button that the page puts first; gives its text.
    pub(crate) async fn press_primary(&mut self) -> String {
        let first = "//main//*[contains(concat(' ',@class,' '),' primary ')]";
        let found = self.takes_presses(first, "a button that comes first").await;
        let label = found.text().await.unwrap().replace('\n', " ");
        found.click().await.unwrap_or_else(|error| panic!("{label}: {error}"));
        self.presses += 1;
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

    /// The entries of a log of Chromium's since it was last asked for.
    pub(crate) async fn log(&self, kind: &str) -> Vec<Value> {
        let entries = self.client.issue_cmd(Chromium { path: "se/log", body: json!({ "type": kind }) }).await.unwrap();
        entries.as_array().unwrap().clone()
    }

    /// Waits for a page with that title.
    pub(crate) async fn is_titled(&self, title: &str) {
        let path = format!("//title[normalize-space()=\"{title}\"]");
        self.sees(&path, title).await;
    }

    /// Moves the mouse there, and presses and releases its button at once, whether or not anything takes the press.
    pub(crate) async fn clicks(&self, place: (f64, f64)) {
        self.mouse(place, &[DOWN, PointerAction::Up { button: MOUSE_BUTTON_LEFT }]).await.unwrap();
    }

    /// Moves the mouse there and presses its button. The window may close under it.
    pub(crate) async fn presses_down(&self, place: (f64, f64)) {
        self.mouse(place, &[DOWN]).await.ok();
    }

    async fn mouse(&self, (x, y): (f64, f64), steps: &[PointerAction]) -> Result<(), CmdError> {
        let there = PointerAction::MoveTo { duration: Some(Duration::ZERO), x, y };
        let start = MouseActions::new("mouse".to_owned()).then(there);
        let actions = steps.iter().fold(start, |actions, step| actions.then(step.clone()));
        self.client.perform_actions(actions).await
    }

    /// Ends early that the page takes no press just after it is shown; `double_click` waits for it.
    pub(crate) async fn ends_the_guard(&self) {
        let end = "for (const part of document.querySelectorAll('main, .closing')) {
                part.style.pointerEvents = '';
                for (const one of part.getAnimations()) one.finish();
            }";
        self.run(end).await;
    }

    /// Waits for what has that path, and until it takes a press.
    async fn takes_presses(&self, path: &str, what: &str) -> Element {
        let began = Instant::now();
        loop {
            let found = self.sees(path, what).await;
            self.ends_the_guard().await;
            // Another page may have come meanwhile.
            let element = serde_json::to_value(&found).unwrap();
            let ready = "return getComputedStyle(arguments[0]).pointerEvents !== 'none'";
            if self.client.execute(ready, vec![element]).await.is_ok_and(|ready| ready == true) {
                return found;
            }
            assert!(began.elapsed() < PATIENCE, "{what}: takes no press");
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
