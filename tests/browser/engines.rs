//! The journeys in all three engines, over http on loopback and over https: one story for each journey, told in every
//! place. The stories of one test share a server and a browser; each has an app of its own.

use std::time::{Duration, Instant};

use crate::{
    browser::{Browser, PATIENCE},
    engine::Engine,
    table,
    world::{Scheme, World},
};

/// Stories that one browser is enough for.
pub(crate) const ONE_BROWSER: &[&str] = &[
    "first time",
    "several accounts",
    "key",
    "cancel and try again",
    "reconnect",
    "disconnect",
    "languages",
    "form mistakes",
];

/// Stories that need another device, or a browser with other settings.
pub(crate) const TWO_BROWSERS: &[&str] = &["foreign return", "completion in another browser", "no script"];

/// One engine over one scheme.
struct Stage {
    engine: Engine,
    world: World,
    jane: Browser,
}

impl Stage {
    async fn tell(&mut self, story: &str) {
        match story {
            "first time" => self.first_time().await,
            "several accounts" => self.several_accounts().await,
            "key" => self.key().await,
            "cancel and try again" => self.cancel().await,
            "reconnect" => self.reconnect().await,
            "disconnect" => self.disconnect().await,
            "languages" => self.languages().await,
            "form mistakes" => self.form_mistakes().await,
            "foreign return" => self.foreign_return().await,
            "completion in another browser" => self.completion_in_another_browser().await,
            "no script" => self.no_script().await,
            _ => panic!("{story} is no story"),
        }
    }

    /// Jane opens a link of hers, and chooses that app on its page.
    async fn opens(&mut self, app: &str) {
        self.jane.goto(&self.world.link().await).await;
        self.jane.press_app(app).await;
        self.jane.arrives(&format!("Connect {app} to Acme Notes")).await;
    }

    /// Jane presses the host's button, and goes to sign in to that app; gives the address of its page.
    async fn goes_to(&mut self, app: &str) -> String {
        self.jane.goto(&self.world.host_page()).await;
        self.jane.press("Connect your apps").await;
        self.jane.press_app(app).await;
        self.jane.continue_to(app).await;
        self.jane.url().await.into()
    }

    async fn has(&self, app: &str) -> usize {
        self.world.connected("jane").await.iter().filter(|connected| *connected == app).count()
    }

    /// The ids of Jane's credentials at Alloy, oldest first.
    fn credentials(&self) -> Vec<String> {
        let jane = self.world.sandbox.user("gangway-jane").unwrap().user_id;
        let credentials = self.world.sandbox.credentials(&jane).into_iter();
        credentials.map(|credential| credential.credential_id).collect()
    }

    async fn first_time(&mut self) {
        self.goes_to("Slack").await;
        self.jane.press("Allow").await;
        self.jane.arrives("Slack is connected").await;
        self.jane.press("Back to Acme Notes").await;
        self.jane.arrives("Connections").await;
        self.jane.reads("Slack is connected").await;
        assert_eq!(self.has("slack").await, 1);
    }

    async fn several_accounts(&mut self) {
        self.opens("FreshBooks").await;
        self.jane.connects("FreshBooks").await;
        self.jane.goto(&self.world.page("/connectors/freshbooks")).await;
        self.jane.arrives("FreshBooks is connected").await;
        self.jane.press("Connect another account").await;
        self.jane.continue_to("FreshBooks").await;
        self.jane.press("Allow").await;
        self.jane.arrives("FreshBooks is connected").await;
        assert_eq!(self.has("freshbooks").await, 2);
    }

    async fn key(&mut self) {
        self.opens("Trello").await;
        self.jane.fill("API key", "0123456789abcdef0123456789abcdef").await;
        self.jane.fill("Access key", "fedcba9876543210fedcba9876543210").await;
        self.jane.press("Save key").await;
        self.jane.arrives("Trello is connected").await;
        assert_eq!(self.has("trello").await, 1);
    }

    async fn cancel(&mut self) {
        self.opens("Notion").await;
        self.jane.continue_to("Notion").await;
        self.jane.press("Cancel").await;
        self.jane.arrives("Notion is not connected").await;
        assert_eq!(self.jane.press_primary().await, "Try again");
        self.jane.connects("Notion").await;
        assert_eq!(self.has("notion").await, 1);
    }

    async fn reconnect(&mut self) {
        self.opens("Google Calendar").await;
        self.jane.connects("Google Calendar").await;
        self.jane.goto(&self.world.page("/connectors/googleCalendar")).await;
        self.jane.press("Reconnect Jane's Google Calendar").await;
        self.jane.arrives("Connect Google Calendar to Acme Notes again").await;
        self.jane.continue_to("Google Calendar").await;
        self.jane.press("Allow").await;
        self.jane.reads("is still there.").await;
        assert_eq!(self.has("googleCalendar").await, 2);
    }

    async fn disconnect(&mut self) {
        self.opens("Airtable").await;
        self.jane.connects("Airtable").await;
        let last = self.credentials().pop().unwrap();
        self.jane.goto(&self.world.page(&format!("/connections/{last}/disconnect"))).await;
        self.jane.arrives("Disconnect Airtable?").await;
        self.jane.press("Disconnect").await;
        self.jane.arrives("Airtable is disconnected").await;
        assert_eq!(self.has("airtable").await, 0);
    }

