//! The rows of a user who is to be forgotten: which go, and what is wiped from those that stay. A table that has the name
//! of a user belongs here.

use sqlx::AnyConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Stored;
use crate::domain::{
    clock::to_millis,
    keys::Digest,
    session::{AlloyUserId, ExternalId},
};

/// What may have brought something that nobody can tell from what others made, and what can still be used. A key that was
/// refused brings nothing later, and what is linked is not hidden from anybody.
macro_rules! stays {
    () => {
        "(deadline > $2 or state = 'unverified' or (state <> 'linked' and by_key = 0) \
         or exists (select 1 from deletion where deletion.attempt_id = link_attempt.id))"
    };
}

const ERASED: &str = "insert into erased_session (session_id, erased_at) select id, $2 from connect_session \
     where user_id = $1 on conflict (session_id) do nothing";
const GO: [&str; 5] = [
    "delete from connect_session where user_id = $1",
    "delete from outbox where user_id = $1",
    "delete from outbox_count where user_id = $1",
    "delete from disconnection where user_id = $1 and done_at is not null",
    // Another user of the host, who is the same user of Alloy's, may have asked for it.
    "update disconnection set attempt_id = null where attempt_id in (select id from link_attempt where user_id = $1)",
];
const CLAIMS_GO: &str = concat!(
    "delete from claim where attempt_id in (select id from link_attempt where user_id = $1 and not ",
    stays!(),
    ")"
);
const ATTEMPTS_GO: &str = concat!("delete from link_attempt where user_id = $1 and not ", stays!());
const WISHES_STAY: &str = "update disconnection set user_id = $2 where user_id = $1";
const CLAIMS_STAY: &str = "update claim set user_id = $2 where user_id = $1";
/// What is left of attempts that were taken away by age.
const SHADOWS_STAY: &str = "update shadow set user_id = $2 where user_id = $1";
/// The state of the return stays, because somebody may still come back by it; what it linked and when is what it is for.
const ATTEMPTS_STAY: &str = "update link_attempt set user_id = $2, session_id = $3, input_digest = $4, reference = '', \
     timeline = '', account = null, proof = null, answer = null, completion_digest = null, completion_until = null, \
     version = version + 1 where user_id = $1";
/// Whose the rest is, as far as Alloy is concerned: with it what is listed is told from what others made.
const MAPPING_STAYS: &str = "insert into end_user (user_id, alloy_user_id, known_since) \
     select cast($2 as text), alloy_user_id, known_since from end_user where user_id = $1 \
     and (exists (select 1 from link_attempt where user_id = $2) or exists (select 1 from disconnection where user_id = $2) \
     or exists (select 1 from shadow where user_id = $2))";
const MAPPING_GOES: &str = "delete from end_user where user_id = $1";
/// A row for a pseudonym that had none.
pub(super) const KEPT: &str = "insert into end_user (user_id, alloy_user_id, known_since) values ($1, $2, $3) \
     on conflict (user_id) do nothing";

/// Whether the user of a row was erased: as `ExternalId::is_pseudonym`.
macro_rules! is_erased {
    () => {
        "(substr(user_id, 1, 7) = 'erased-' and length(user_id) = 43)"
    };
}

pub(super) use is_erased;

/// Who was erased and is that user of Alloy's.
macro_rules! pseudonyms {
    () => {
        concat!("(select user_id from end_user where alloy_user_id = $1 and ", is_erased!(), ")")
    };
}

const PURGE: [&str; 7] = [
    concat!(
        "update disconnection set attempt_id = null where attempt_id in (select id from link_attempt where user_id in ",
        pseudonyms!(),
        ")"
    ),
    concat!(
        "delete from deletion where attempt_id in (select id from link_attempt where user_id in ",
        pseudonyms!(),
        ")"
    ),
    concat!("delete from disconnection where user_id in ", pseudonyms!()),
    concat!("delete from claim where user_id in ", pseudonyms!()),
    concat!("delete from link_attempt where user_id in ", pseudonyms!()),
    concat!("delete from shadow where user_id in ", pseudonyms!()),
    concat!("delete from end_user where user_id in ", pseudonyms!()),
];

/// Takes away what has the user's name. All of their attempts have ended.
pub(super) async fn erase_rows(
    connection: &mut AnyConnection,
    user: &ExternalId,
    pseudonym: &ExternalId,
    now: OffsetDateTime,
) -> Stored<()> {
    let (name, at) = (user.as_str(), to_millis(now));
    sqlx::query(ERASED).bind(name).bind(at).execute(&mut *connection).await?;
    for statement in GO {
        sqlx::query(statement).bind(name).execute(&mut *connection).await?;
    }
    for statement in [CLAIMS_GO, ATTEMPTS_GO] {
        sqlx::query(statement).bind(name).bind(at).execute(&mut *connection).await?;
    }
    sqlx::query(ATTEMPTS_STAY)
        .bind(name)
        .bind(pseudonym.as_str())
        .bind(Uuid::nil().to_string())
        .bind(Digest::of(b"").to_text())
        .execute(&mut *connection)
        .await?;
    for statement in [WISHES_STAY, CLAIMS_STAY, SHADOWS_STAY, MAPPING_STAYS] {
        sqlx::query(statement).bind(name).bind(pseudonym.as_str()).execute(&mut *connection).await?;
    }
    sqlx::query(MAPPING_GOES).bind(name).execute(connection).await?;
    Ok(())
}

/// Takes away what was left of the erased who are that user of Alloy's.
pub(super) async fn purge_rows(connection: &mut AnyConnection, alloy_user: &AlloyUserId) -> Stored<()> {
    for statement in PURGE {
        sqlx::query(statement).bind(alloy_user.as_str()).execute(&mut *connection).await?;
    }
    Ok(())
}
