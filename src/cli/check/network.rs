//! Checks whether the database's host, the receiver and our own public URL can be reached.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};
use url::Url;

use crate::{
    config::{Finding, Settings, redact},
    runtime::net::{check_client, failure_text, is_private},
    webhook::{Failure, Receiver},
};

const TIMEOUT: Duration = Duration::from_secs(5);

pub(crate) async fn check(settings: &Settings, found: &mut Vec<Finding>) {
    found.extend(check_store(settings.store.url.expose_secret()).await);
    found.extend(check_public_url(&settings.server.public_url).await);
    found.extend(check_receiver(settings).await);
}

/// Only PostgreSQL's host. A socket's directory, or a host in the query, is left to the driver.
async fn check_store(url: &str) -> Option<Finding> {
    let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "postgres" | "postgresql"))?;
    if url.query_pairs().any(|(key, _)| matches!(&*key, "host" | "hostaddr")) {
        return None;
    }
    let host = url.host_str().filter(|host| !host.is_empty() && !host.contains('%'))?.to_owned();
    let reason =
        match timeout(TIMEOUT, TcpStream::connect((host.trim_matches(['[', ']']), url.port().unwrap_or(5432)))).await {
            Ok(Ok(_)) => return None,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer within five seconds".to_owned(),
        };
    let meaning = format!("the database does not answer: {reason}");
    Some(Finding::error("store.url", redact::url(&url), meaning))
}

/// Only a note: Gangway may not be running yet, and not everyone can reach their own public address.
async fn check_public_url(url: &Url) -> Option<Finding> {
    let current = redact::url(url);
    let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default()?;
    let resolved = timeout(TIMEOUT, lookup_host((host.as_str(), port))).await;
    if !matches!(resolved, Ok(Ok(_))) {
        let meaning = "this name leads nowhere from here; does its DNS entry exist?";
        return Some(Finding::note("server.public_url", current, meaning));
    }
    let error = check_client()?.get(url.clone()).send().await.err()?;
    let meaning =
        format!("nothing answers there ({}), as it must be while `gangway serve` does not run", failure_text(error));
    Some(Finding::note("server.public_url", current, meaning))
}

/// Checks the receiver's name, address and certificate. Its response does not matter: the request is not an event.
async fn check_receiver(settings: &Settings) -> Option<Finding> {
    let url = settings.webhook.url.as_ref().filter(|url| settings.webhook.allow_private || !is_private(url))?;
    // Malformed secrets are reported elsewhere.
    let receiver = Receiver::from_settings(&settings.webhook).ok()??;
    let current = redact::url(url);
    let meaning = match receiver.reach().await? {
        Failure::PrivateAddress => {
            let meaning = "its name leads into a private network, to which nothing is sent unless that is allowed";
            return Some(Finding::error("webhook.url", current, meaning).write_as("allow_private", true));
        }
        Failure::Dns => "its name leads nowhere from here",
        Failure::Tls => "its certificate or its TLS is not as it should be",
        Failure::Timeout => "it does not answer in time",
        _ => "there is no connection to it",
    };
    let meaning = format!("{meaning}; events are kept, and sent when it is back");
    Some(Finding::warning("webhook.url", current, meaning))
}