    async fn languages(&mut self) {
        self.jane.goto(&self.world.link().await).await;
        self.jane.press("Language: English").await;
        self.jane.press("Deutsch").await;
        self.jane.arrives("Ihre Apps mit Acme Notes verbinden").await;
        self.jane.press_app("Salesforce").await;
        // The browser kept the choice.
        self.jane.arrives("Salesforce mit Acme Notes verbinden").await;
        self.jane.press("Sprache: Deutsch").await;
        self.jane.press("English").await;
        self.jane.arrives("Connect Salesforce to Acme Notes").await;
    }

    async fn form_mistakes(&mut self) {
        self.opens("Shopify").await;
        self.jane.press("Continue to Shopify").await;
        self.jane.reads("Please check what you entered").await;
        assert_eq!(self.jane.texts(".summary li").await, self.jane.texts(".error").await);
        self.jane.fill("Shop name", "acme").await;
        self.jane.continue_to("Shopify").await;
        self.jane.press("Allow").await;
        self.jane.arrives("Shopify is connected").await;
        assert_eq!(self.has("shopify").await, 1);
    }

    async fn foreign_return(&mut self) {
        let passed_on = self.goes_to("Pipedrive").await;
        let mut attacked = Browser::with(self.engine).await;
        attacked.goto(&passed_on).await;
        attacked.press("Allow").await;
        attacked.reads("If someone sent you the link, do not use it.").await;
        assert_eq!(self.has("pipedrive").await, 0);
        // Nor is it left at Alloy.
        let began = Instant::now();
        while !self.credentials().is_empty() {
            assert!(began.elapsed() < PATIENCE, "what the victim allowed is not deleted");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn completion_in_another_browser(&mut self) {
        self.opens("Asana").await;
        self.jane.continue_to("Asana").await;
        let mut phone = Browser::with(self.engine).await;
        phone.goto(self.jane.url().await.as_str()).await;
        phone.press("Allow").await;
        phone.arrives("Sign in to finish connecting").await;
        assert_eq!(self.has("asana").await, 0);
        phone.press("Sign in as Jane Doe").await;
        phone.arrives("Connections").await;
        phone.reads("Asana is connected").await;
        assert_eq!(self.has("asana").await, 1);
        phone.has_nothing_to_complain_of().await;
    }

    async fn no_script(&mut self) {
        let mut jane = Browser::without_scripts_in(self.engine).await;
        jane.goto(&self.world.host_page()).await;
        jane.press("Connect your apps").await;
        jane.arrives("Opening your apps…").await;
        jane.press("Continue").await;
        jane.arrives("Choose an app").await;
        jane.fill("Find an app", "invoices").await;
        jane.press("Find").await;
        jane.reads("Apps that match “invoices”").await;
        jane.press_app("Xero").await;
        jane.connects("Xero").await;
        jane.press("Back to Acme Notes").await;
        jane.arrives("Connections").await;
        assert_eq!(self.has("xero").await, 1);
        jane.has_nothing_to_complain_of().await;
    }
}

async fn run_in(engine: Engine, scheme: Scheme, stories: &[&str]) {
    let mut stage = Stage { engine, world: World::over(scheme).await, jane: Browser::with(engine).await };
    let mut told = Vec::new();
    for story in stories {
        stage.tell(story).await;
        told.push(*story);
    }
    stage.jane.has_nothing_to_complain_of().await;
    table::holds(&stage.jane, scheme, &told);
}

// A test for each place and half, so that none comes near the time that a test may take.

#[tokio::test]
async fn chromium_over_http() {
    run_in(Engine::Chromium, Scheme::Http, ONE_BROWSER).await;
}

#[tokio::test]
async fn chromium_over_http_with_two_browsers() {
    run_in(Engine::Chromium, Scheme::Http, TWO_BROWSERS).await;
}

#[tokio::test]
async fn chromium_over_https() {
    run_in(Engine::Chromium, Scheme::Https, ONE_BROWSER).await;
}

#[tokio::test]
async fn chromium_over_https_with_two_browsers() {
    run_in(Engine::Chromium, Scheme::Https, TWO_BROWSERS).await;
}

#[tokio::test]
async fn firefox_over_http() {
    run_in(Engine::Firefox, Scheme::Http, ONE_BROWSER).await;
}

#[tokio::test]
async fn firefox_over_http_with_two_browsers() {
    run_in(Engine::Firefox, Scheme::Http, TWO_BROWSERS).await;
}

#[tokio::test]
async fn firefox_over_https() {
    run_in(Engine::Firefox, Scheme::Https, ONE_BROWSER).await;
}

#[tokio::test]
async fn firefox_over_https_with_two_browsers() {
    run_in(Engine::Firefox, Scheme::Https, TWO_BROWSERS).await;
}

#[tokio::test]
async fn webkit_over_http() {
    run_in(Engine::WebKit, Scheme::Http, ONE_BROWSER).await;
}

#[tokio::test]
async fn webkit_over_http_with_two_browsers() {
    run_in(Engine::WebKit, Scheme::Http, TWO_BROWSERS).await;
}

#[tokio::test]
async fn webkit_over_https() {
    run_in(Engine::WebKit, Scheme::Https, ONE_BROWSER).await;
}

#[tokio::test]
async fn webkit_over_https_with_two_browsers() {
    run_in(Engine::WebKit, Scheme::Https, TWO_BROWSERS).await;
}
