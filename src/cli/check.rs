//! `gangway check`: what is wrong with the settings, and the exact line to write.

mod alloy;
mod apps;
mod catalogue;
mod files;
mod host;
mod network;
mod report;
mod server;
mod tables;
mod times;
mod upstream;

use std::path::Path;

use crate::{
    config::{Finding, Settings, safety},
    domain::clock::{Clock, Entropy},
};

pub use report::{Outcome, report};

/// What can be found in the settings and on this machine alone. `config` is the file that they came from.
pub fn offline(settings: &Settings, config: Option<&Path>, entropy: &dyn Entropy) -> Vec<Finding> {
    let mut found = safety::dangers(settings, entropy);
    alloy::judge(&settings.alloy, &mut found);
    server::judge(settings, &mut found);
    host::judge(settings, &mut found);
    times::judge(settings, &mut found);
    apps::judge(&settings.connectors, &mut found);
    files::judge(settings, config, &mut found);
    found
}

/// What can be found by asking Alloy, the database's host and `server.public_url`. Nothing is made or changed there.
pub async fn online(settings: &Settings, clock: &dyn Clock) -> Vec<Finding> {
    let mut found = Vec::new();
    upstream::judge(settings, clock, &mut found).await;
    network::judge(settings, &mut found).await;
    found
}

/// What can be found in the database: whether this release can work on it. Nothing is made or changed there.
pub async fn stored(settings: &Settings) -> Option<Finding> {
    tables::judge(settings).await
}

#[cfg(test)]
mod tests;
