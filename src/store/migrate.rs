//! Embedded migrations.

use sqlx::{
    AnyConnection, AssertSqlSafe, Connection as _, Executor as _, Row as _,
    any::AnyConnectOptions,
    error::DatabaseError,
    migrate::{Migrate as _, MigrateError, Migration, Migrator},
};

use super::{Result, StoreError};

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");
const TABLE: &str = "_sqlx_migrations";
/// For a connection that runs steps. Other processes' statements wait behind a step that waits for a lock, for less than
/// their own `lock_timeout`. Defaults of the role or the database may be too short
/// for an index on a large table.
pub(super) const STEP_SETTINGS: [&str; 3] =
    ["lock_timeout = '1s'", "statement_timeout = 0", "idle_in_transaction_session_timeout = 0"];
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

/// Runs them through a pooler: in one transaction, with a lock that ends with it, and without prepared statements.
pub(super) async fn migrate_unprepared(connection: &mut AnyConnection) -> Result<()> {
    let mut transaction = connection.begin_with("begin isolation level read committed").await?;
    for setting in STEP_SETTINGS {
        transaction.execute(AssertSqlSafe(format!("set local {setting}"))).await?;
    }
    transaction.execute("select pg_advisory_xact_lock(7161290416)").await?;
    transaction.ensure_migrations_table(TABLE).await?;
    let done = done_by(&mut transaction).await?;
    for step in MIGRATIONS.iter().filter(|step| !done.contains(&step.version)) {
        let run = transaction.execute(step.sql.clone()).await;
        run.map_err(|error| MigrateError::ExecuteMigration(error, step.version))?;
        transaction.execute(AssertSqlSafe(record(step))).await?;
    }
    Ok(transaction.commit().await?)
}

/// The row that sqlx writes for a step.
fn record(step: &Migration) -> String {
    let checksum: String = step.checksum.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "insert into {TABLE} (version, description, success, checksum, execution_time) \
         values ({}, '{}', true, '\\x{checksum}', -1)",
        step.version,
        step.description.replace('\'', "''")
    )
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
    let done = done_by(&mut connection).await;
    connection.close().await?;
    done
}

/// Prepares no statement.
async fn done_by(connection: &mut AnyConnection) -> Result<Vec<i64>> {
    let rows = match connection.fetch_all(DONE).await {
        // A database without this table is new.
        Err(sqlx::Error::Database(error)) if is_missing_table(&*error) => Vec::new(),
        other => other?,
    };
    let done = rows.iter().map(|row| row.try_get(0)).collect::<sqlx::Result<Vec<i64>>>()?;
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
