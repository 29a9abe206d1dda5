//! The examples of docs/examples, running beside a Gangway that knows them as its host.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use gangway::config::Settings;

use crate::{
    app::{API_KEY, HOST_KEY, TestApp},
    browser::{Browser, Page},
    process::free_port,
    program::Program,
    receiver::SECRETS,
    typescript::compiled,
};

/// Acme Notes, in one of its languages, and its Gangway.
pub(crate) struct Acme {
    pub app: TestApp,
    pub url: String,
    _host: Host,
}

/// The program alone.
pub(crate) struct Host {
    port: u16,
    _program: Program,
}

/// A file of the examples.
pub(crate) fn example(name: &str) -> PathBuf {
    root().join("docs/examples").join(name)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The command that runs an example in TypeScript.
pub(crate) fn typescript(name: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(compiled(name, "commonjs"));
    command
}

/// The Python of the judges, with its libraries.
pub(crate) fn python(name: &str) -> Command {
    let mut command = Command::new(root().join("tests/judges/venv/bin/python"));
    command.arg(example(name)).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

impl Host {
    /// Starts the example of that name with these two APIs.
    pub(crate) async fn start(name: &str, gangway_url: &str, alloy_url: &str) -> Self {
        let mut port = 0;
        // Somebody else may have the port by then; the example ends, and another one is tried.
        let program = loop {
            port = if port == 0 { free_port() } else { free_port().max(port + 1) };
            let mut command = if name.ends_with(".ts") {
                typescript(name)
            } else {
                // Nothing but what every Python has.
                let mut command = Command::new("python3");
                command.arg("-I").arg(example(name));
                command
            };
            command.env("GANGWAY_URL", gangway_url).env("GANGWAY_API_KEY", HOST_KEY);
            command.env("ALLOY_URL", alloy_url).env("ALLOY_API_KEY", API_KEY);
            // Gangway signs with both. The host has the older one still.
            command.env("GANGWAY_WEBHOOK_SECRET", SECRETS[1]).env("PORT", port.to_string());
            let mut program = Program::start(command);
            if let Some(line) = program.line().await {
                assert_eq!(line, format!("Acme Notes: http://localhost:{port}/"));
                break program;
            }
        };
        Self { port, _program: program }
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }
}

impl Acme {
    /// The example of that name, and a Gangway with other settings.
    pub(crate) async fn open(name: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let app = TestApp::spawn().await;
        let host = Host::start(name, &app.url, app.sandbox.base_url()).await;
        let (port, url) = (host.port, host.url());
        let app = app.restart_with(|settings| {
            settings.host.origins = vec![url.parse().unwrap()];
            settings.host.return_urls = vec![url.parse().unwrap()];
            settings.webhook.url = Some(format!("http://127.0.0.1:{port}/hooks").parse().unwrap());
            settings.webhook.secrets = SECRETS.map(Into::into).to_vec();
            settings.webhook.allow_private = true;
            change(settings);
        });
        Self { app: app.await, url, _host: host }
    }

    /// A browser on the pages of the host.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.url)
    }

    /// The front page.
    pub(crate) async fn home(&self) -> Page {
        let page = self.browser().get("/").await;
        assert_eq!(page.status, 200, "{}", page.text());
        page
    }

    /// Presses the host's button, and the one behind it: a browser that has arrived.
    pub(crate) async fn arrived(&self) -> Browser {
        let mut host = self.browser();
        let home = host.get("/").await;
        let page = host.submit(&home, "/connect", &[]).await;
        assert_eq!(page.status, 200, "{}", page.text());
        self.handed_over(&page).await
    }

    /// Presses the button that hands over.
    pub(crate) async fn handed_over(&self, page: &Page) -> Browser {
        let (browser, location) = self.handed_over_to(page).await;
        assert_eq!(location, "/connectors/slack?arrived=1");
        browser
    }

    /// The same; gives the page to which it leads, too.
    pub(crate) async fn handed_over_to(&self, page: &Page) -> (Browser, String) {
        let fields = page.form(&format!("{}/start", self.app.url));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let mut browser = self.app.browser();
        let arriving = browser.post_from(&self.url, "/start", &fields).await;
        assert_eq!(arriving.status, 303, "{}", arriving.text());
        (browser, arriving.location().to_owned())
    }

    /// The browser comes back to the host.
    pub(crate) async fn back(&self, page: &Page) -> Page {
        let address = page.location();
        assert!(address.starts_with(&format!("{}/?gangway_attempt_id=", self.url)), "{address}");
        self.browser().navigate(address, "cross-site").await
    }

    /// What the host shows of what it was told.
    pub(crate) async fn told(&self) -> Vec<String> {
        self.home().await.all("ol li")
    }
}
