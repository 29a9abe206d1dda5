//! Lists of attempts, for the host's server.

use std::collections::BTreeSet;

use sqlx::AssertSqlSafe;
use time::OffsetDateTime;

use super::{
    AttemptWithTimeline, Result, Store,
    statement::{batch_size, with_rows, without},
};
use crate::domain::{
    attempt::{AttemptId, State},
    clock::to_millis,
    session::{ExternalId, SessionId},
};

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttemptFilter {
    pub session: Option<SessionId>,
    pub user: Option<ExternalId>,
    pub state: Option<State>,
    pub before: Option<(OffsetDateTime, AttemptId)>,
}

impl Store {
    /// Returns at most `most` attempts, newest first, without those of erased users.
    pub async fn attempts(&self, filter: &AttemptFilter, most: u16) -> Result<Vec<AttemptWithTimeline>> {
        let AttemptFilter { session, user, state, before } = filter;
        let used = [session.is_some(), user.is_some(), state.is_some(), before.is_some()];
        let unused: Vec<&str> =
            ["$2", "$3", "$4", "$5"].into_iter().zip(used).filter(|(_, used)| !used).map(|(mark, _)| mark).collect();
        let query = sqlx::query(AssertSqlSafe(without(include_str!("sql/attempts/attempts.sql"), &unused)))
            .bind(i64::from(most))
            .bind(*session)
            .bind(user.as_ref())
            .bind(*state)
            .bind(before.map(|(at, _)| to_millis(at)))
            .bind(before.map(|(_, id)| id));
        self.fetch_all(query).await
    }

    pub(crate) async fn ended_among(&self, ids: &[AttemptId]) -> Result<Vec<AttemptId>> {
        let size = batch_size(ids.len());
        let statement =
            with_rows(include_str!("sql/attempts/open_among.sql"), 1, 1, size, |place| format!("(${place})"));
        let mut ended = Vec::new();
        for batch in ids.chunks(size) {
            // Pads the batch with its last id.
            let padded = batch.iter().chain(batch.last().into_iter().cycle()).take(size);
            let query = padded.fold(sqlx::query(AssertSqlSafe(statement.clone())), |query, id| query.bind(*id));
            let open: Vec<(AttemptId,)> = self.fetch_all(query).await?;
            let open: BTreeSet<AttemptId> = open.into_iter().map(|(id,)| id).collect();
            ended.extend(batch.iter().filter(|id| !open.contains(id)));
        }
        Ok(ended)
    }
}
