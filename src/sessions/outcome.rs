//! The outcome of a session, for the page of the host that opened it. A caller that waits is notified at once of a
//! change of the session in this process, otherwise within half a second. One query serves all callers.

use std::{collections::HashMap, sync::Arc, time::Duration};

use time::OffsetDateTime;
use tokio::time::{Instant, timeout, timeout_at};

use super::Sessions;
use crate::{
    domain::{
        error::Error,
        outcome::{Progress, Watched},
        session::{ConnectSession, SessionId},
    },
    runtime::watchers::Watchers,
};

pub(crate) type SessionWatchers = Watchers<SessionId>;

/// Time after the session's end in which its ticket still works.
const AFTER_END: time::Duration = time::Duration::minutes(10);
/// No version of a session.
const ERASED: i64 = -1;
const QUEUE_TIMEOUT: Duration = Duration::from_secs(10);

impl Sessions {
    pub(crate) fn watchers(&self) -> Arc<SessionWatchers> {
        Arc::clone(&self.watchers)
    }

    /// Waits until the version is another one than `seen`, the time is over, the client disconnects, or the process
    /// stops. Returns `None` if the session was erased or its ticket expired.
    pub(crate) async fn await_outcome(
        &self,
        id: SessionId,
        seen: Option<i64>,
        longest: Duration,
        gone: impl Future<Output = ()>,
    ) -> Result<Option<(Watched, Progress)>, Error> {
        let until = Instant::now() + longest;
        let watcher = self.watchers.watch(id);
        tokio::pin!(gone);
        loop {
            // Created before the read, so that a change in between is noticed.
            let notified = watcher.notified();
            let Some(watched) = self.watched(id).await? else { return Ok(None) };
            watcher.has_read(watched.stored_version());
            let now = self.clock.now();
            let progress = watched.progress(self.lifetime, now);
            let is_over = Instant::now() >= until || self.shutdown.is_cancelled();
            if seen != Some(progress.version) || is_over {
                return Ok(Some((watched, progress)));
            }
            let expires_at = self.ticket_expires_at(&watched.session);
            drop(watched);
            let next = progress.next_change.map_or(expires_at, |next| next.min(expires_at));
            tokio::select! {
                _ = timeout_at(until.min(instant(now, next)), notified) => {}
                () = self.shutdown.cancelled() => {}
                () = &mut gone => return Ok(None),
            }
        }
    }

    /// Whether this process stops: then waiting callers are answered at once.
    pub(crate) fn is_stopping(&self) -> bool {
        self.shutdown.is_cancelled()
    }

    /// For changes by other processes, and of related sessions, until this process stops.
    pub(crate) async fn notify_watchers(self: Arc<Self>) {
        tokio::select! {
            () = self.shutdown.cancelled() => {}
            () = self.query_watched() => {}
        }
    }

    async fn query_watched(&self) {
        loop {
            let watched = self.watchers.due().await;
            match self.store.watched_versions(&watched).await {
                Ok(versions) => {
                    let versions: HashMap<SessionId, i64> = versions.into_iter().collect();
                    // An erased session has no version.
                    let all = watched.into_iter().map(|id| (id, versions.get(&id).copied().unwrap_or(ERASED)));
                    all.for_each(|(id, version)| self.watchers.notify_of_version(id, version));
                }
                Err(error) => tracing::warn!(%error, "the query for changed sessions failed"),
            }
        }
    }

    /// Returns whether the session has an outcome.
    pub(super) async fn is_decided(&self, id: SessionId) -> Result<bool, Error> {
        let watched = self.store.session_window(id).await?;
        let now = self.clock.now();
        Ok(watched.is_none_or(|watched| watched.progress(self.lifetime, now).outcome.is_some()))
    }

    async fn watched(&self, id: SessionId) -> Result<Option<Watched>, Error> {
        let permit = timeout(QUEUE_TIMEOUT, self.watchers.read_permit()).await;
        let _permit = permit.map_err(|_| Error::StoreBusy("too many callers read outcomes".to_owned()))?;
        let watched = self.store.session_window(id).await?;
        let now = self.clock.now();
        Ok(watched.filter(|watched| now < self.ticket_expires_at(&watched.session)))
    }

    fn ticket_expires_at(&self, session: &ConnectSession) -> OffsetDateTime {
        let expires_at = session.expires_at(self.lifetime);
        session.ended_at.map_or(expires_at, |ended| ended.min(expires_at)) + AFTER_END
    }
}

/// The moment of that time, not before it.
fn instant(now: OffsetDateTime, at: OffsetDateTime) -> Instant {
    Instant::now() + Duration::try_from(at - now).unwrap_or_default() + Duration::from_millis(1)
}
