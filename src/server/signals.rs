//! Signals of the operating system.

use std::io::IsTerminal as _;

use tokio::signal::unix::{Signal, SignalKind, signal};

pub(crate) async fn stop_signal() {
    CommandStop::listen().next().await;
}

/// The stop signals of a command: those of [`StopSignals`], and SIGHUP, with which a terminal closes.
pub(crate) struct CommandStop {
    stops: StopSignals,
    hangup: Option<Signal>,
}

impl CommandStop {
    pub(crate) fn listen() -> Self {
        Self { stops: StopSignals::listen(), hangup: signal(SignalKind::hangup()).ok() }
    }

    pub(crate) async fn next(&mut self) {
        tokio::select! {
            () = self.stops.next() => {}
            () = received(&mut self.hangup) => {}
        }
    }

    /// For the clean-up: a terminal that closes sends SIGHUP more than once, which must not cut it short.
    pub(crate) async fn next_on_purpose(&mut self) {
        self.stops.next().await;
    }
}

/// SIGTERM and SIGINT. Listens from its creation on, so that no signal is lost between two calls of `next`.
pub(crate) struct StopSignals {
    terminate: Option<Signal>,
    interrupt: Option<Signal>,
}

impl StopSignals {
    pub(crate) fn listen() -> Self {
        Self { terminate: signal(SignalKind::terminate()).ok(), interrupt: signal(SignalKind::interrupt()).ok() }
    }

    /// Waits for the next signal. Cancel-safe: a signal that arrives between two calls ends the second one.
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hangup {
    TerminalClosed,
    /// There is no terminal, or it is still open: the operator requests a reload.
    Reload,
}

pub(crate) struct Hangups {
    signal: Option<Signal>,
    terminal: bool,
}

impl Hangups {
    /// From now on SIGHUP no longer ends the process.
    pub(crate) fn listen() -> Self {
        Self { signal: signal(SignalKind::hangup()).ok(), terminal: std::io::stdin().is_terminal() }
    }

    pub(crate) async fn next(&mut self) -> Hangup {
        received(&mut self.signal).await;
        // A closed terminal no longer counts as one.
        if self.terminal && !std::io::stdin().is_terminal() { Hangup::TerminalClosed } else { Hangup::Reload }
    }
}
