//! Whether the database's host and our own public address can be reached.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};
use url::Url;

use super::upstream::{client, told};
use crate::settings::{Finding, Settings, redact};

const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn judge(settings: &Settings, found: &mut Vec<Finding>) {
    found.extend(judge_store(settings.store.url.expose_secret()).await);
    found.extend(judge_public_url(&settings.server.public_url).await);
}

/// PostgreSQL's host; files were looked at before. A socket's directory in the address is left to the driver.
async fn judge_store(url: &str) -> Option<Finding> {
    let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "postgres" | "postgresql"))?;
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
