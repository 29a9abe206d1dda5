//! The delivery of events: which is next, and what came of a try. A user's events stand in one line, and whoever has the
//! lease on the line sends for that user, one event at a time.

use async_trait::async_trait;
use sqlx::{AnyConnection, any::AnyRow};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Stored,
    database::Database,
    lease::take,
    row::{Columns, millis_if_any},
};
use crate::domain::{clock::to_millis, session::ExternalId};

/// Which of a user's events is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// The next one that was never tried.
    FirstTries,
    /// One that was tried in vain.
    Retries,
}

/// An event that is this process's to send until its lease is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its id, the same in every try.
    pub id: Uuid,
    /// Of which user, by the host's id.
    pub user: ExternalId,
    /// Counts the user's events from 1.
    pub sequence: i64,
    /// What the host gets, the same in every try.
    pub body: String,
    /// How many tries in a row were in vain.
    pub rung: i64,
    /// Whether this is its first try.
    pub line: Line,
    /// Until when it is ours.
    pub lease: OffsetDateTime,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    /// When it began.
    pub at: OffsetDateTime,
    /// What the receiver answered, if it did.
    pub status: Option<u16>,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// What went wrong, in one word; `None` if it was delivered.
    pub failure: Option<String>,
}

/// What follows from a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It is delivered.
    Delivered,
    /// It is tried again.
    Again {
        /// When.
        at: OffsetDateTime,
        /// Until when the user's later events wait for it, if this was its first try.
        holds_until: OffsetDateTime,
    },
    /// It is not tried any more.
    Dead,
}

/// What the worker asks of the store. Of any number of processes one sends for a user at a time.
#[async_trait]
pub trait Deliveries: Send + Sync {
    /// Takes lines that are due until `lease`, of at most `most` users, and gives the event of each that is next. What
    /// was never tried and is older than `since` is not sent any more.
    async fn take_deliveries(&self, line: Line, terms: Terms, most: usize) -> Stored<Vec<Due>>;
    /// Keeps what came of a try and gives the line back; false, and nothing is kept, if the lease was lost before.
    async fn tried(&self, due: &Due, made: &Try, next: Next, now: OffsetDateTime) -> Stored<bool>;
}

/// On what terms lines are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Now.
    pub now: OffsetDateTime,
    /// Until when they are taken.
    pub lease: OffsetDateTime,
    /// What is older than this has its first try no more.
    pub since: OffsetDateTime,
}

const TAKE_FIRST: &str = concat!(
    take!("outbox_count" by "user_id", lease "lease", due "counted > tried_to and held_until is null", order "served_at"),
    "user_id, tried_to, counted"
);
const TAKE_RETRY: &str = concat!(
    take!("outbox_count" by "user_id", lease "lease", due "next_at <= $1", order "next_at"),
    "user_id, tried_to, counted"
);
/// By the index of each user's numbers: `coalesce` keeps the planner from the index of all that waits. PostgreSQL, which mostly
/// knows a time when nothing waited, would read the whole of it for one user's event.
const NEXT_FIRST: &str = "select id, user_id, sequence, body, rung, at from outbox where user_id = $1 and sequence > $2 \
     and coalesce(next_at, delivered_at, dead_at) is null order by sequence limit 1";
const NEXT_RETRY: &str = "select id, user_id, sequence, body, rung, at from outbox where user_id = $1 and next_at <= $2 \
     order by next_at limit 1";
const TOO_OLD: &str = "update outbox set dead_at = $3 where user_id = $1 and sequence > $2 and at < $4 \
     and coalesce(next_at, delivered_at, dead_at) is null";
/// Also holds the line, so that nobody counts or replays until the rest is written.
const GIVE_BACK: &str = "update outbox_count set lease = null, tried_to = case when tried_to < $3 then $3 else tried_to end \
     where user_id = $1 and lease = $2";
/// When the line is due next: who was served stands behind all that are due by now.
const STAND_IN_LINE: &str = "update outbox_count set served_at = $2, \
     held_until = (select max(holds_until) from outbox where user_id = $1 and next_at is not null and holds_until > $2), \
     next_at = (select case when min(due) < $2 then $2 else min(due) end from \
     (select min(next_at) as due from outbox where user_id = $1 and next_at is not null union all \
     select max(holds_until) from outbox where user_id = $1 and next_at is not null and holds_until > $2) as timers) \
     where user_id = $1";
const MARK: &str = "update outbox set rung = $2, next_at = $3, holds_until = coalesce(holds_until, $4), \
     delivered_at = $5, dead_at = $6 where id = $1";
const PUT_TRY: &str = "insert into delivery_try (event_id, number, at, duration_ms, status, failure) \
     select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5 from delivery_try where event_id = $1";

/// A line as it was taken.
struct Taken {
    user: ExternalId,
    tried_to: i64,
    counted: i64,
}

#[async_trait]
impl Deliveries for Database {
    async fn take_deliveries(&self, line: Line, terms: Terms, most: usize) -> Stored<Vec<Due>> {
        let mut due = Vec::new();
        for taken in taken(self, line, terms, most).await? {
            // One that cannot be read holds up nobody else: its lease ends, and it is looked at again.
            match next_of(self, line, terms, &taken).await {
                Ok(Some(next)) => due.push(next),
                Ok(None) => leave(self, line, terms, &taken).await?,
                Err(error) => tracing::error!(%error, "an event that is due cannot be read"),
            }
        }
        Ok(due)
    }

