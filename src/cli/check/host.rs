//! Checks `host.*` and `webhook.*`.

use url::Url;

use crate::{
    config::{self, Finding, Settings, VerifyCompletion, redact},
    runtime::net::{is_private, is_private_use, origin_of},
};

pub(crate) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    origins(settings, found);
    completion(&settings.host, found);
    webhook(settings, found);
}

fn origins(settings: &Settings, found: &mut Vec<Finding>) {
    let host = &settings.host;
    let known: Vec<String> = host.origins.iter().map(origin_of).collect();
    if known.is_empty() {
        let meaning = "no page of yours may post a start code, so that every user sees the start page first; name your product's origin to save them a press";
        let example = host.web_return_urls().next().map_or_else(|| "https://app.example.com".to_owned(), origin_of);
        found.push(Finding::note("host.origins", "not set", meaning).write(vec![example]));
        return;
    }
    let unknown: Vec<&Url> = host.web_return_urls().filter(|url| !known.contains(&origin_of(url))).collect();
    if let Some(first) = unknown.first() {
        let meaning = "its origin is not in host.origins; is it your product's, and spelled alike (https, www, port)?";
        let mut all = known.clone();
        for url in &unknown {
            if !all.contains(&origin_of(url)) {
                all.push(origin_of(url));
            }
        }
        found.push(Finding::warning("host.return_urls", redact::url(first), meaning).write_as("origins", all));
    }
    if known.contains(&origin_of(&settings.server.public_url)) {
        let meaning = "your product and Gangway share one origin; Gangway needs one of its own, or the pages of one can act in the other";
        let others: Vec<String> =
            known.into_iter().filter(|origin| *origin != origin_of(&settings.server.public_url)).collect();
        found.push(Finding::error("host.origins", origin_of(&settings.server.public_url), meaning).write(others));
    }
}

/// Other values than `never` need a return URL, and an app's own needs another value: [`crate::config::safety`] checks
/// both.
fn completion(host: &config::Host, found: &mut Vec<Finding>) {
    if host.verify_completion != VerifyCompletion::Never || host.return_urls.iter().any(is_private_use) {
        return;
    }
    let meaning = "a person who is tricked into finishing what your user began links an app of their own to that user; with links, what was begun by a start link counts only once your server has said who came back";
    found.push(Finding::warning("host.verify_completion", "\"never\"", meaning).write("links"));
    if host.return_urls.is_empty() {
        let meaning = "no page can offer a way back to your product";
        found.push(Finding::warning("host.return_urls", "not set", meaning).write(vec![host.likely_return_url()]));
    }
}

fn webhook(settings: &Settings, found: &mut Vec<Finding>) {
    let webhook = &settings.webhook;
    match &webhook.url {
        None if !webhook.secrets.is_empty() => {
            let meaning = "there are secrets and no webhook.url: no event is ever sent";
            found.push(
                Finding::warning("webhook.secrets", redact::secrets(&webhook.secrets), meaning)
                    .write(Vec::<String>::new()),
            );
        }
        Some(url) if is_private(url) && !webhook.allow_private => {
            let meaning = "a private address, to which nothing is sent unless that is allowed";
            found.push(Finding::error("webhook.url", redact::url(url), meaning).write_as("allow_private", true));
        }
        _ => {}
    }
}
