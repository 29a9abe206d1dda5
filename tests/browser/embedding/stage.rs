//! One browser, Gangway, a provider and a host that embeds, and what both sides say of the end.

use std::time::Instant;

use fantoccini::wd::WindowHandle;
use gangway::config::Settings;
use serde_json::{Value, json};

use super::{host_site::HostSite, policy::Policy, wire::Wire};
use crate::{
    browser::{Browser, PATIENCE},
    engine::Engine,
    world::{HOST_KEY, Scheme, World},
};

/// How Gangway's name is related to the host's. The provider is cross-site to both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sites {
    Same,
    Cross,
}

impl Sites {
    /// The names of Gangway and of the host.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Same => ("connect.acme.localhost", "app.acme.localhost"),
            Self::Cross => ("connect.localhost", "acme.localhost"),
        }
    }
}

pub(crate) struct Stage {
    /// The network between the browser and Gangway.
    pub wire: Wire,
    pub world: World,
    pub site: HostSite,
    pub jane: Browser,
    users: u32,
    /// The attempts whose end both sides told.
    ended: Vec<String>,
}

impl Stage {
    pub(crate) async fn open(engine: Engine, sites: Sites) -> Self {
        Self::with(Browser::with(engine).await, sites, |_| ()).await
    }

    /// With that browser, and with other settings.
    pub(crate) async fn with(jane: Browser, sites: Sites, change: impl FnOnce(&mut Settings)) -> Self {
        let (gangway_name, host_name) = sites.names();
        let site = HostSite::named(host_name);
        let wire = Wire::default();
        let passes_on = |listener, server| wire.leads(listener, server);
        let world = World::behind(Scheme::Http, gangway_name, passes_on, host_name, |settings| {
            site.is_of(settings);
            change(settings);
        });
        let world = world.await;
        site.embeds(&world);
        Self { wire, world, site, jane, users: 0, ended: Vec::new() }
    }

    /// A user who was never here, in a browser without cookies of ours.
    pub(crate) async fn new_user(&mut self) -> String {
        if self.users > 0 {
            self.jane.goto(&self.world.page("/nowhere")).await;
            self.jane.forgets_cookies().await;
        }
        self.users += 1;
        format!("jane{}", self.users)
    }

    /// Opens a page of the host, which is ready for a press.
    pub(crate) async fn opens(&self, policy: Policy, page: &str, user: &str, more: &str) {
        self.jane.goto(&self.site.page(policy, page, user, more)).await;
        self.jane.has_ready("body[data-ready]").await;
    }

    /// Presses the host's button, and goes on in the pop-up; gives the host's window.
    pub(crate) async fn presses_connect(&mut self) -> WindowHandle {
        self.jane.press("Connect").await;
        self.jane.goes_to_the_popup().await
    }

    /// The same while those other windows are open.
    pub(crate) async fn presses_connect_beside(&mut self, others: &[WindowHandle]) -> WindowHandle {
        self.jane.press("Connect").await;
        self.jane.goes_to_the_popup_beside(others).await
    }

    /// Waits for that event on the host's page.
    pub(crate) async fn hears(&self, event: &Value) {
        let began = Instant::now();
        while !self.told().await.0.contains(event) {
            assert!(began.elapsed() < PATIENCE, "{:?}", self.told().await);
        }
    }

    /// From our page of the app to the end that everybody wants.
    pub(crate) async fn allows(&mut self, app: &str) {
        self.jane.continue_to(app).await;
        self.jane.press("Allow").await;
    }

    /// What the host's page was told: events and results.
    pub(crate) async fn told(&self) -> (Vec<Value>, Vec<Value>) {
        let lists = self.jane.run(TOLD).await;
        let list = |index: usize| {
            let lines = lists[index].as_array().unwrap().iter();
            lines.map(|line| serde_json::from_str(line.as_str().unwrap()).unwrap()).collect()
        };
        (list(0), list(1))
    }

    /// Waits for the end of the wait on the host's page; gives what it was told.
    pub(crate) async fn result(&self) -> Value {
        self.jane.has_ready("#results li").await;
        let (events, mut results) = self.told().await;
        assert_eq!(results.len(), 1, "{results:?}");
        for (index, event) in events.iter().enumerate() {
            let before = events[..index].iter().rfind(|one| one["type"] == event["type"]);
            assert_ne!(before, Some(event), "told twice: {events:#?}");
        }
        results.remove(0)
    }

    /// The user's attempts at that app, as the host's server learns of them.
    pub(crate) async fn attempts(&self, user: &str, app: &str) -> Vec<Value> {
        let address = format!("{}/api/v1/link-attempts?user={user}", self.world.api);
        let request = reqwest::Client::new().get(address).bearer_auth(HOST_KEY);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        let attempts = answer["link_attempts"].as_array().unwrap_or_else(|| panic!("{answer}"));
        attempts.iter().filter(|attempt| attempt["connector"] == app).cloned().collect()
    }

    /// The outcome, as the ticket's holder learns of it.
    pub(crate) async fn outcome(&self, session: &Value) -> Value {
        let request = reqwest::Client::new().get(format!("{}/embed/outcome", self.world.api));
        let request = request.bearer_auth(session["watch"].as_str().unwrap());
        request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
    }

    /// Both sides tell of one link to Slack: the host's page (unless it went away) and the host's server.
    pub(crate) async fn is_linked(&mut self, user: &str, on_the_page: Option<&Value>) {
        self.is_linked_to("slack", user, on_the_page).await;
    }

    pub(crate) async fn is_linked_to(&mut self, app: &str, user: &str, on_the_page: Option<&Value>) {
        let began = Instant::now();
        let attempts = loop {
            let attempts = self.attempts(user, app).await;
            if attempts.iter().all(|attempt| attempt["state"] != "pending") || began.elapsed() > PATIENCE {
                break attempts;
            }
        };
        let [attempt] = &attempts[..] else { panic!("{attempts:#?}") };
        let id = attempt["id"].as_str().unwrap();
        assert_eq!((&attempt["state"], &attempt["user"]["id"]), (&json!("linked"), &json!(user)), "{attempt:#}");
        if let Some(told) = on_the_page {
            assert_eq!(told["outcome"], "linked", "{told:#}");
            let mut listed = told["attempts"].as_array().unwrap().iter().filter(|one| one["connector"] == app);
            let (Some(one), None) = (listed.next(), listed.next()) else { panic!("{told:#}") };
            for field in ["id", "connector", "state", "reason", "reference"] {
                assert_eq!(one[field], attempt[field], "{field}");
            }
        }
        while self.site.events(id).len() < 2 {
            assert!(began.elapsed() < PATIENCE, "{:?}", self.site.events(id));
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        self.ended.push(id.to_owned());
    }

    /// No event came twice.
    pub(crate) fn has_no_double_events(&self) {
        for attempt in &self.ended {
            let mut events = self.site.events(attempt);
            events.sort_unstable();
            assert_eq!(events, ["connection.linked", "link_attempt.ended"]);
        }
    }
}

const TOLD: &str = "return ['events', 'results'].map((list) => [...document.querySelectorAll(`#${list} li`)].map((one) => one.textContent))";
