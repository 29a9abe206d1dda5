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
use crate::domain::{
    attempt::{AttemptId, Claimed, LinkAttempt, State},
    connection::{Claim, Claims, CredentialId},
    session::ExternalId,
};

/// What came of trying what is claimed: a row for each linked attempt at whose end it was tried, to be put in their
/// order, because the last one counts; and one if there is none.
macro_rules! tried {
    () => {
        "tried.proof as tried_proof, tried.account as tried_account, tried.settled_at as tried_at \
         from claim left join link_attempt as tried on tried.credential_id = claim.credential_id \
         and tried.proof is not null and tried.state = 'linked'"
    };
}

pub(super) use tried;

macro_rules! claims {
    ($of:expr) => {
        concat!(
            "select claim.credential_id, claim.attempt_id, claim.made_at, link_attempt.state, ",
            tried!(),
            " join link_attempt on link_attempt.id = claim.attempt_id where ",
            $of,
            " order by tried_at"
        )
    };
}

const OF_USER: &str = claims!(concat!("claim.user_id in ", sharing!("$1")));
const ON: &str = claims!("claim.credential_id = $1");
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
    let rows = query.fetch_all(&mut *database.reads.turn().await?).await?;
    Ok(rows.last().map(read).transpose()?.map(|(_, claim)| claim))
}

fn read(of: &AnyRow) -> Stored<(CredentialId, Claim)> {
    let row = Columns(of);
    let credential = row.read("credential_id", |text| CredentialId::parse(text).ok())?;
    let attempt = row.read("attempt_id", |text| Uuid::parse_str(text).ok().map(AttemptId))?;
    Ok((credential, claim_of(of, attempt, row.read("state", |name| name.parse().ok())?)?))
}

/// The claim of a row that has [`tried`]'s columns.
pub(super) fn claim_of(row: &AnyRow, attempt: AttemptId, state: State) -> Stored<Claim> {
    let row = Columns(row);
    Ok(Claim {
        attempt,
        state,
        made_at: row.time_if_any("made_at")?,
        proof: row.read_if_any("tried_proof", |name| name.parse().ok())?,
        account: row.text_if_any("tried_account")?.map(str::to_owned),
    })
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
