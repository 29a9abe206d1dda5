//! URLs and addresses that expose secrets in transit, or have the wrong form.

use std::net::IpAddr;

use url::Url;

use crate::{
    config::{Finding, Host, Settings, VerifyCompletion, redact},
    runtime::net::{
        has_login, is_loopback, is_origin, is_private_use, is_same_site, is_unencrypted, origin_of, over_https,
    },
};

pub(crate) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    listeners(settings, found);
    public_url(&settings.server.public_url, found);
    upstream(settings, found);
    origins(&settings.host.origins, found);
    frames(settings, found);
    return_urls(&settings.host, found);
    completion(&settings.host, found);
    proxies(&settings.server.trusted_proxies, found);
}

fn listeners(settings: &Settings, found: &mut Vec<Finding>) {
    let server = &settings.server;
    if server.bind == server.admin_bind && server.bind.port() != 0 {
        let port = server.bind.port().checked_add(1).unwrap_or(3001);
        let meaning = "the same as server.bind: health and metrics need a listener of their own";
        found.push(
            Finding::error("server.admin_bind", server.admin_bind.to_string(), meaning)
                .write(format!("127.0.0.1:{port}")),
        );
    }
}

fn public_url(url: &Url, found: &mut Vec<Finding>) {
    let current = redact::url(url);
    if is_unencrypted(url) {
        let meaning = "cookies and start codes can be read on the way without https";
        found.push(Finding::error("server.public_url", current, meaning).write(over_https(&origin(url))));
    } else if !is_origin(url) {
        let meaning = "only a scheme and a host: cookies of the strictest kind (`__Host-`) need an origin of their own";
        found.push(Finding::error("server.public_url", current, meaning).write(origin_of(url)));
    }
}

fn origin(url: &Url) -> Url {
    url.join("/").unwrap_or_else(|_| url.clone())
}

fn upstream(settings: &Settings, found: &mut Vec<Finding>) {
    let base = &settings.alloy.base_url;
    let current = redact::url(base);
    if is_loopback(base) && !is_loopback(&settings.server.public_url) {
        let meaning =
            "an Alloy on this machine is the sandbox: behind a public server.public_url no user's app would be linked";
        found.push(Finding::error("alloy.base_url", current, meaning).write("https://production.runalloy.com"));
    } else if is_unencrypted(base) {
        let meaning = "your Alloy key can be read on the way without https";
        found.push(Finding::error("alloy.base_url", current, meaning).write(over_https(base)));
    }
}

fn origins(origins: &[Url], found: &mut Vec<Finding>) {
    let is_wrong = |url: &&Url| is_unencrypted(url) || !is_origin(url) || !names_one_host(url);
    let Some(wrong) = origins.iter().find(is_wrong) else { return };
    let meaning = if !names_one_host(wrong) {
        "each origin is written out: a * or another sign stands for nothing here, and would allow too much in a header"
    } else if is_unencrypted(wrong) {
        "a page over http can be changed on the way, and what it posts with it"
    } else {
        "an origin is a scheme and a host, without a path"
    };
    let named = origins.iter().filter(|url| names_one_host(url));
    let right: Vec<String> =
        named.map(|url| secure(url).map_or_else(|| over_https(&origin(url)), |url| origin_of(&url))).collect();
    found.push(Finding::error("host.origins", redact::url(wrong), meaning).write(right));
}

/// The URL parser also accepts signs that mean something in a security policy.
fn names_one_host(url: &Url) -> bool {
    let is_name =
        |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
    match url.host() {
        Some(url::Host::Domain(name)) => is_name(name),
        Some(url::Host::Ipv4(_) | url::Host::Ipv6(_)) => true,
        None => false,
    }
}

