//! Which attempts may have created a listed credential: the rules of `domain/attempt/evidence.rs` in SQL. One row per
//! credential is enough, so that the result is exact and no number of attempts can hide a match. Every lookup is
//! bounded by user, app and time through an index. Users of the host who share an Alloy user count as one.

use std::collections::BTreeSet;

use sqlx::AssertSqlSafe;
use time::OffsetDateTime;

use super::{
    Result, Store,
    attempt_row::connector_key,
    database::AnyQuery,
    purge::millis,
    statement::{batch_size, with_rows},
};
use crate::domain::{
    attempt::{FINE_LEEWAY, LEEWAY, LinkAttempt, UNKNOWN_LEEWAY},
    clock::to_millis,
    connection::{CredentialId, Listed},
    session::ExternalId,
};

/// Bounds for a credential whose creation time is unknown: it overlaps with every attempt.
const ALWAYS: (i64, i64) = (1 << 60, -(1 << 60));

impl Store {
    /// Selects credentials that an ended or purged attempt may have created.
    pub async fn from_ended_attempts(
        &self,
        user: &ExternalId,
        unclaimed: &[&Listed],
    ) -> Result<BTreeSet<CredentialId>> {
        let statement = include_str!("sql/provenance/from_ended_attempts.sql");
        self.select_credentials(unclaimed, statement, 4, &|query| {
            query.bind(user.clone()).bind(millis(LEEWAY)).bind(millis(UNKNOWN_LEEWAY))
        })
        .await
    }

    /// Selects credentials that a foreign return of an attempt other than `beside` implicates. `began_by` excludes
    /// attempts that began later. Credentials of unknown age are excluded.
    pub async fn implicated_by_foreign_returns(
        &self,
        beside: &LinkAttempt,
        credentials: &[&Listed],
        began_by: OffsetDateTime,
    ) -> Result<BTreeSet<CredentialId>> {
        let statement = include_str!("sql/provenance/implicated_by_foreign_returns.sql");
        let dated: Vec<&Listed> = credentials.iter().copied().filter(|listed| listed.created_at.is_some()).collect();
        self.select_credentials(&dated, statement, 7, &|query| {
            query
                .bind(beside.user.clone())
                .bind(millis(LEEWAY))
                .bind(millis(UNKNOWN_LEEWAY))
                .bind(millis(FINE_LEEWAY))
                .bind(beside.id)
                .bind(to_millis(began_by))
        })
        .await
    }

    /// Returns the credentials that the statement selects. Their placeholders begin at `first`, after those of `bind`.
    async fn select_credentials(
        &self,
        credentials: &[&Listed],
        statement: &str,
        first: usize,
        bind: &(dyn for<'q> Fn(AnyQuery<'q>) -> AnyQuery<'q> + Send + Sync),
    ) -> Result<BTreeSet<CredentialId>> {
        let size = batch_size(credentials.len());
        let statement = with_rows(statement, first, 4, size, |place| {
            format!("(${place}, ${}, cast(${} as bigint), cast(${} as bigint))", place + 1, place + 2, place + 3)
        });
        let mut selected = BTreeSet::new();
        // Each batch acquires a connection: a user with thousands of credentials holds none for long.
        for batch in credentials.chunks(size) {
            let query = bind(sqlx::query(AssertSqlSafe(statement.clone())));
            let query = batch.iter().fold(query, |query, listed| {
                let (low, high) = listed.created_at.map(to_millis).map_or(ALWAYS, |at| (at, at));
                query.bind(&listed.id).bind(connector_key(&listed.connector)).bind(low).bind(high)
            });
            // Empty apps fill the batch; they match nothing.
            let query = (batch.len()..size).fold(query, |query, _| query.bind("").bind("").bind(0_i64).bind(0_i64));
            let found: Vec<(CredentialId,)> = self.fetch_all(query).await?;
            selected.extend(found.into_iter().map(|(credential,)| credential));
        }
        Ok(selected)
    }
}
