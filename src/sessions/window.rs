//! The window of a session: a pop-up or a frame of the host's page. What it shows is recorded by our own pages, because
//! the host's script cannot see it. For a session in the browser's own tab nothing is recorded.
//!
//! A page gets its number when it is requested, and counts when it is answered. Browsers unload a page when the next one
//! is there, so a page that is unloaded while the next one is requested was closed by its user.

use std::{sync::atomic::Ordering, time::Duration};

use tokio::time::timeout;

use super::Sessions;
use crate::domain::{
    attempt::LinkAttempt,
    clock::to_millis,
    error::Error,
    outcome::{Relation, WatchedAttempt},
    session::{ConnectSession, Display},
    window::RELOAD,
};

/// Timeout for a read or a write about a window, so that no page waits long for it.
const TIMEOUT: Duration = Duration::from_millis(300);

/// A page that a request may answer to the window of its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestedPage {
    pub(crate) number: i64,
    /// Number of changes of the window before the request; `None` if it could not be read.
    changes: Option<i64>,
}

impl Sessions {
    /// A number larger than those of all earlier pages of the window, even if the store does not answer.
    pub(crate) async fn request_page(&self, session: &ConnectSession) -> RequestedPage {
        let newest = bounded(async { Ok(self.store.newest_page(session.id).await?) }).await;
        let newest = newest.inspect_err(|error| tracing::warn!(%error, "the state of a window could not be read"));
        let newest = newest.ok().flatten();
        let least = newest.map_or(0, |(page, _)| page + 1).max(to_millis(self.clock.now()));
        let next = |last: i64| least.max(last + 1);
        let last = self.last_page.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(next(last)));
        let number = next(last.unwrap_or_else(|last| last));
        RequestedPage { number, changes: newest.map(|(_, changes)| changes) }
    }

    /// The page is answered to the window, which is neither left nor at a provider then.
    pub(crate) async fn page_answered(&self, session: &ConnectSession, page: RequestedPage) -> Result<(), Error> {
        self.record_page(session, page, false).await
    }

    /// The user goes on at a provider: the browser is redirected there, or the page in a frame says so.
    pub(crate) async fn window_away(&self, session: &ConnectSession, page: RequestedPage) -> Result<(), Error> {
        self.record_page(session, page, true).await
    }

    async fn record_page(&self, session: &ConnectSession, page: RequestedPage, is_away: bool) -> Result<(), Error> {
        if !has_window(session) {
            return Ok(());
        }
        let away_at = is_away.then(|| self.clock.now());
        let changes = page.changes.unwrap_or(i64::MAX);
        bounded(async {
            self.record_start_display(session).await?;
            Ok(self.store.page_answered(session.id, page.number, away_at, changes).await?)
        })
        .await?;
        self.watchers.notify(session.id);
        Ok(())
    }

    /// Whether the outcome of the session is about the attempt, too.
    pub(crate) async fn has_attempt(&self, session: &ConnectSession, attempt: &LinkAttempt) -> Result<bool, Error> {
        Ok(attempt.session_id == session.id || self.store.counts_for(attempt.id, session.id).await?)
    }

    /// The attempts that began or were continued in the session, newest first.
    pub(crate) async fn attempts(&self, session: &ConnectSession) -> Result<Vec<WatchedAttempt>, Error> {
        let watched = self.store.session_window(session.id).await?;
        let mut attempts = watched.map(|watched| watched.attempts).unwrap_or_default();
        attempts.retain(|attempt| attempt.relation != Relation::Child);
        attempts.reverse();
        Ok(attempts)
    }

    /// That page was unloaded. The window is left, unless a later page was answered or is within five seconds.
    pub(crate) async fn window_left(&self, session: &ConnectSession, page: i64) -> Result<(), Error> {
        if has_window(session) {
            self.record_start_display(session).await?;
            self.store.window_left(session.id, page, self.clock.now() + RELOAD).await?;
            self.watchers.notify(session.id);
        }
        Ok(())
    }

    /// The user pressed *Cancel* or *Close this window*.
    pub(crate) async fn window_closed(&self, session: &ConnectSession) -> Result<(), Error> {
        if has_window(session) {
            self.record_start_display(session).await?;
            self.store.window_closed(session.id, self.clock.now()).await?;
            self.watchers.notify(session.id);
        }
        Ok(())
    }

    /// Only the start page knows the window of a session that is not redeemed.
    async fn record_start_display(&self, session: &ConnectSession) -> Result<(), Error> {
        if session.redeemed_at.is_none() {
            self.store.record_start_display(session.id, session.display).await?;
        }
        Ok(())
    }

    /// The user sees how an attempt ended.
    pub(crate) async fn record_end(&self, session: &ConnectSession) -> Result<(), Error> {
        if has_window(session) {
            bounded(async { Ok(self.store.record_end(session.id, self.clock.now()).await?) }).await?;
            self.watchers.notify(session.id);
        }
        Ok(())
    }
}

async fn bounded<T>(call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    timeout(TIMEOUT, call)
        .await
        .unwrap_or_else(|_| Err(Error::StoreBusy("a window was not answered in time".to_owned())))
}

fn has_window(session: &ConnectSession) -> bool {
    session.display != Display::Page
}
