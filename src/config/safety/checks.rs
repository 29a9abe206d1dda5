//! Checks of connections at intervals.

use std::time::Duration;

use crate::config::{Finding, Settings};

/// More calls would tell little more, and cost Alloy's rate limit.
const MIN_INTERVAL: Duration = Duration::from_secs(60 * 60);
const MAX_INTERVAL: Duration = Duration::from_secs(365 * 24 * 60 * 60);

pub(crate) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    for table in settings.connectors.each.values() {
        let Some(every) = table.check_every else { continue };
        let (setting, current) = (format!("connectors.{}.check_every", table.id), format!("{}s", every.as_secs_f64()));
        if every < MIN_INTERVAL {
            let meaning = "each connection of the app costs a call to Alloy so often; 1h is the least";
            found.push(Finding::error(setting, current, meaning).write("24h"));
        } else if every > MAX_INTERVAL {
            found.push(Finding::error(setting, current, "365d is the most").write("30d"));
        } else if table.whoami.is_none() {
            let meaning = "without connectors.<id>.whoami there is no call that could check a connection";
            found.push(Finding::error(setting, current, meaning).write(""));
        }
    }
}
