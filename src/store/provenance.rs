//! Which listed credentials may come from which attempts: the rules of `link::evidence` in SQL. One row per credential is
//! enough, so that the answers are exact and no number of attempts can hide them. Every lookup is bounded by user, app and
//! time through an index.

use std::collections::BTreeSet;

use async_trait::async_trait;
use sqlx::AssertSqlSafe;
use time::{Duration, OffsetDateTime};

use super::{
    Stored,
    attempt_row::{AnyQuery, key},
    database::Database,
    row::Columns,
    users::sharing,
};
use crate::domain::{
    attempt::{FINE_LEEWAY, LEEWAY, LinkAttempt, UNKNOWN_LEEWAY},
    clock::to_millis,
    connection::{CredentialId, Listed},
    session::ExternalId,
};

/// Credentials per statement. Two sizes only, so that the statements stay prepared.
const CHUNKS: [usize; 2] = [20, 500];
/// The users who share the Alloy user of `$1`.
const PEOPLE: &str = sharing!("$1");
/// Bounds for a credential whose creation time is unknown: it overlaps with every attempt.
const ALWAYS: (i64, i64) = (1 << 60, -(1 << 60));

/// An attempt found in that way whose link may have been used to create the credential, as
/// `LinkAttempt::may_have_created`. Each is looked up by its user: a scalar subquery keeps PostgreSQL from beginning with all
/// attempts of that time.
macro_rules! attempt {
    ($found_by:literal) => {
        concat!(
            "exists (select 1 from people where 1 = (select 1 from link_attempt where user_id = person ",
            "and connector_key = app and ",
            $found_by,
            " and began_at_vendor - case when snapshot is null then $3 else $2 end <= low",
            " and began_at_vendor + deadline - began_at + case when snapshot is null then $3 else $2 end >= high",
            " and (snapshot is null or replace(snapshot, '\"' || credential || '\"', '') = snapshot) limit 1))"
        )
    };
}
/// The same for what is left of a purged attempt. `I` is replaced first: in some locales its lower case is not `i`.
macro_rules! tombstone {
    ($found_by:literal) => {
        concat!(
            "exists (select 1 from people where 1 = (select 1 from shadow where user_id = person and ",
            $found_by,
            " and made_until >= high and made_from <= low and lower(replace(connector, 'I', 'i')) = app",
            " and (snapshot is null or replace(snapshot, '\"' || credential || '\"', '') = snapshot) limit 1))"
        )
    };
}

/// Links live for about an hour, so an attempt is found near its beginning; the few that were continued for longer have an
/// index of their own. Our clock and Alloy's may be an hour apart here; the exact comparison uses Alloy's. An API key can
/// only be submitted by its own user.
const IMPLICATED: &str = concat!(
    "select credential from listed where ",
    attempt!("began_at >= high - 14400000 and began_at <= low + 7200000 and by_key = 0 and state <> 'pending'"),
    " or ",
    attempt!("deadline - began_at > 7200000 and deadline >= high - 7200000 and by_key = 0 and state <> 'pending'"),
    " or ",
    tombstone!("made_until <= low + 14400000"),
    " or ",
    tombstone!("made_until - made_from > 14400000")
);
/// As `LinkAttempt::doubts`. What the host vouched for is linked, and implicates nothing.
const DOUBTED: &str = concat!(
    "select credential from listed where ",
    attempt!(
        "foreign_at >= high - 7200000 and state <> 'linked' and id <> $5 and began_at <= $6 \
         and began_at_vendor + foreign_at - began_at + case when snapshot is null then $3 else $4 end >= high"
    )
);

/// What may have come from which attempts. Users of the host who share one Alloy user count as one.
#[async_trait]
pub trait Provenance: Send + Sync {
    /// Those of the unclaimed credentials that an ended or purged attempt of the user may have brought.
    async fn implicated(&self, user: &ExternalId, unclaimed: &[&Listed]) -> Stored<BTreeSet<CredentialId>>;
    /// Those of the credentials that a foreign return of another attempt than that one implicates; `began_by` leaves out
    /// attempts that began later. A credential of unknown age is not among them.
    async fn doubted(
        &self,
        beside: &LinkAttempt,
        credentials: &[&Listed],
        began_by: OffsetDateTime,
    ) -> Stored<BTreeSet<CredentialId>>;
}

#[async_trait]
impl Provenance for Database {
    async fn implicated(&self, user: &ExternalId, unclaimed: &[&Listed]) -> Stored<BTreeSet<CredentialId>> {
        self.among(unclaimed, IMPLICATED, 4, &|query| {
            query.bind(user.as_str().to_owned()).bind(millis(LEEWAY)).bind(millis(UNKNOWN_LEEWAY))
        })
        .await
    }

    async fn doubted(
        &self,
        beside: &LinkAttempt,
        credentials: &[&Listed],
        began_by: OffsetDateTime,
    ) -> Stored<BTreeSet<CredentialId>> {
        let dated: Vec<&Listed> = credentials.iter().copied().filter(|listed| listed.created_at.is_some()).collect();
        self.among(&dated, DOUBTED, 7, &|query| {
            query
                .bind(beside.user.as_str().to_owned())
                .bind(millis(LEEWAY))
                .bind(millis(UNKNOWN_LEEWAY))
                .bind(millis(FINE_LEEWAY))
                .bind(beside.id.to_string())
                .bind(to_millis(began_by))
        })
        .await
    }
}

impl Database {
    /// Those of the credentials that the statement selects; their places begin at `first`, after what `bind` binds.
    async fn among(
        &self,
        credentials: &[&Listed],
        select: &str,
        first: usize,
        bind: &(dyn for<'q> Fn(AnyQuery<'q>) -> AnyQuery<'q> + Send + Sync),
    ) -> Stored<BTreeSet<CredentialId>> {
        let mut found = BTreeSet::new();
        if credentials.is_empty() {
            return Ok(found);
        }
        let [small, large] = CHUNKS;
        let size = if credentials.len() <= small { small } else { large };
        let statement = with_places(select, first, size);
        for some in credentials.chunks(size) {
            // A connection for each chunk: a user of thousands of credentials keeps none for long.
            let mut turn = self.reads.turn().await?;
            let query = bind(sqlx::query(AssertSqlSafe(statement.clone())));
            let query = some.iter().fold(query, |query, listed| {
                let (low, high) = listed.created_at.map(to_millis).map_or(ALWAYS, |at| (at, at));
                query.bind(listed.id.as_str()).bind(key(&listed.connector)).bind(low).bind(high)
            });
            // The places that are left name no app, so that nothing is found for them.
            let query =
                (some.len()..size).fold(query, |query, _| query.bind("").bind(String::new()).bind(0_i64).bind(0_i64));
            for row in &query.fetch_all(&mut *turn).await? {
                found.insert(Columns(row).read("credential", |text| CredentialId::parse(text).ok())?);
            }
        }
        Ok(found)
    }
}

fn with_places(select: &str, first: usize, size: usize) -> String {
    let place = |place: usize| format!("(${}, ${}, ${}, ${})", place, place + 1, place + 2, place + 3);
    let places: Vec<String> = (0..size).map(|number| place(first + 4 * number)).collect();
    format!(
        "with people (person) as {PEOPLE}, listed (credential, app, low, high) as (values {}) {select}",
        places.join(", ")
    )
}

fn millis(leeway: Duration) -> i64 {
    i64::try_from(leeway.whole_milliseconds()).unwrap_or(i64::MAX)
}
