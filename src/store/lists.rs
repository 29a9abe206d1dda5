//! Attempts as the host's server reads them: one with its steps, many by the page, and which of some have ended.

use std::collections::BTreeSet;

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, any::AnyRow};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Stored,
    attempt_row::{columns, read, step},
    database::Database,
    erased_rows::is_erased,
    row::Columns,
};
use crate::domain::{
    attempt::{AttemptId, LinkAttempt, State, TimelineEntry},
    clock::to_millis,
    session::{ExternalId, SessionId},
};

const TOLD: &str = concat!("select timeline, ", columns!(), " from link_attempt where id = $1");
/// What is left of users who were erased is nobody's to read.
const PAGE: &str = concat!("select timeline, ", columns!(), " from link_attempt where not ", is_erased!());
/// Each is looked up by itself, so that neither database can plan otherwise: for a long `in` list PostgreSQL compares each
/// open attempt with each of the list, and for a join SQLite reads all attempts.
const OPEN: &str =
    "select id from wanted where 'pending' = (select state from link_attempt where link_attempt.id = wanted.id)";
/// So many ids are asked for at once: either database takes more. Of two sizes only, so that both statements are remembered.
const CHUNKS: [usize; 2] = [20, 500];

/// An attempt and its steps, as of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The attempt.
    pub attempt: LinkAttempt,
    /// Its steps, in order.
    pub timeline: Vec<TimelineEntry>,
}

/// Which attempts are wanted: those that are all of this.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Begun in that session.
    pub session: Option<SessionId>,
    /// Of that user.
    pub user: Option<ExternalId>,
    /// Standing there.
    pub state: Option<State>,
    /// Older than the one that began then.
    pub before: Option<(OffsetDateTime, AttemptId)>,
}

/// Attempts for the host's server.
#[async_trait]
pub trait Lists: Send + Sync {
    /// The attempt of that id, with its steps.
    async fn told(&self, id: AttemptId) -> Stored<Option<Told>>;
    /// The attempts that are wanted, the newest first; `most` at the most. Of users who were erased there are none.
    async fn attempts(&self, wanted: &Filter, most: u16) -> Stored<Vec<Told>>;
    /// Which of those attempts have ended, or are not there any more.
    async fn ended_of(&self, ids: &[AttemptId]) -> Stored<Vec<AttemptId>>;
}

#[async_trait]
impl Lists for Database {
    async fn told(&self, id: AttemptId) -> Stored<Option<Told>> {
        let query = sqlx::query(TOLD).bind(id.to_string());
        query.fetch_optional(&mut *self.reads.turn().await?).await?.as_ref().map(with_steps).transpose()
    }

    async fn attempts(&self, wanted: &Filter, most: u16) -> Stored<Vec<Told>> {
        let query = sqlx::query(AssertSqlSafe(statement(wanted)));
        let query = wanted.session.iter().fold(query, |query, session| query.bind(session.to_string()));
        let query = wanted.user.iter().fold(query, |query, user| query.bind(user.as_str()));
        let query = wanted.state.iter().fold(query, |query, state| query.bind(state.as_str()));
        let query = wanted.before.iter().fold(query, |query, (at, id)| query.bind(to_millis(*at)).bind(id.to_string()));
        let rows = query.bind(i64::from(most)).fetch_all(&mut *self.reads.turn().await?).await?;
        rows.iter().map(with_steps).collect()
    }

    async fn ended_of(&self, ids: &[AttemptId]) -> Stored<Vec<AttemptId>> {
        let [small, large] = CHUNKS;
        let size = if ids.len() <= small { small } else { large };
        let places: Vec<String> = (1..=size).map(|place| format!("(${place})")).collect();
        let open = format!("with wanted (id) as (values {}) {OPEN}", places.join(", "));
        let mut ended = Vec::new();
        for some in ids.chunks(size) {
            let query = sqlx::query(AssertSqlSafe(open.clone()));
            // The last one stands in the places that are left.
            let padded = some.iter().chain(some.last().into_iter().cycle()).take(size);
            let query = padded.fold(query, |query, id| query.bind(id.to_string()));
            let rows = query.fetch_all(&mut *self.reads.turn().await?).await?;
            let open: BTreeSet<AttemptId> = rows.iter().map(id_of).collect::<Stored<_>>()?;
            ended.extend(some.iter().filter(|id| !open.contains(id)));
        }
        Ok(ended)
    }
}

/// Made of fixed pieces, with a place for each value.
fn statement(wanted: &Filter) -> String {
    let pieces = [
        (wanted.session.is_some(), "session_id = ", 1),
        (wanted.user.is_some(), "user_id = ", 1),
        (wanted.state.is_some(), "state = ", 1),
        (wanted.before.is_some(), "(began_at, id) < ", 2),
    ];
    let (mut statement, mut place) = (PAGE.to_owned(), 1);
    for (_, piece, values) in pieces.into_iter().filter(|(wanted, ..)| *wanted) {
        statement += &match values {
            2 => format!(" and {piece}(${place}, ${})", place + 1),
            _ => format!(" and {piece}${place}"),
        };
        place += values;
    }
    statement + &format!(" order by began_at desc, id desc limit ${place}")
}

fn with_steps(row: &AnyRow) -> Stored<Told> {
    let timeline = Columns(row).read("timeline", |text| text.lines().map(step).collect())?;
    Ok(Told { attempt: read(row)?, timeline })
}

fn id_of(row: &AnyRow) -> Stored<AttemptId> {
    Columns(row).read("id", |text| Uuid::parse_str(text).ok().map(AttemptId))
}
