//! Commands and measurements of Chromium alone.

use fantoccini::wd::WebDriverCompatibleCommand;
use reqwest::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

use super::Browser;

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
}
