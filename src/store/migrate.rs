//! The tables, carried inside the program.

use sqlx::migrate::Migrator;

/// Every step from an empty database to what this program needs, the same for both kinds.
pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");
