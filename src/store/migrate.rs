//! The tables, carried inside the program.

use sqlx::{
    AnyConnection, Connection as _,
    any::AnyConnectOptions,
    migrate::{MigrateError, Migrator},
};

use super::{StoreError, Stored};

/// Every step from an empty database to what this program needs, the same for both kinds.
static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");
/// The steps that were done.
const DONE: &str = "select version from _sqlx_migrations order by version";

/// Brings the tables to what this program needs. The caller sees to it that no other process does so meanwhile.
///
/// `Migrator::run` would make a future that cannot move between threads; this is what sqlx has in its place.
pub(super) async fn migrate(connection: &mut AnyConnection) -> Stored<()> {
    MIGRATIONS.run_direct(None, connection, false).await.map_err(|error| match error {
        // What a newer release added is not known here. It would do no harm to a process that runs already, but who starts
        // on it would begin to write what that release perhaps does not expect any more.
        MigrateError::VersionMissing(step) => newer(step),
        other => StoreError::Migration(other),
    })
}

/// Whether the tables are such as this program knows. Nothing is made or changed; tables that are not there yet will do.
pub(super) async fn judge(options: &AnyConnectOptions) -> Stored<()> {
    done(options).await?;
    Ok(())
}

/// Whether the tables are exactly those of this program. Nothing is made or changed.
pub(super) async fn is_prepared(options: &AnyConnectOptions) -> Stored<()> {
    let done = done(options).await?;
    let missing = MIGRATIONS.iter().map(|migration| migration.version).find(|step| !done.contains(step));
    missing.map_or(Ok(()), |step| Err(StoreError::Older { step }))
}

/// The steps that were done, all of them known to this program.
async fn done(options: &AnyConnectOptions) -> Stored<Vec<i64>> {
    let mut connection = AnyConnection::connect_with(options).await?;
    let done: Result<Vec<i64>, sqlx::Error> = sqlx::query_scalar(DONE).fetch_all(&mut connection).await;
    connection.close().await?;
    let done = match done {
        // A database without this table was not prepared yet.
        Err(sqlx::Error::Database(error)) if error.message().contains("_sqlx_migrations") => Vec::new(),
        other => other?,
    };
    match done.iter().find(|step| !MIGRATIONS.version_exists(**step)) {
        Some(step) => Err(newer(*step)),
        None => Ok(done),
    }
}

fn newer(step: i64) -> StoreError {
    StoreError::Newer { step, known: MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default() }
}
