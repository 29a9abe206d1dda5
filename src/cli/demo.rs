//! `gangway demo`: Gangway, the sandbox and the sample host in one process. Needs no configuration and leaves no files.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use anyhow::{Context as _, anyhow};
use tempfile::TempDir;
use url::Url;

use crate::{
    config::{
        Settings,
        safety::{fresh_host_key, fresh_session_key, fresh_webhook_secret},
    },
    domain::clock::SystemEntropy,
    sandbox::{self, Sandbox},
    server::{self, Environment, Listeners, Startup},
};

use crate::sandbox::acme::Acme;

/// The sample host's texts for a few apps.
const CONNECTORS: &str = include_str!("../../config/demo.toml");

const LOGO: &str = include_str!("../../static/demo/acme.svg");

/// The ports of the demo's servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// Gangway's pages and API.
    pub gangway: u16,
    /// Gangway's admin listener.
    pub admin: u16,
    /// The sandbox.
    pub sandbox: u16,
    /// The sample host.
    pub acme: u16,
}

impl Ports {
    /// 3000, 3001, 4040 and 8080.
    pub const DEFAULT: Self = Self { gangway: 3000, admin: 3001, sandbox: 4040, acme: 8080 };

    /// Four consecutive ports; `None` beyond the last port.
    pub fn from_base(base: u16) -> Option<Self> {
        let port = |place| base.checked_add(place);
        Some(Self { gangway: base, admin: port(1)?, sandbox: port(2)?, acme: port(3)? })
    }
}

/// A demo that listens, and serves while [`Demo::run_until`] is awaited.
pub struct Demo {
    gangway: Startup,
    sandbox: Sandbox,
    acme: Acme,
    acme_url: String,
    gangway_url: String,
    sandbox_url: String,
    /// Deleted with its contents when dropped.
    _folder: TempDir,
}

impl Demo {
    /// Binds all ports and builds the three servers.
    pub async fn build(ports: Ports) -> anyhow::Result<Self> {
        let gangway_listener = bind("Gangway", ports.gangway)?;
        let admin_listener = bind("Gangway's admin listener", ports.admin)?;
        let sandbox_listener = bind("the sandbox", ports.sandbox)?;
        let acme_listener = bind("the sample host", ports.acme)?;
        let [gangway_url, sandbox_url, acme_url] = [&gangway_listener, &sandbox_listener, &acme_listener].map(url_of);
        let (gangway_url, sandbox_url, acme_url) = (gangway_url?, sandbox_url?, acme_url?);

        let folder = tempfile::Builder::new().prefix("gangway-demo-").tempdir().context("no temporary folder")?;
        std::fs::write(folder.path().join("logo.svg"), LOGO).context("the logo cannot be written")?;
        let host_api_key = fresh_host_key(&SystemEntropy);
        let webhook_secret = fresh_webhook_secret(&SystemEntropy);
        let secrets = [host_api_key.as_str(), &webhook_secret];
        let file = toml(&gangway_url, &sandbox_url, &acme_url, secrets, &folder);
        let settings = Settings::from_texts(&[CONNECTORS, &file], std::iter::empty())?;
        let gangway = server::services(settings, Environment::default()).await?;
        let listeners = Listeners { public: gangway_listener, admin: admin_listener };
        let options = sandbox::Options { base_url: Some(sandbox_url.clone()), ..sandbox::Options::default() };
        let host = sandbox::acme::Options {
            gangway_url: Url::parse(&gangway_url)?,
            gangway_public_url: Url::parse(&gangway_url)?,
            host_api_key: host_api_key.into(),
            webhook_secret: webhook_secret.into(),
            public_url: Url::parse(&acme_url)?,
            alloy_url: Url::parse(&sandbox_url)?,
            alloy_api_key: sandbox::API_KEY.into(),
            slack_url: Url::parse(&sandbox_url)?.join("provider/slack")?,
        };
        Ok(Self {
            gangway: Startup::build(gangway, listeners)?,
            sandbox: Sandbox::build(sandbox_listener, options)?,
            acme: Acme::start(acme_listener, host)?,
            acme_url,
            gangway_url,
            sandbox_url,
            _folder: folder,
        })
    }

    /// The instructions that are printed at the start.
    pub(crate) fn welcome(&self) -> String {
        format!(
            "Gangway is ready to be looked at.\n\n  \
             1. Open {}/connections and press \"Connect\" beside Slack.\n  \
             2. In the window, continue, and press \"Allow\" on the provider's page.\n  \
             3. Open {}/ and share a note to Slack, or ask the assistant to.\n\n\
             Acme Notes, the sample product  {}\n\
             Gangway's own pages             {}\n\
             The sandbox in Alloy's place    {}\n\n\
             All of it is on this machine only, and goes when you press Ctrl-C.",
            self.acme_url, self.acme_url, self.acme_url, self.gangway_url, self.sandbox_url
        )
    }

    /// The URL of the sample host, where a user starts.
    pub fn acme_url(&self) -> &str {
        &self.acme_url
    }

    /// Serves until a server fails or the future ends.
    pub async fn run_until(self, end: impl Future<Output = ()>) -> anyhow::Result<()> {
        let (gangway, acme) = (self.gangway.handle(), self.acme.handle());
        let sandbox = self.sandbox.control();
        let stopped = async {
            end.await;
            futures_util::join!(gangway.stop(true), acme.stop(true), sandbox.stop());
        };
        let (one, two, three, ()) = futures_util::join!(
            self.gangway.run_until_stopped(),
            self.sandbox.run_until_stopped(),
            self.acme.run_until_stopped(),
            stopped
        );
        one.and(two).and(three).context("the demo broke down")
    }
}

fn bind(what: &str, port: u16) -> anyhow::Result<TcpListener> {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).map_err(|error| {
        anyhow!(
            "Port {port} for {what} cannot be had ({error}). Stop what uses it, or move all four ports: \
             gangway demo --port-base 9000"
        )
    })
}

/// Uses `localhost` instead of an IP address, because people type it and its cookies are stored.
fn url_of(listener: &TcpListener) -> anyhow::Result<String> {
    Ok(format!("http://localhost:{}", listener.local_addr()?.port()))
}

fn toml(
    gangway: &str,
    sandbox: &str,
    acme: &str,
    [host_api_key, webhook_secret]: [&str; 2],
    folder: &TempDir,
) -> String {
    format!(
        include_str!("demo/settings.toml"),
        gangway = gangway,
        sandbox = sandbox,
        acme = acme,
        host_api_key = host_api_key,
        webhook_secret = webhook_secret,
        sandbox_key = sandbox::API_KEY,
        database = folder.path().join("demo.db").display(),
        logo = folder.path().join("logo.svg").display(),
        session_key = fresh_session_key(&SystemEntropy),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn port_in_use_is_named_with_remedy() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let free = Ports { gangway: 0, admin: 0, sandbox: 0, acme: 0 };
        for (ports, what) in [
            (Ports { gangway: port, ..free }, "Gangway"),
            (Ports { admin: port, ..free }, "Gangway's admin listener"),
            (Ports { sandbox: port, ..free }, "the sandbox"),
            (Ports { acme: port, ..free }, "the sample host"),
        ] {
            let Err(error) = Demo::build(ports).await else { panic!("{ports:?}") };
            let told = format!("{error:#}");
            assert!(told.starts_with(&format!("Port {port} for {what} cannot be had (")), "{told}");
            assert!(told.ends_with("gangway demo --port-base 9000"), "{told}");
        }
    }
}
