//! Whether the database's host and our own public address can be reached.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};
use url::Url;

use super::upstream::{client, told};
use crate::{
    config::{Finding, Settings, redact},
    runtime::net::is_private,
    webhook::{Failure, Webhook},
};

const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) async fn judge(settings: &Settings, found: &mut Vec<Finding>) {
    found.extend(judge_store(settings.store.url.expose_secret()).await);
    found.extend(judge_public_url(&settings.server.public_url).await);
    found.extend(judge_receiver(settings).await);
}

/// PostgreSQL's host; files were looked at before. A socket's directory, or a host in the query, is left to the driver.
async fn judge_store(url: &str) -> Option<Finding> {
    let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "postgres" | "postgresql"))?;
    if url.query_pairs().any(|(key, _)| matches!(&*key, "host" | "hostaddr")) {
        return None;
    }
    let host = url.host_str().filter(|host| !host.is_empty() && !host.contains('%'))?.to_owned();
    let reason = match timeout(
        PATIENCE,
        TcpStream::connect((host.trim_matches(['[', ']']), url.port().unwrap_or(5432))),
    )
    .await
    {
        Ok(Ok(_)) => return None,
        Ok(Err(error)) => error.to_string(),
        Err(_) => "no answer within five seconds".to_owned(),
    };
    let meaning = format!("the database does not answer: {reason}");
    Some(Finding::error("store.url", redact::url(&url), meaning))
}

/// Only a note: Gangway may not be running yet, and not everyone can reach their own public address.
async fn judge_public_url(url: &Url) -> Option<Finding> {
    let seen = redact::url(url);
    let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default()?;
    let resolved = timeout(PATIENCE, lookup_host((host.as_str(), port))).await;
    if !matches!(resolved, Ok(Ok(_))) {
        let meaning = "this name leads nowhere from here; does its DNS entry exist?";
        return Some(Finding::note("server.public_url", seen, meaning));
    }
    let error = client()?.get(url.clone()).send().await.err()?;
    let meaning = format!("nothing answers there ({}), as it must be while `gangway serve` does not run", told(error));
    Some(Finding::note("server.public_url", seen, meaning))
}

/// Whether events get as far as the host's receiver: its name, its address, its certificate. What it says is its own affair,
/// because it is asked for nothing that it knows.
async fn judge_receiver(settings: &Settings) -> Option<Finding> {
    let url = settings.webhook.url.as_ref().filter(|url| settings.webhook.allow_private || !is_private(url))?;
    // Secrets of another form are told of already.
    let webhook = Webhook::new(&settings.webhook).ok()?;
    let seen = redact::url(url);
    let meaning = match webhook.receiver()?.reach().await? {
        Failure::PrivateAddress => {
            let meaning = "its name leads into a private network, to which nothing is sent unless that is allowed";
            return Some(Finding::error("webhook.url", seen, meaning).write_as("allow_private", true));
        }
        Failure::Dns => "its name leads nowhere from here",
        Failure::Tls => "its certificate or its TLS is not as it should be",
        Failure::Timeout => "it does not answer in time",
        _ => "there is no connection to it",
    };
    let meaning = format!("{meaning}; events are kept, and sent when it is back");
    Some(Finding::warning("webhook.url", seen, meaning))
}