fn frames(settings: &Settings, found: &mut Vec<Finding>) {
    let (host, public) = (&settings.host, &settings.server.public_url);
    if !host.frames {
        return;
    }
    let current = "true";
    if host.origins.is_empty() {
        let meaning = "host.origins names the pages that may show a frame, and it is empty";
        found.push(Finding::error("host.frames", current, meaning).write(false));
    } else if let Some(other) = host.origins.iter().find(|origin| matches!(origin.host(), Some(url::Host::Ipv6(_)))) {
        let meaning = format!("{} in host.origins: browsers know no IPv6 address in frame-ancestors", origin_of(other));
        found.push(Finding::error("host.frames", current, meaning).write(false));
    } else if let Some(other) = host.origins.iter().find(|origin| !is_same_site(origin, public)) {
        let meaning = format!(
            "{} in host.origins is of another site than {} (server.public_url), and browsers send no cookies from a frame there: \
             put Gangway beside your product, as connect.acme.com is beside app.acme.com, or use the pop-up in place of the frame",
            redact::url(&origin(other)).trim_end_matches('/'),
            origin_of(public),
        );
        found.push(Finding::error("host.frames", current, meaning).write(false));
    }
}

fn return_urls(host: &Host, found: &mut Vec<Finding>) {
    let urls = &host.return_urls;
    let is_never = host.verify_completion == VerifyCompletion::Never;
    if let Some(app) = urls.iter().find(|url| is_private_use(url)).filter(|_| is_never) {
        let meaning = format!(
            "any app on a device can take the scheme of {} (host.return_urls), so your server has to say who came back",
            redact::url(app)
        );
        found.push(Finding::error("host.verify_completion", "\"never\"", meaning).write("links"));
    }
    let is_unsafe = |url: &Url| is_unencrypted(url) && !is_private_use(url);
    let Some(wrong) = urls.iter().find(|url| is_unsafe(url) || has_login(url) || url.fragment().is_some()) else {
        return;
    };
    let meaning = if is_unsafe(wrong) && wrong.scheme() != "http" {
        "an address is https, or of an app's own scheme, which is a domain name of yours in reverse order (com.acme.app:/connected)"
    } else if is_unsafe(wrong) {
        "what is sent back to your product could be read and changed on the way without https"
    } else if has_login(wrong) {
        "a name or a password in an address would be sent to every browser"
    } else {
        "our parameters would come after the #, where your server does not see them"
    };
    let right: Vec<String> = urls
        .iter()
        .map(|url| {
            let over_https = || over_https(url).parse().unwrap_or_else(|_| url.clone());
            let mut right = if is_unsafe(url) { over_https() } else { url.clone() };
            right.set_fragment(None);
            redact::url(&right)
        })
        .collect();
    found.push(Finding::error("host.return_urls", redact::url(wrong), meaning).write(right));
}

fn completion(host: &Host, found: &mut Vec<Finding>) {
    if host.verify_completion != VerifyCompletion::Never && host.return_urls.is_empty() {
        let meaning = "with host.verify_completion your server says at one of these addresses who linked an app; without one nothing would ever be linked";
        found.push(Finding::error("host.return_urls", "not set", meaning).write(vec![host.likely_return_url()]));
    }
}

fn secure(url: &Url) -> Option<Url> {
    (!is_unencrypted(url)).then(|| url.clone())
}

fn proxies(proxies: &[String], found: &mut Vec<Finding>) {
    let narrow: Vec<&String> = proxies.iter().filter(|proxy| narrow_network(proxy)).collect();
    if let Some(wrong) = proxies.iter().find(|proxy| !narrow_network(proxy)) {
        let meaning = "each is an IP address or a network such as 10.0.0.0/8; one that holds everybody lets anyone pretend to be anyone";
        found.push(
            Finding::error("server.trusted_proxies", format!("{wrong:?}"), meaning)
                .write(narrow.into_iter().cloned().collect::<Vec<String>>()),
        );
    }
}

fn narrow_network(text: &str) -> bool {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let most = if address.is_ipv4() { 32 } else { 128 };
    bits.is_none_or(|bits| bits.parse::<u8>().is_ok_and(|bits| bits > 0 && bits <= most))
}
