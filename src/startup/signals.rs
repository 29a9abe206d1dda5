//! What the system tells the process.

use std::io::IsTerminal as _;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Waits for SIGTERM, for Ctrl-C, or for the terminal to be closed.
pub async fn asked_to_stop() {
    let Ok(mut hangup) = signal(SignalKind::hangup()) else { return std::future::pending().await };
    tokio::select! {
        () = told_to_end() => {}
        _ = hangup.recv() => {}
    }
}

/// Waits for SIGTERM or for Ctrl-C.
pub(super) async fn told_to_end() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// What SIGHUP means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hangup {
    /// The terminal that the process was started in is closed.
    Closed,
    /// There is no terminal, or it is still there: somebody asks to read the settings again, as operators expect.
    Reread,
}

/// Hangups as they come.
pub(super) struct Hangups {
    signal: Option<Signal>,
    terminal: bool,
}

impl Hangups {
    /// From now on SIGHUP does not end the process by itself.
    pub(super) fn listen() -> Self {
        Self { signal: signal(SignalKind::hangup()).ok(), terminal: std::io::stdin().is_terminal() }
    }

    /// Waits for the next one.
    pub(super) async fn next(&mut self) -> Hangup {
        match &mut self.signal {
            Some(signal) => signal.recv().await,
            None => std::future::pending().await,
        };
        // A terminal that was closed is none any more.
        if self.terminal && !std::io::stdin().is_terminal() { Hangup::Closed } else { Hangup::Reread }
    }
}
