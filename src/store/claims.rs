//! Claims: which credential belongs to which attempt.

use std::collections::BTreeMap;

use sqlx::{AnyConnection, Row as _, any::AnyRow};

use super::{
    Result, Store,
    columns::{Columns as _, millis_if_any},
    database::{AnyQuery, execute},
};
use crate::domain::{
    attempt::{AttemptId, Claimed, LinkAttempt, State},
    connection::{Claim, Claims, CredentialId},
    session::ExternalId,
};

impl Store {
    pub async fn claims(&self, user: &ExternalId) -> Result<Claims> {
        self.read_claims(sqlx::query(include_str!("sql/claims/claims.sql")).bind(user)).await
    }

    pub async fn claim(&self, credential: &CredentialId) -> Result<Option<Claim>> {
        let query = sqlx::query(include_str!("sql/claims/claim.sql")).bind(credential);
        Ok(self.read_claims(query).await?.remove(credential))
    }

    /// The account of the attempt's credential before the attempt renewed it.
    pub(crate) async fn earlier_account(&self, attempt: &LinkAttempt) -> Result<Option<String>> {
        let query = sqlx::query(include_str!("sql/claims/earlier_account.sql"))
            .bind(attempt.credential())
            .bind(attempt.id)
            .bind(millis_if_any(attempt.settled_at()));
        let found: Option<(Option<String>,)> = self.fetch_optional(query).await?;
        Ok(found.and_then(|(account,)| account))
    }

    async fn read_claims(&self, query: AnyQuery<'_>) -> Result<Claims> {
        let rows = self.fetch_rows(query).await?;
        rows.iter()
            .map(|row| {
                Ok((row.try_get("credential_id")?, read_claim(row, row.try_get("attempt_id")?, row.try_get("state")?)?))
            })
            .collect()
    }
}

/// Of several rows for one credential the last one counts: it has the newest proof.
pub(super) fn read_claim(row: &AnyRow, attempt: AttemptId, state: State) -> sqlx::Result<Claim> {
    Ok(Claim {
        attempt,
        state,
        made_at: row.time_if_any("made_at")?,
        proof: row.try_get("tried_proof")?,
        account: row.try_get("tried_account")?,
    })
}

/// Returns `false` if another attempt has claimed one of them. A fixed order prevents deadlocks.
pub(super) async fn claim(
    connection: &mut AnyConnection,
    attempt: &LinkAttempt,
    credentials: &[Claimed],
) -> Result<bool> {
    for (credential, made_at) in credentials.iter().map(|one| (&one.id, one.made_at)).collect::<BTreeMap<_, _>>() {
        let query = sqlx::query(include_str!("sql/claims/claim_credential.sql"))
            .bind(credential)
            .bind(attempt.id)
            .bind(&attempt.user)
            .bind(millis_if_any(made_at));
        if execute(connection, query).await? == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}
