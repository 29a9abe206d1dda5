//! Users who are to be forgotten. What must stay for the safety of whoever bears that name later stays without the name:
//! a pseudonym that means nothing takes its place.

use async_trait::async_trait;
use sqlx::AnyConnection;
use time::{Duration, OffsetDateTime};

use super::{
    Stored,
    attempt_row::{columns, read},
    database::Database,
    erased_rows::{KEPT, erase_rows, is_erased, purge_rows},
    lease::take,
    row::Columns,
};
use crate::{
    clock::to_millis,
    connection::CredentialId,
    link::LinkAttempt,
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
    "alloy_user_id, asked_at, tries"
);
const PUT_OFF: &str = "update erasure set next_at = $2, tries = tries + 1, lease = null where alloy_user_id = $1";
/// Of the users who were not erased only what may still bring something counts.
const ATTEMPTS: &str = concat!(
    "select ",
    columns!(),
    " from link_attempt where user_id in (select user_id from end_user where alloy_user_id = $1) and (deadline >= $2 or ",
    is_erased!(),
    ")"
);
const CLAIMS: &str = "select credential_id, user_id from claim \
     where user_id in (select user_id from end_user where alloy_user_id = $1)";
const ASKED: &str = "select credential_id, done_at from disconnection where alloy_user_id = $1";
const NAMES: &str =
    concat!("select user_id from end_user where alloy_user_id = $1 and ", is_erased!(), " order by known_since");
const UNDER_WAY: &str = "select count(*) from deletion join claim on claim.credential_id = deletion.credential_id \
     where deletion.done_at is null and claim.user_id in (select user_id from end_user where alloy_user_id = $1)";
const DONE: &str = "delete from erasure where alloy_user_id = $1 and asked_at = $2";

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
}

/// What is known of those who are that user of Alloy's, as far as it says what is to go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remains {
    /// Who was erased and is that user of Alloy's.
    pub erased: Vec<ExternalId>,
    /// Attempts: all of the erased, and those of others whose link could be used since then.
    pub attempts: Vec<LinkAttempt>,
    /// Which credential belongs to whom.
    pub claims: Vec<(CredentialId, ExternalId)>,
    /// Which credentials somebody wants gone already.
    pub asked: Vec<CredentialId>,
    /// Whether any of that is not done yet.
    pub under_way: bool,
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
    /// Counts a try, and sets when it is tried again.
    async fn put_off_erasure(&self, alloy_user: &AlloyUserId, next_at: OffsetDateTime) -> Stored<()>;
    /// What is known of those who are that user of Alloy's.
    async fn remains(&self, erasure: &Erasure) -> Stored<Remains>;
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
                let (asked_at, tries) = (row.time("asked_at")?, row.number("tries")?);
                Ok(Erasure { alloy_user: alloy_user_of(&row)?, asked_at, tries })
            })
            .collect()
    }

    async fn put_off_erasure(&self, alloy_user: &AlloyUserId, next_at: OffsetDateTime) -> Stored<()> {
        let query = sqlx::query(PUT_OFF).bind(alloy_user.as_str()).bind(to_millis(next_at));
        query.execute(&mut *self.writes.turn().await?).await?;
        Ok(())
    }

    async fn remains(&self, erasure: &Erasure) -> Stored<Remains> {
        let (user, mut turn) = (erasure.alloy_user.as_str(), self.reads.turn().await?);
        let attempts = sqlx::query(ATTEMPTS).bind(user).bind(to_millis(erasure.asked_at)).fetch_all(&mut *turn).await?;
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
            under_way: deletions > 0 || open.iter().any(Option::is_none),
        })
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
