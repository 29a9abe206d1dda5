//! Users who are to be forgotten. What must stay for the safety of whoever bears that name later stays without the name:
//! a pseudonym that means nothing takes its place.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use sqlx::AnyConnection;
use time::{Duration, OffsetDateTime};

use super::{
    Disconnection, Stored,
    attempt_row::{columns, read},
    database::Database,
    disconnections::put as put_wish,
    erased_rows::{KEPT, erase_rows, is_erased, purge_rows},
    lease::take,
    row::{Columns, millis_if_any},
};
use crate::domain::{
    attempt::LinkAttempt,
    clock::to_millis,
    connection::CredentialId,
    connector::ConnectorId,
    session::{AlloyUserId, ExternalId},
};

/// How long it is known of a session that it was erased: no request and no token lives that long.
const REMEMBERED: Duration = Duration::DAY;

/// One attempt is open per app, so these are few.
const OPEN: &str = concat!("select ", columns!(), " from link_attempt where user_id = $1 and state = 'pending'");
const SWEEP: &str = "delete from erased_session where erased_at < $1";
const WANT: &str = "insert into erasure (alloy_user_id, asked_at, tries, next_at) values ($1, $2, 0, $2) \
     on conflict (alloy_user_id) do update set asked_at = excluded.asked_at, tries = 0, next_at = excluded.next_at";
const DUE: &str = concat!(
    take!("erasure" by "alloy_user_id", lease "lease", due "next_at <= $1", order "next_at"),
    "alloy_user_id, asked_at, tries, progressed_at, remaining"
);
const PUT_OFF: &str = "update erasure set next_at = $2, tries = tries + 1, lease = null, \
     progressed_at = coalesce($3, progressed_at), remaining = coalesce($4, remaining) where alloy_user_id = $1";
/// Of the users who were not erased only what may still bring something counts. Of the erased, only what may have brought
/// something after they were erased: all that was created before goes anyway.
const ATTEMPTS: &str = concat!(
    "select ",
    columns!(),
    " from link_attempt where user_id in (select user_id from end_user where alloy_user_id = $1) and (deadline >= $2 or deadline >= $3 and ",
    is_erased!(),
    ")"
);
const APPS: &str = "select distinct connector from link_attempt \
     where user_id in (select user_id from end_user where alloy_user_id = $1)";
const CLAIMS: &str = "select credential_id, user_id from claim \
     where user_id in (select user_id from end_user where alloy_user_id = $1)";
const ASKED: &str = "select credential_id, done_at from disconnection where alloy_user_id = $1";
const NAMES: &str =
    concat!("select user_id from end_user where alloy_user_id = $1 and ", is_erased!(), " order by known_since");
const UNDER_WAY: &str = "select count(*) from deletion join claim on claim.credential_id = deletion.credential_id \
     where deletion.done_at is null and claim.user_id in (select user_id from end_user where alloy_user_id = $1)";
const DONE: &str = "delete from erasure where alloy_user_id = $1 and asked_at = $2";

/// Wishes stored in one transaction.
const WISHES_AT_ONCE: usize = 200;
/// How much earlier an attempt's link may have ended, by our clock, and still have brought something after the erasure.
const CLOCKS_APART: Duration = Duration::hours(2);

/// What came of erasing a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Erased {
    /// Nothing has the user's name any more.
    Done,
    /// Nothing was done: these attempts are open, and have to end first.
    StillOpen(Vec<LinkAttempt>),
}

/// A user of Alloy whose credentials are to go, and all that is left of them here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The user at Alloy.
    pub alloy_user: AlloyUserId,
    /// When the host asked.
    pub asked_at: OffsetDateTime,
    /// How often it was tried.
    pub tries: i64,
    /// When the last progress was seen.
    pub progressed_at: Option<OffsetDateTime>,
    /// How many credentials were still to be deleted at the last look.
    pub remaining: Option<i64>,
}

impl Erasure {
    /// Without progress for so long, an erasure is an alarm.
    pub const STALLED_AFTER: Duration = Duration::minutes(30);

    /// Since when there was no progress.
    pub fn waits_since(&self) -> OffsetDateTime {
        self.progressed_at.unwrap_or(self.asked_at).max(self.asked_at)
    }
}

