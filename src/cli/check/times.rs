//! Checks durations against each other and against Alloy's.

use std::time::Duration;

use crate::config::{Finding, Settings};

/// Lifetime of Alloy's authorization links.
const AUTHORIZATION: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(crate) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    let (session, link) = (&settings.session, &settings.link);
    if link.deadline < AUTHORIZATION {
        let meaning = "Alloy's links live one hour: who comes back later than this is told that nothing was linked, and something was";
        found.push(Finding::warning("link.deadline", format_duration(link.deadline), meaning).write("65m"));
    }
    if link.patience >= link.deadline {
        let meaning = "not shorter than link.deadline, so that no user ever reads that a link is not confirmed";
        found.push(Finding::warning("link.patience", format_duration(link.patience), meaning).write("60s"));
    }
    if session.idle > session.absolute {
        let meaning = format!(
            "longer than session.absolute ({}), which ends the session before",
            format_duration(session.absolute)
        );
        found.push(
            Finding::warning("session.idle", format_duration(session.idle), meaning)
                .write(format_duration(session.absolute)),
        );
    }
    if session.absolute > DAY {
        let meaning = "a browser left open could link apps for more than a day";
        found.push(Finding::warning("session.absolute", format_duration(session.absolute), meaning).write("4h"));
    }
}

/// The duration as the settings spell it, in the largest unit that fits.
fn format_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        _ if duration.subsec_millis() > 0 => format!("{}ms", duration.as_millis()),
        _ if seconds >= 3_600 && seconds.is_multiple_of(3_600) => format!("{}h", seconds / 3_600),
        _ if seconds >= 60 && seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}
