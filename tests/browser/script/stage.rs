//! One browser, Gangway, and a host whose pages use the script.

use std::time::{Duration, Instant};

use gangway::config::Settings;
use serde_json::Value;
use url::Url;

use super::site::{Sent, Site};
use crate::{
    browser::{Browser, PATIENCE},
    engine::Engine,
    world::World,
};

pub(crate) const HOST: &str = "acme.localhost";

pub(crate) struct Stage {
    pub world: World,
    pub site: Site,
    pub jane: Browser,
}

impl Stage {
    pub(crate) async fn open(engine: Engine) -> Self {
        Self::with(Browser::with(engine).await).await
    }

    pub(crate) async fn with(jane: Browser) -> Self {
        Self::on(jane, ["connect.localhost", HOST], |_| ()).await
    }

    /// With Gangway and the host on these names, and with other settings.
    pub(crate) async fn on(jane: Browser, [gangway, host]: [&str; 2], change: impl FnOnce(&mut Settings)) -> Self {
        let site = Site::open();
        let origin = site.origin(host);
        let world = World::with(gangway, "notes.localhost", |settings| {
            settings.host.origins = vec![origin.parse().unwrap()];
            change(settings);
        });
        let world = world.await;
        site.embeds(&world);
        Self { world, site, jane }
    }

    /// Opens a page of the host, which is ready for a press.
    pub(crate) async fn opens(&self, page: &str, query: &[(&str, &str)]) {
        self.opens_on(HOST, page, query).await;
    }

    /// The same on another name.
    pub(crate) async fn opens_on(&self, name: &str, page: &str, query: &[(&str, &str)]) {
        let mut address: Url = format!("{}/{page}", self.site.origin(name)).parse().unwrap();
        address.query_pairs_mut().extend_pairs(query);
        self.jane.goto(address.as_str()).await;
        self.until("the page is ready", async || {
            self.jane.run("return document.body.dataset.ready ?? ''").await == "yes"
        })
        .await;
        self.site.sent();
    }

    /// What the page was told.
    pub(crate) async fn told(&self, kind: &str) -> Vec<Value> {
        let lines = self.jane.run("return [...document.querySelectorAll('li')].map((line) => line.textContent)").await;
        let lines = lines.as_array().unwrap().iter();
        let told = lines.map(|line| serde_json::from_str::<Value>(line.as_str().unwrap()).unwrap());
        told.filter(|told| told["kind"] == kind).collect()
    }

    /// Waits until the page is told one; gives it.
    pub(crate) async fn hears(&self, kind: &str) -> Value {
        self.until(kind, async || !self.told(kind).await.is_empty()).await;
        self.told(kind).await.remove(0)
    }

    /// Waits for the page of the host's server that needs no script; gives what was sent.
    pub(crate) async fn falls_back(&self) -> Vec<Sent> {
        self.jane.arrives("Without script").await;
        assert!(!self.jane.has_a_popup().await, "a window is left");
        self.site.sent()
    }

    pub(crate) async fn until(&self, what: &str, happened: impl AsyncFn() -> bool) {
        let began = Instant::now();
        while !happened().await {
            assert!(began.elapsed() < PATIENCE, "never: {what}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
