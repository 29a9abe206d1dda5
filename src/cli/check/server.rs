//! Checks `server.*` and `limits.*`.

use crate::{
    config::{Finding, Rate, Settings, redact},
    runtime::net::is_loopback,
};

pub(crate) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    let server = &settings.server;
    if !server.admin_bind.ip().is_loopback() {
        let meaning = "health and metrics can be read by anyone who reaches this address; keep it behind a firewall or on this machine";
        found.push(
            Finding::warning("server.admin_bind", server.admin_bind.to_string(), meaning)
                .write(format!("127.0.0.1:{}", server.admin_bind.port())),
        );
    }
    if server.public_url.scheme() == "https" && server.trusted_proxies.is_empty() {
        let meaning =
            "behind a proxy all visitors seem to have one address and share limits.per_address; name your proxy";
        found.push(Finding::warning("server.trusted_proxies", "not set", meaning).write(vec!["127.0.0.1"]));
    }
    reachable(settings, found);
    limits(settings, found);
}

/// A public host cannot send its users to this machine.
fn reachable(settings: &Settings, found: &mut Vec<Finding>) {
    let public = &settings.server.public_url;
    let host = settings.host.origins.iter().chain(settings.host.web_return_urls()).find(|url| !is_loopback(url));
    if let Some(name) = host.and_then(|url| url.host_str())
        && is_loopback(public)
    {
        let domain = name.split_once('.').map_or(name, |(_, rest)| if rest.contains('.') { rest } else { name });
        let meaning = format!("your product is at {name}, and its users cannot reach this machine by that name");
        found.push(
            Finding::error("server.public_url", redact::url(public), meaning)
                .write(format!("https://connect.{domain}")),
        );
    }
}

/// With more accounts of one app, the list of ten such apps exceeds the maximum body.
const MAX_KEYS_PER_APP: u32 = 2_000;

fn limits(settings: &Settings, found: &mut Vec<Finding>) {
    let limits = &settings.limits;
    if limits.keys_per_app.get() > MAX_KEYS_PER_APP {
        let meaning = "Alloy lists all of a user's accounts at once, and of that list 8 MiB are read";
        let current = limits.keys_per_app.to_string();
        found.push(Finding::warning("limits.keys_per_app", current, meaning).write(50_i64));
    }
    let pairs = [
        ("limits.per_address", limits.per_address, "limits.per_session", limits.per_session),
        ("limits.overall", limits.overall, "limits.per_address", limits.per_address),
        ("limits.overall", limits.overall, "limits.per_key", limits.per_key),
    ];
    for (wide, wider, narrow, narrower) in pairs {
        if per_second(wider) < per_second(narrower) {
            let meaning = format!("less than {narrow} ({}), which can then never be reached", rate_text(narrower));
            found.push(Finding::warning(wide, rate_text(wider), meaning).write(rate_text(narrower)));
        }
    }
}

fn per_second(rate: Rate) -> f64 {
    f64::from(rate.requests) / rate.per.as_secs_f64().max(f64::MIN_POSITIVE)
}

fn rate_text(rate: Rate) -> String {
    let unit = match rate.per.as_secs() {
        0 => "ms",
        1 => "s",
        60 => "m",
        3_600 => "h",
        _ => "d",
    };
    format!("{}/{unit}", rate.requests)
}
