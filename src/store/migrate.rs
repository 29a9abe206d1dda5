//! Embedded migrations.

use sqlx::{
    AnyConnection, Connection as _,
    any::AnyConnectOptions,
    error::DatabaseError,
    migrate::{MigrateError, Migrator},
};

use super::{Result, StoreError};

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");
const DONE: &str = "select version from _sqlx_migrations order by version";

/// Runs the missing migrations. The caller excludes other processes. Unlike `Migrator::run`, the future is `Send`.
pub(super) async fn migrate(connection: &mut AnyConnection) -> Result<()> {
    MIGRATIONS.run_direct(None, connection, false).await.map_err(|error| match error {
        // A newer release's migration does not harm running processes, but a process that starts now might write rows
        // that the newer release does not expect.
        MigrateError::VersionMissing(step) => newer(step),
        other => other.into(),
    })
}

/// Returns an error if a newer release has migrated the database. Reads only; missing tables are no error.
pub(super) async fn check_compatibility(options: &AnyConnectOptions) -> Result<()> {
    done(options).await?;
    Ok(())
}

/// Returns an error unless the tables are exactly those of this program. Reads only.
pub(super) async fn check_prepared(options: &AnyConnectOptions) -> Result<()> {
    let done = done(options).await?;
    if done.is_empty() {
        return Err(StoreError::Empty);
    }
    let missing = MIGRATIONS.iter().map(|migration| migration.version).find(|step| !done.contains(step));
    missing.map_or(Ok(()), |step| Err(StoreError::Older { step }))
}

async fn done(options: &AnyConnectOptions) -> Result<Vec<i64>> {
    let mut connection = AnyConnection::connect_with(options).await?;
    let done: sqlx::Result<Vec<i64>> = sqlx::query_scalar(DONE).fetch_all(&mut connection).await;
    connection.close().await?;
    let done = match done {
        // A database without this table is new.
        Err(sqlx::Error::Database(error)) if is_missing_table(&*error) => Vec::new(),
        other => other?,
    };
    match done.iter().find(|step| !MIGRATIONS.version_exists(**step)) {
        Some(step) => Err(newer(*step)),
        None => Ok(done),
    }
}

fn is_missing_table(error: &dyn DatabaseError) -> bool {
    error.code().as_deref() == Some("42P01") || error.message().starts_with("no such table")
}

fn newer(step: i64) -> StoreError {
    StoreError::Newer { step, known: MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default() }
}