    async fn tried(&self, due: &Due, made: &Try, next: Next, now: OffsetDateTime) -> Stored<bool> {
        let mut turn = self.writes.turn().await?;
        let mut transaction = self.begin(&mut turn).await?;
        let tried_to = if due.line == Line::FirstTries { due.sequence } else { 0 };
        if !give_back(&mut transaction, &due.user, due.lease, tried_to).await? {
            transaction.rollback().await?;
            return Ok(false);
        }
        // Whose events are erased meanwhile has nothing left to write to.
        if mark(&mut transaction, due, next, now).await? {
            put_try(&mut transaction, due.id, made).await?;
        }
        stand_in_line(&mut transaction, &due.user, now).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

async fn taken(database: &Database, line: Line, terms: Terms, most: usize) -> Stored<Vec<Taken>> {
    let statement = if line == Line::FirstTries { TAKE_FIRST } else { TAKE_RETRY };
    let rows = sqlx::query(statement)
        .bind(to_millis(terms.now))
        .bind(to_millis(terms.lease))
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_all(&mut *database.writes.turn().await?)
        .await?;
    rows.iter()
        .map(|row| {
            let row = Columns(row);
            let user = row.read("user_id", |text| Some(ExternalId::stored(text)))?;
            Ok(Taken { user, tried_to: row.number("tried_to")?, counted: row.number("counted")? })
        })
        .collect()
}

/// The event that is next in that line. What nobody was told of for too long is left, all at once.
async fn next_of(database: &Database, line: Line, terms: Terms, taken: &Taken) -> Stored<Option<Due>> {
    let Some((next, at)) = look(database, line, terms, taken).await? else { return Ok(None) };
    if line == Line::Retries || at >= terms.since {
        return Ok(Some(next));
    }
    sqlx::query(TOO_OLD)
        .bind(taken.user.as_str())
        .bind(taken.tried_to)
        .bind(to_millis(terms.now))
        .bind(to_millis(terms.since))
        .execute(&mut *database.writes.turn().await?)
        .await?;
    Ok(look(database, line, terms, taken).await?.map(|(next, _)| next))
}

async fn look(database: &Database, line: Line, terms: Terms, taken: &Taken) -> Stored<Option<(Due, OffsetDateTime)>> {
    let query = match line {
        Line::FirstTries => sqlx::query(NEXT_FIRST).bind(taken.user.as_str()).bind(taken.tried_to),
        Line::Retries => sqlx::query(NEXT_RETRY).bind(taken.user.as_str()).bind(to_millis(terms.now)),
    };
    let row = query.fetch_optional(&mut *database.reads.turn().await?).await?;
    row.as_ref().map(|row| read(row, line, terms.lease)).transpose()
}

fn read(row: &AnyRow, line: Line, lease: OffsetDateTime) -> Stored<(Due, OffsetDateTime)> {
    let row = Columns(row);
    let due = Due {
        id: row.read("id", |text| Uuid::parse_str(text).ok())?,
        user: row.read("user_id", |text| Some(ExternalId::stored(text)))?,
        sequence: row.number("sequence")?,
        body: row.text("body")?.to_owned(),
        rung: row.number("rung")?,
        line,
        lease,
    };
    Ok((due, row.time("at")?))
}

/// Gives a line back in which there is nothing to send: its events were too old or are gone, or it waited long enough.
async fn leave(database: &Database, line: Line, terms: Terms, taken: &Taken) -> Stored<()> {
    let mut turn = database.writes.turn().await?;
    let mut transaction = database.begin(&mut turn).await?;
    let tried_to = if line == Line::FirstTries { taken.counted } else { 0 };
    if give_back(&mut transaction, &taken.user, terms.lease, tried_to).await? {
        stand_in_line(&mut transaction, &taken.user, terms.now).await?;
    }
    Ok(transaction.commit().await?)
}

async fn give_back(
    connection: &mut AnyConnection,
    user: &ExternalId,
    lease: OffsetDateTime,
    tried_to: i64,
) -> Stored<bool> {
    let query = sqlx::query(GIVE_BACK).bind(user.as_str()).bind(to_millis(lease)).bind(tried_to);
    Ok(query.execute(connection).await?.rows_affected() == 1)
}

/// Reckons anew when the user's line is due.
async fn stand_in_line(connection: &mut AnyConnection, user: &ExternalId, now: OffsetDateTime) -> Stored<()> {
    sqlx::query(STAND_IN_LINE).bind(user.as_str()).bind(to_millis(now)).execute(connection).await?;
    Ok(())
}

async fn mark(connection: &mut AnyConnection, due: &Due, next: Next, now: OffsetDateTime) -> Stored<bool> {
    let (rung, next_at, holds_until) = match next {
        Next::Again { at, holds_until } => {
            let first = due.line == Line::FirstTries;
            (due.rung.saturating_add(1), Some(at), first.then_some(holds_until))
        }
        Next::Delivered | Next::Dead => (due.rung, None, None),
    };
    let marked = sqlx::query(MARK)
        .bind(due.id.to_string())
        .bind(rung)
        .bind(millis_if_any(next_at))
        .bind(millis_if_any(holds_until))
        .bind(millis_if_any((next == Next::Delivered).then_some(now)))
        .bind(millis_if_any((next == Next::Dead).then_some(now)))
        .execute(connection)
        .await?;
    Ok(marked.rows_affected() == 1)
}

async fn put_try(connection: &mut AnyConnection, event: Uuid, made: &Try) -> Stored<()> {
    sqlx::query(PUT_TRY)
        .bind(event.to_string())
        .bind(to_millis(made.at))
        .bind(made.duration_ms)
        .bind(made.status.map(i64::from))
        .bind(made.failure.as_deref())
        .execute(connection)
        .await?;
    Ok(())
}
