//! Values that disable a protection, and texts that every page needs.

use std::time::Duration;

use tracing_subscriber::EnvFilter;

use crate::{
    config::{Finding, Rate, Settings},
    domain::text,
};

const MAX_START_CODE: Duration = Duration::from_secs(10 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// An event is first sent within three days, or never, and last up to four days later (`webhook::retry_schedule`).
const MIN_EVENT_RETENTION: Duration = Duration::from_secs(7 * 24 * 60 * 60);
const MAX_HELD: u32 = 100;
/// Supervisors kill a process that takes longer to stop.
const MAX_DRAIN: Duration = Duration::from_secs(60);
const KEEP_ALIVE: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(60 * 60);

pub(crate) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    durations(settings, found);
    retention(settings, found);
    limits(settings, found);
    if !text::is_visible(&settings.host.name) {
        let current = if settings.host.name.trim().is_empty() { "not set" } else { "without a visible character" };
        let meaning = "every page says for which product it is";
        found.push(Finding::error("host.name", current, meaning).write("Acme Notes"));
    }
    if let Some(color) = settings.brand.color.as_deref()
        && !is_color(color)
    {
        let meaning = "a colour is # and six hexadecimal digits; other text would get into the pages' style";
        found.push(Finding::error("brand.color", format!("{color:?}"), meaning).write("#1a56db"));
    }
    if EnvFilter::builder().parse(&settings.telemetry.log).is_err() {
        let meaning = "not a filter such as info or gangway=debug, so nothing could be logged";
        found.push(Finding::error("telemetry.log", format!("{:?}", settings.telemetry.log), meaning).write("info"));
    }
}

fn durations(settings: &Settings, found: &mut Vec<Finding>) {
    let (session, link) = (&settings.session, &settings.link);
    if session.start_code > MAX_START_CODE {
        let meaning = "a start link lies in mail and chat; it may work for 10m at the most";
        found.push(Finding::error("session.start_code", seconds(session.start_code), meaning).write("10m"));
    }
    if settings.server.drain > MAX_DRAIN {
        let meaning =
            "Gangway takes requests for this long after a signal, and supervisors kill it earlier; at most 60s";
        found.push(Finding::error("server.drain", seconds(settings.server.drain), meaning).write("2s"));
    }
    if !KEEP_ALIVE.contains(&settings.server.keep_alive) {
        let meaning = "idle connections stay open for 1s to 1h, and longer than the proxy in front keeps them";
        let current = seconds(settings.server.keep_alive);
        found.push(Finding::error("server.keep_alive", current, meaning).write("130s"));
    }
    let all = [
        ("session.start_code", session.start_code, "10m"),
        ("session.idle", session.idle, "30m"),
        ("session.absolute", session.absolute, "4h"),
        ("link.patience", link.patience, "60s"),
        ("link.deadline", link.deadline, "65m"),
    ];
    for (setting, given, default) in all {
        if given < Duration::from_secs(1) {
            let meaning = "it would be over before it begins";
            found.push(Finding::error(setting, seconds(given), meaning).write(default));
        }
    }
}

fn retention(settings: &Settings, found: &mut Vec<Finding>) {
    let (session, retention) = (&settings.session, &settings.retention);
    let used = session.start_code.saturating_add(session.absolute).saturating_add(settings.link.deadline);
    if retention.sessions < used.max(DAY) {
        let meaning =
            "a session binds what began in it: it is needed for session.absolute and link.deadline, and a day";
        let days = used.max(DAY).as_secs().div_ceil(DAY.as_secs()).max(30);
        found
            .push(Finding::error("retention.sessions", seconds(retention.sessions), meaning).write(format!("{days}d")));
    }
    if retention.events < MIN_EVENT_RETENTION {
        let meaning = "an event may be tried for up to a week until it is given up; 7d are the least";
        found.push(Finding::error("retention.events", seconds(retention.events), meaning).write("30d"));
    }
    if retention.attempts < DAY.max(settings.link.deadline) {
        let meaning = "users ask what became of their last try; a day is the least, and link.deadline";
        found.push(Finding::error("retention.attempts", seconds(retention.attempts), meaning).write("90d"));
    }
}

fn limits(settings: &Settings, found: &mut Vec<Finding>) {
    let limits = &settings.limits;
    let all = [
        ("limits.per_session", limits.per_session, "240/m"),
        ("limits.per_address", limits.per_address, "600/m"),
        ("limits.per_key", limits.per_key, "6000/m"),
        ("limits.overall", limits.overall, "60000/m"),
        ("limits.attempts_per_user", limits.attempts_per_user, "60/h"),
    ];
    for (setting, Rate { requests, per }, default) in all {
        if requests == 0 || per.is_zero() {
            let meaning = "it would refuse every request";
            found.push(Finding::error(setting, format!("{requests} in {}", seconds(per)), meaning).write(default));
        }
    }
    if limits.held_per_session.get() > MAX_HELD {
        let meaning = "at most 100: with more, one user can hold too many requests";
        let given = limits.held_per_session.to_string();
        found.push(Finding::error("limits.held_per_session", given, meaning).write(4));
    }
}

fn seconds(duration: Duration) -> String {
    format!("{}s", duration.as_secs_f64())
}

fn is_color(color: &str) -> bool {
    color
        .strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
