//! Claims: which credential belongs to which attempt.

use std::collections::BTreeMap;

use sqlx::{AnyConnection, any::AnyRow};
use uuid::Uuid;

use super::{
    Stored,
    database::Database,
    row::{Columns, millis_if_any},
    users::sharing,
};
use crate::{
    connection::{Claim, Claims, CredentialId},
    link::{AttemptId, Claimed, LinkAttempt, State},
    session::ExternalId,
};

macro_rules! claims {
    () => {
        "select claim.credential_id, claim.attempt_id, claim.made_at, link_attempt.state \
         from claim join link_attempt on link_attempt.id = claim.attempt_id where "
    };
}

const OF_USER: &str = concat!(claims!(), "claim.user_id in ", sharing!("$1"));
const ON: &str = concat!(claims!(), "claim.credential_id = $1");
/// Writes a row if the credential is free, or claimed by this very attempt already; otherwise none.
const CLAIM: &str = "insert into claim (credential_id, attempt_id, user_id, made_at) values ($1, $2, $3, $4) \
     on conflict (credential_id) do update set attempt_id = excluded.attempt_id \
     where claim.attempt_id = excluded.attempt_id";

pub(super) async fn of_user(database: &Database, user: &ExternalId) -> Stored<Claims> {
    let rows = sqlx::query(OF_USER).bind(user.as_str()).fetch_all(&mut *database.reads.turn().await?).await?;
    rows.iter().map(read).collect()
}

pub(super) async fn on(database: &Database, credential: &CredentialId) -> Stored<Option<Claim>> {
    let query = sqlx::query(ON).bind(credential.as_str());
    let row = query.fetch_optional(&mut *database.reads.turn().await?).await?;
    Ok(row.as_ref().map(read).transpose()?.map(|(_, claim)| claim))
}

fn read(row: &AnyRow) -> Stored<(CredentialId, Claim)> {
    let row = Columns(row);
    let credential = row.read("credential_id", |text| CredentialId::parse(text).ok())?;
    let attempt = row.read("attempt_id", |text| Uuid::parse_str(text).ok().map(AttemptId))?;
    Ok((
        credential,
        Claim { attempt, state: row.read("state", State::from_name)?, made_at: row.time_if_any("made_at")? },
    ))
}

/// Claims the credentials for the attempt; false if one belongs to another.
pub(super) async fn claim(
    connection: &mut AnyConnection,
    attempt: &LinkAttempt,
    credentials: &[Claimed],
) -> Stored<bool> {
    // In one order for everybody, so that no two transactions wait for each other.
    for (credential, made_at) in credentials.iter().map(|one| (&one.id, one.made_at)).collect::<BTreeMap<_, _>>() {
        let claimed = sqlx::query(CLAIM)
            .bind(credential.as_str())
            .bind(attempt.id.to_string())
            .bind(attempt.user.as_str())
            .bind(millis_if_any(made_at))
            .execute(&mut *connection)
            .await?;
        if claimed.rows_affected() == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}
