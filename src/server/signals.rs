//! What the system tells the process.

use std::io::IsTerminal as _;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Waits for SIGTERM, SIGINT or SIGHUP.
pub async fn asked_to_stop() {
    let Ok(mut hangup) = signal(SignalKind::hangup()) else { return std::future::pending().await };
    let mut stops = StopSignals::listen();
    tokio::select! {
        () = stops.next() => {}
        _ = hangup.recv() => {}
    }
}

/// SIGTERM and SIGINT. One value listens from its creation on, so that no signal is lost between two calls of `next`.
pub(crate) struct StopSignals {
    terminate: Option<Signal>,
    interrupt: Option<Signal>,
}

impl StopSignals {
    pub(crate) fn listen() -> Self {
        Self { terminate: signal(SignalKind::terminate()).ok(), interrupt: signal(SignalKind::interrupt()).ok() }
    }

    /// Waits for the next signal. Cancel-safe: a signal that arrives meanwhile ends the next call.
    pub(crate) async fn next(&mut self) {
        tokio::select! {
            () = received(&mut self.terminate) => {}
            () = received(&mut self.interrupt) => {}
        }
    }
}

async fn received(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => _ = signal.recv().await,
        None => std::future::pending().await,
    }
}

/// What SIGHUP means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hangup {
    /// The terminal that the process was started in is closed.
    Closed,
    /// There is no terminal, or it is still there: somebody asks to read the settings again, as operators expect.
    Reread,
}

/// Hangups as they come.
pub(crate) struct Hangups {
    signal: Option<Signal>,
    terminal: bool,
}

impl Hangups {
    /// From now on SIGHUP does not end the process by itself.
    pub(crate) fn listen() -> Self {
        Self { signal: signal(SignalKind::hangup()).ok(), terminal: std::io::stdin().is_terminal() }
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) -> Hangup {
        received(&mut self.signal).await;
        // A terminal that was closed is none any more.
        if self.terminal && !std::io::stdin().is_terminal() { Hangup::Closed } else { Hangup::Reread }
    }
}
