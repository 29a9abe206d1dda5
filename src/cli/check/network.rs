//! Checks whether the database's host, the receiver and our own public URL can be reached.

use std::{error::Error, io, time::Duration};

use secrecy::ExposeSecret as _;
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};
use url::Url;

use crate::{
    config::{Finding, Settings, redact},
    runtime::net::{check_client, failure_text, is_private},
    store::Transport,
    webhook::{Failure, Receiver},
};

const TIMEOUT: Duration = Duration::from_secs(5);

pub(crate) async fn check(settings: &Settings, found: &mut Vec<Finding>) {
    found.extend(check_store(settings.store.url.expose_secret()).await);
    found.extend(check_public_url(&settings.server.public_url).await);
    found.extend(check_receiver(settings).await);
}

/// Only PostgreSQL's host. A socket's directory, or a host in the query, is left to the driver.
async fn check_store(text: &str) -> Option<Finding> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "postgres" | "postgresql"))?;
    // What cannot be read is reported already.
    let is_readable = matches!(Transport::of(text), Ok(Some(_)));
    if !is_readable || url.query_pairs().any(|(key, _)| matches!(&*key, "host" | "hostaddr")) {
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
    Some(Finding::error("store.url", redact::text(text), meaning))
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
    let (failure, refused) = (Failure::of_transport(&error), is_refused(&error));
    let reason = failure_text(error);
    let meaning = match failure {
        Failure::Tls => {
            let meaning = format!(
                "something answers there, and this machine does not accept its certificate ({reason}); so may browsers"
            );
            return Some(Finding::warning("server.public_url", current, meaning));
        }
        Failure::Timeout => format!("there is {reason}: does something on the way drop packets?"),
        Failure::Connection if !refused => format!("something is there, and the connection broke off ({reason})"),
        _ => format!("nothing answers there ({reason}), as it must be while `gangway serve` does not run"),
    };
    Some(Finding::note("server.public_url", current, meaning))
}

fn is_refused(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if inner.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused) {
            return true;
        }
        cause = inner.source();
    }
    false
}

/// Checks the receiver's name, address, certificate, and whether it redirects. The request is not an event.
async fn check_receiver(settings: &Settings) -> Option<Finding> {
    let url = settings.webhook.url.as_ref().filter(|url| settings.webhook.allow_private || !is_private(url))?;
    // Malformed secrets are reported elsewhere.
    let receiver = Receiver::from_settings(&settings.webhook).ok()??;
    let current = redact::url(url);
    let failure = match receiver.reach().await {
        Ok(None) => return None,
        Ok(Some(location)) => {
            let right = redact::url(&location);
            let meaning = format!("it redirects to {right}, and events do not follow: each would count as failed");
            return Some(Finding::warning("webhook.url", current, meaning).write(right));
        }
        Err(failure) => failure,
    };
    let meaning = match failure {
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