/// What is known of those who are that user of Alloy's, as far as it says what is to go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remains {
    /// Who was erased and is that user of Alloy's.
    pub erased: Vec<ExternalId>,
    /// Attempts whose link could be used since then.
    pub attempts: Vec<LinkAttempt>,
    /// Which credential belongs to whom.
    pub claims: HashMap<CredentialId, ExternalId>,
    /// Which credentials are to be deleted already.
    pub asked: HashSet<CredentialId>,
    /// How many of them are not deleted yet.
    pub open: i64,
}

/// Erasing users.
#[async_trait]
pub trait Erasures: Send + Sync {
    /// Takes everything away that has the user's name; what has to stay gets the pseudonym. With `credentials_of` it is
    /// kept too that all of that user's credentials are to go.
    async fn erase(
        &self,
        user: &ExternalId,
        pseudonym: &ExternalId,
        credentials_of: Option<&AlloyUserId>,
        now: OffsetDateTime,
    ) -> Stored<Erased>;
    /// Takes erasures that are due, until `lease` or until they are put off or done.
    async fn due_erasures(&self, now: OffsetDateTime, lease: OffsetDateTime, most: u16) -> Stored<Vec<Erasure>>;
    /// Counts a try, and sets when it is tried again, and what was seen of its progress.
    async fn put_off_erasure(
        &self,
        alloy_user: &AlloyUserId,
        next_at: OffsetDateTime,
        progressed_at: Option<OffsetDateTime>,
        remaining: Option<i64>,
    ) -> Stored<()>;
    /// What is known of those who are that user of Alloy's.
    async fn remains(&self, erasure: &Erasure) -> Stored<Remains>;
    /// The apps at which those who are that user of Alloy's began attempts.
    async fn erased_apps(&self, alloy_user: &AlloyUserId) -> Stored<Vec<ConnectorId>>;
    /// As `ask_disconnection`, for many credentials in few transactions.
    async fn ask_disconnections(&self, wanted: &[Disconnection]) -> Stored<()>;
    /// Takes all that is left of the erased user away; nothing, if the host has asked anew since.
    async fn finish_erasure(&self, erasure: &Erasure) -> Stored<()>;
}

#[async_trait]
impl Erasures for Database {
    async fn erase(
        &self,
        user: &ExternalId,
        pseudonym: &ExternalId,
        credentials_of: Option<&AlloyUserId>,
        now: OffsetDateTime,
    ) -> Stored<Erased> {
        let mut turn = self.writes.turn().await?;
        let mut transaction = self.begin_alone(&mut turn).await?;
        let open = sqlx::query(OPEN).bind(user.as_str()).fetch_all(&mut *transaction).await?;
        let open: Vec<LinkAttempt> = open.iter().map(read).collect::<Stored<_>>()?;
        if open.is_empty() {
            sqlx::query(SWEEP).bind(to_millis(now - REMEMBERED)).execute(&mut *transaction).await?;
            erase_rows(&mut transaction, user, pseudonym, now).await?;
            if let Some(alloy_user) = credentials_of {
                want(&mut transaction, pseudonym, alloy_user, now).await?;
            }
        }
        transaction.commit().await?;
        self.end_to_disk(&mut turn).await?;
        Ok(if open.is_empty() { Erased::Done } else { Erased::StillOpen(open) })
    }

    async fn due_erasures(&self, now: OffsetDateTime, lease: OffsetDateTime, most: u16) -> Stored<Vec<Erasure>> {
        let query = sqlx::query(DUE).bind(to_millis(now)).bind(to_millis(lease)).bind(i64::from(most));
        let rows = query.fetch_all(&mut *self.writes.turn().await?).await?;
        rows.iter()
            .map(|row| {
                let row = Columns(row);
                Ok(Erasure {
                    alloy_user: alloy_user_of(&row)?,
                    asked_at: row.time("asked_at")?,
                    tries: row.number("tries")?,
                    progressed_at: row.time_if_any("progressed_at")?,
                    remaining: row.number_if_any("remaining")?,
                })
            })
            .collect()
    }

