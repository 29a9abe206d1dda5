//! `gangway serve`: binds, builds, and serves until a stop signal.

use std::{future::pending, sync::Arc};

use anyhow::Context as _;
use tokio::sync::Notify;

use super::{
    Environment, Listeners, Startup,
    open_files::raise_open_file_limit,
    reload::{Reload, SettingsSource},
    services,
    signals::{Hangup, Hangups, StopSignals},
};
use crate::{config::Settings, store};

pub(crate) async fn serve(settings: Settings, source: Option<SettingsSource>, hold_back: bool) -> anyhow::Result<()> {
    if hold_back {
        tracing::warn!(
            "--hold-back: no event is sent, nothing is deleted at Alloy, and no other work is done in the background"
        );
    }
    raise_open_file_limit();
    let mut hangups = Hangups::listen();
    let _alone = store::lock(&settings.store.url).context("store.url")?;
    let (bind, admin) = (settings.server.bind, settings.server.admin_bind);
    // From here on: in a container, a first process that listens to no signal is not ended by one.
    let mut stops = StopSignals::listen();
    let services = tokio::select! {
        services = services(settings, Environment::default()) => services?,
        () = stops.next() => {
            tracing::info!("stopped before it was ready");
            return Ok(());
        }
    };
    // Only now: a caller would hang until the tables are prepared.
    let listeners = Listeners::bind(&services.settings)?;
    let startup = Startup::build(services, listeners)?.holding_back(hold_back);
    let handle = startup.handle();
    let reload = Arc::new(Notify::new());
    if let Some(source) = source {
        tokio::spawn(Reload::new(Arc::clone(&startup.services.catalogue), source).run(Arc::clone(&reload)));
    }
    tracing::info!(%bind, %admin, version = env!("CARGO_PKG_VERSION"), "ready");
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = stops.next() => break,
                hangup = hangups.next() => match hangup {
                    Hangup::TerminalClosed => break,
                    Hangup::Reload => reload.notify_one(),
                },
            }
        }
        tracing::info!("stopping: requests under way are answered first");
        tokio::select! {
            // The jobs may still be at work.
            () = async { handle.stop(true).await; pending().await } => {}
            () = stops.next() => handle.stop(false).await,
        }
    });
    startup.run_until_stopped().await.context("the server failed")
}
