//! The tables, carried inside the program.

use sqlx::{
    AnyConnection,
    migrate::{MigrateError, Migrator},
};

/// Every step from an empty database to what this program needs, the same for both kinds.
static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");

/// Brings the tables to what this program needs. The caller sees to it that no other process does so meanwhile.
///
/// `Migrator::run` would make a future that cannot move between threads; this is what sqlx has in its place.
pub(super) async fn migrate(connection: &mut AnyConnection) -> Result<(), MigrateError> {
    MIGRATIONS.run_direct(None, connection, false).await
}
