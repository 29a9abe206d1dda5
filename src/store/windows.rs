//! The pop-up or frame in which a session is shown. For a session without one the calls do nothing.

use sqlx::{AnyConnection, FromRow, Row as _, any::AnyRow, query, query_scalar};
use time::OffsetDateTime;

use super::{Result, Store, columns::Columns as _, database::execute};
use crate::domain::{
    clock::to_millis,
    session::{ConnectSession, Display, SessionId},
    window::Window,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionWindow {
    pub session: ConnectSession,
    pub window: Window,
}

impl Store {
    pub async fn session_window(&self, id: SessionId) -> Result<Option<SessionWindow>> {
        self.fetch_optional(query(include_str!("sql/windows/window.sql")).bind(id)).await
    }

    /// Counts a page of the window, which is neither left nor at a provider then. Returns its number, or `None` without
    /// a window.
    pub async fn page_served(&self, id: SessionId) -> Result<Option<i64>> {
        let query = query_scalar(include_str!("sql/windows/page_served.sql")).bind(id);
        Ok(query.fetch_optional(&mut *self.writes.acquire().await?).await?)
    }

    pub async fn window_away(&self, id: SessionId, now: OffsetDateTime) -> Result<()> {
        self.execute(query(include_str!("sql/windows/away.sql")).bind(id).bind(to_millis(now))).await?;
        Ok(())
    }

    /// The window counts as left from then on, unless it was served a page after that one.
    pub async fn window_left(&self, id: SessionId, page: i64, from: OffsetDateTime) -> Result<()> {
        let query = query(include_str!("sql/windows/left.sql")).bind(id).bind(to_millis(from)).bind(page);
        self.execute(query).await?;
        Ok(())
    }

    pub async fn window_closed(&self, id: SessionId, now: OffsetDateTime) -> Result<()> {
        self.execute(query(include_str!("sql/windows/closed.sql")).bind(id).bind(to_millis(now))).await?;
        Ok(())
    }

    /// The first time counts.
    pub async fn end_shown(&self, id: SessionId, now: OffsetDateTime) -> Result<()> {
        self.execute(query(include_str!("sql/windows/end_shown.sql")).bind(id).bind(to_millis(now))).await?;
        Ok(())
    }
}

/// Another session takes the browser.
pub(super) async fn replace(connection: &mut AnyConnection, id: SessionId, now: OffsetDateTime) -> Result<()> {
    execute(connection, query(include_str!("sql/windows/replaced.sql")).bind(id).bind(to_millis(now))).await?;
    Ok(())
}

/// An earlier release, still running beside this one, writes null for its pages.
pub(super) fn column(display: Display) -> Option<Display> {
    (display != Display::Page).then_some(display)
}

impl FromRow<'_, AnyRow> for SessionWindow {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        let window = Window {
            pages: row.try_get::<Option<i64>, _>("window_pages")?.unwrap_or_default(),
            away_at: row.time_if_any("window_away_at")?,
            left_at: row.time_if_any("window_left_at")?,
            changes: row.try_get::<Option<i64>, _>("window_changes")?.unwrap_or_default(),
            end_shown_at: row.time_if_any("end_shown_at")?,
            replaced_at: row.time_if_any("replaced_at")?,
        };
        Ok(Self { session: ConnectSession::from_row(row)?, window })
    }
}
