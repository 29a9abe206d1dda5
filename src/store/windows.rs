//! The pop-up or frame in which a session is shown. For a session without one the calls do nothing.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow, Row as _, any::AnyRow, query};
use time::OffsetDateTime;

use super::{
    Result, Store,
    attempt_row::state,
    columns::{Columns as _, millis_if_any},
    database::{execute, fetch_all, fetch_optional},
    statement::{batch_size, with_rows},
};
use crate::domain::{
    attempt::{AttemptId, Reason},
    clock::to_millis,
    outcome::{Watched, WatchedAttempt},
    session::{ConnectSession, Display, SessionId},
    window::Window,
};

impl Store {
    /// The session with its window and its attempts.
    pub async fn session_window(&self, id: SessionId) -> Result<Option<Watched>> {
        let connection = &mut self.reads.acquire().await?;
        let session = query(include_str!("sql/windows/window.sql")).bind(id);
        let Some(watched) = fetch_optional::<Watched>(connection, session).await? else { return Ok(None) };
        let attempts = query(include_str!("sql/windows/attempts.sql")).bind(id);
        Ok(Some(Watched { attempts: fetch_all(connection, attempts).await?, ..watched }))
    }

    /// [`Watched::stored_version`] of each of these sessions. Sessions that were erased are left out.
    pub async fn watched_versions(&self, ids: &[SessionId]) -> Result<Vec<(SessionId, i64)>> {
        let size = batch_size(ids.len());
        let statement = with_rows(include_str!("sql/windows/versions.sql"), 1, 1, size, |place| format!("(${place})"));
        let mut versions = Vec::with_capacity(ids.len());
        for batch in ids.chunks(size) {
            // Pads the batch with its last id.
            let padded = batch.iter().chain(batch.last().into_iter().cycle()).take(size);
            let query = padded.fold(query(AssertSqlSafe(statement.clone())), |query, id| query.bind(*id));
            let rows: Vec<(SessionId, Option<i64>)> = self.fetch_all(query).await?;
            versions.extend(rows.into_iter().filter_map(|(id, version)| Some((id, version?))));
        }
        Ok(versions)
    }

    /// The number of the window's newest page, and the number of its changes.
    pub async fn newest_page(&self, id: SessionId) -> Result<Option<(i64, i64)>> {
        self.fetch_optional(query(include_str!("sql/windows/newest_page.sql")).bind(id)).await
    }

    /// That page was answered to the window, or a redirect to a provider at that time. The window is open or away then,
    /// unless it was left after those changes.
    pub async fn page_answered(
        &self,
        id: SessionId,
        page: i64,
        away_at: Option<OffsetDateTime>,
        changes: i64,
    ) -> Result<()> {
        let query = query(include_str!("sql/windows/answered.sql")).bind(id).bind(page);
        self.execute(query.bind(millis_if_any(away_at)).bind(changes)).await?;
        Ok(())
    }

    /// The window counts as left from then on, unless it was answered a page after that one.
    pub async fn window_left(&self, id: SessionId, page: i64, from: OffsetDateTime) -> Result<()> {
        let query = query(include_str!("sql/windows/left.sql")).bind(id).bind(to_millis(from)).bind(page);
        self.execute(query).await?;
        Ok(())
    }

    /// The window in which an unredeemed session's start page is closed.
    pub async fn record_start_display(&self, id: SessionId, display: Display) -> Result<()> {
        let query = query(include_str!("sql/windows/start_display.sql")).bind(id).bind(column(display));
        self.execute(query).await?;
        Ok(())
    }

    pub async fn window_closed(&self, id: SessionId, now: OffsetDateTime) -> Result<()> {
        self.execute(query(include_str!("sql/windows/closed.sql")).bind(id).bind(to_millis(now))).await?;
        Ok(())
    }

    /// The attempt goes on in that session, where its user began with the same input.
    pub async fn continue_attempt(&self, id: AttemptId, session: SessionId) -> Result<()> {
        self.execute(query(include_str!("sql/windows/continue.sql")).bind(id).bind(session)).await?;
        Ok(())
    }

    /// Returns whether the attempt is one of the session's.
    pub async fn counts_for(&self, id: AttemptId, session: SessionId) -> Result<bool> {
        let query = query(include_str!("sql/windows/counts_for.sql")).bind(id).bind(session);
        let found: Option<(i64,)> = self.fetch_optional(query).await?;
        Ok(found.is_some_and(|(count,)| count > 0))
    }

    /// The user sees how an attempt ended. The first time counts.
    pub async fn record_end(&self, id: SessionId, now: OffsetDateTime) -> Result<()> {
        self.execute(query(include_str!("sql/windows/end.sql")).bind(id).bind(to_millis(now))).await?;
        Ok(())
    }
}

/// Another session takes the browser.
pub(super) async fn replace(connection: &mut AnyConnection, id: SessionId, at: OffsetDateTime) -> Result<()> {
    let query = query(include_str!("sql/windows/replaced.sql"));
    execute(connection, query.bind(id).bind(to_millis(at))).await?;
    Ok(())
}

/// An earlier release, still running beside this one, writes null for its pages.
pub(super) fn column(display: Display) -> Option<Display> {
    (display != Display::Page).then_some(display)
}

impl FromRow<'_, AnyRow> for Watched {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        let window = Window {
            pages: row.try_get::<Option<i64>, _>("window_pages")?.unwrap_or_default(),
            away_at: row.time_if_any("window_away_at")?,
            left_at: row.time_if_any("window_left_at")?,
            changes: row.try_get::<Option<i64>, _>("window_changes")?.unwrap_or_default(),
            end_shown_at: row.time_if_any("end_shown_at")?,
            replaced_at: row.time_if_any("replaced_at")?,
        };
        Ok(Self { session: ConnectSession::from_row(row)?, window, attempts: Vec::new() })
    }
}

impl FromRow<'_, AnyRow> for WatchedAttempt {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        let state = state(row)?;
        let is_open = !state.is_end();
        Ok(Self {
            id: row.try_get("id")?,
            connector: row.try_get("connector")?,
            relation: row.required("relation", |name| name.parse().ok())?,
            version: row.unsigned("version")?,
            state,
            reason: row.try_get::<Option<Reason>, _>("reason")?.filter(|_| !is_open),
            began_at: row.time("began_at")?,
            returned_at: row.time_if_any("returned_at")?,
            settled_at: row.time_if_any("settled_at")?.filter(|_| !is_open),
        })
    }
}
