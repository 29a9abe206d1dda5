//! Checks `alloy.*`.

use secrecy::ExposeSecret as _;
use url::Url;

use crate::{
    config::{Alloy, Finding, redact, safety::ALLOY_KEY_PLACEHOLDER},
    runtime::net::{is_loopback, origin_of},
};

/// The supported version of Alloy's API.
pub(crate) const API_VERSION: &str = "2025-09";

pub(crate) fn check(alloy: &Alloy, found: &mut Vec<Finding>) {
    key(alloy, found);
    base_url(&alloy.base_url, found);
    if !is_version(&alloy.api_version) {
        let meaning = "a version is a year and a month; Alloy answers 404 to a version that it does not know";
        found.push(
            Finding::warning("alloy.api_version", format!("{:?}", alloy.api_version), meaning).write(API_VERSION),
        );
    }
    hosts("alloy.allowed_hosts", &alloy.allowed_hosts, found);
    hosts("alloy.icon_hosts", &alloy.icon_hosts, found);
}

fn key(alloy: &Alloy, found: &mut Vec<Finding>) {
    let key = alloy.api_key.expose_secret();
    let meaning = if key.trim().is_empty() {
        return;
    } else if starts_with_scheme(key) {
        "it begins with `Bearer `; we write that ourselves, so give the key alone"
    } else if key.starts_with(['"', '\'']) || key.ends_with(['"', '\'']) {
        "there are quotes around the key that became part of it; give the key alone"
    } else if key.chars().any(|character| character.is_whitespace() || character.is_control()) {
        "there is a space or a line's end in it; give the key alone"
    } else {
        return;
    };
    found.push(Finding::error("alloy.api_key", redact::secret(&alloy.api_key), meaning).write(ALLOY_KEY_PLACEHOLDER));
}

fn starts_with_scheme(key: &str) -> bool {
    key.trim_start().split_once(' ').is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
}

fn base_url(url: &Url, found: &mut Vec<Finding>) {
    let segments: Vec<&str> = url.path().split('/').filter(|segment| !segment.is_empty()).collect();
    let finding = if segments.iter().any(|segment| is_version(segment) || is_numbered(segment)) {
        let meaning = "there is no version in Alloy's addresses; it goes into alloy.api_version";
        Finding::error("alloy.base_url", redact::url(url), meaning)
    } else if url.query().is_some() || url.fragment().is_some() {
        let meaning = "what follows ? or # would be put before every path";
        Finding::error("alloy.base_url", redact::url(url), meaning)
    } else if !segments.is_empty() && !is_loopback(url) {
        let meaning = "Alloy's own address has no path; keep it only if a proxy of yours wants one";
        Finding::warning("alloy.base_url", redact::url(url), meaning)
    } else {
        return;
    };
    found.push(finding.write(origin_of(url)));
}

fn is_version(text: &str) -> bool {
    let month = |text: &str| text.len() == 2 && text.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month));
    text.split_once('-').is_some_and(|(year, rest)| year.len() == 4 && year.parse::<u16>().is_ok() && month(rest))
}

fn is_numbered(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|number| number.parse::<u16>().is_ok())
}

fn hosts(setting: &'static str, hosts: &[String], found: &mut Vec<Finding>) {
    if let Some(wrong) = hosts.iter().find(|host| !is_host(host)) {
        let meaning = "each is a host alone, without scheme, port or path; *. in front stands for every name under it";
        let right: Vec<String> = hosts.iter().filter_map(|host| host_alone(host)).collect();
        found.push(Finding::error(setting, redact::text(wrong), meaning).write(right));
    }
}

fn is_host(text: &str) -> bool {
    let name = text.strip_prefix("*.").unwrap_or(text);
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
}

fn host_alone(text: &str) -> Option<String> {
    if is_host(text) {
        return Some(text.to_owned());
    }
    let parsed = Url::parse(text).ok().filter(Url::has_host).or_else(|| Url::parse(&format!("https://{text}")).ok())?;
    parsed.host_str().filter(|host| is_host(host)).map(ToOwned::to_owned)
}