    async fn put_off_erasure(
        &self,
        alloy_user: &AlloyUserId,
        next_at: OffsetDateTime,
        progressed_at: Option<OffsetDateTime>,
        remaining: Option<i64>,
    ) -> Stored<()> {
        let query = sqlx::query(PUT_OFF).bind(alloy_user.as_str()).bind(to_millis(next_at));
        let query = query.bind(millis_if_any(progressed_at)).bind(remaining);
        query.execute(&mut *self.writes.turn().await?).await?;
        Ok(())
    }

    async fn remains(&self, erasure: &Erasure) -> Stored<Remains> {
        let (user, mut turn) = (erasure.alloy_user.as_str(), self.reads.turn().await?);
        let asked_at = erasure.asked_at;
        let attempts =
            sqlx::query(ATTEMPTS).bind(user).bind(to_millis(asked_at)).bind(to_millis(asked_at - CLOCKS_APART));
        let attempts = attempts.fetch_all(&mut *turn).await?;
        let claims = sqlx::query(CLAIMS).bind(user).fetch_all(&mut *turn).await?;
        let asked = sqlx::query(ASKED).bind(user).fetch_all(&mut *turn).await?;
        let names = sqlx::query(NAMES).bind(user).fetch_all(&mut *turn).await?;
        let deletions: i64 = sqlx::query_scalar(UNDER_WAY).bind(user).fetch_one(&mut *turn).await?;
        let credential = |row| Columns(row).read("credential_id", |text| CredentialId::parse(text).ok());
        let owner = |row| Columns(row).read("user_id", |text| Some(ExternalId::stored(text)));
        let open = asked.iter().map(|row| Columns(row).time_if_any("done_at")).collect::<Stored<Vec<_>>>()?;
        Ok(Remains {
            erased: names.iter().map(owner).collect::<Stored<_>>()?,
            attempts: attempts.iter().map(read).collect::<Stored<_>>()?,
            claims: claims.iter().map(|row| Ok((credential(row)?, owner(row)?))).collect::<Stored<_>>()?,
            asked: asked.iter().map(credential).collect::<Stored<_>>()?,
            open: deletions + open.iter().filter(|done| done.is_none()).map(|_| 1).sum::<i64>(),
        })
    }

    async fn erased_apps(&self, alloy_user: &AlloyUserId) -> Stored<Vec<ConnectorId>> {
        let query = sqlx::query(APPS).bind(alloy_user.as_str());
        let rows = query.fetch_all(&mut *self.reads.turn().await?).await?;
        rows.iter().map(|row| Columns(row).read("connector", |text| ConnectorId::parse(text).ok())).collect()
    }

    async fn ask_disconnections(&self, wanted: &[Disconnection]) -> Stored<()> {
        for some in wanted.chunks(WISHES_AT_ONCE) {
            let mut turn = self.writes.turn().await?;
            let mut transaction = self.begin(&mut turn).await?;
            for one in some {
                put_wish(&mut transaction, one).await?;
            }
            transaction.commit().await?;
        }
        Ok(())
    }

    async fn finish_erasure(&self, erasure: &Erasure) -> Stored<()> {
        let mut turn = self.writes.turn().await?;
        let mut transaction = self.begin_alone(&mut turn).await?;
        let done = sqlx::query(DONE).bind(erasure.alloy_user.as_str()).bind(to_millis(erasure.asked_at));
        if done.execute(&mut *transaction).await?.rows_affected() == 1 {
            purge_rows(&mut transaction, &erasure.alloy_user).await?;
        }
        transaction.commit().await?;
        self.end_to_disk(&mut turn).await
    }
}

/// Keeps that the credentials are to go, for a user who has a row for it.
async fn want(
    connection: &mut AnyConnection,
    pseudonym: &ExternalId,
    alloy_user: &AlloyUserId,
    now: OffsetDateTime,
) -> Stored<()> {
    let known = sqlx::query(KEPT).bind(pseudonym.as_str()).bind(alloy_user.as_str()).bind(to_millis(now));
    known.execute(&mut *connection).await?;
    let want = sqlx::query(WANT).bind(alloy_user.as_str()).bind(to_millis(now));
    want.execute(connection).await?;
    Ok(())
}

fn alloy_user_of(row: &Columns<'_>) -> Stored<AlloyUserId> {
    row.read("alloy_user_id", |text| AlloyUserId::parse(text).ok())
}
