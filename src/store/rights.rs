//! What the role of PostgreSQL has to be granted: rows of prepared tables, or making tables where some are missing.

use sqlx::{AnyConnection, Connection as _, Executor as _, FromRow, Row as _, any::AnyConnectOptions};

use super::{Result, StoreError, migrate::check_prepared};

/// Names as a statement writes them.
const ROLE: &str = "select quote_ident(current_user)::text, quote_ident(coalesce(current_schema(), 'public'))::text, \
                    has_schema_privilege(coalesce(current_schema(), 'public'), 'create')::text";

/// Whether each table of the steps can be read and written. (The list of the steps itself is only read.)
const WRITES_ROWS: &str = "select coalesce(bool_and(has_table_privilege(c.oid, 'select') \
     and has_table_privilege(c.oid, 'insert') and has_table_privilege(c.oid, 'update') \
     and has_table_privilege(c.oid, 'delete')), true)::text from pg_class c \
     where c.relnamespace = to_regnamespace(quote_ident(coalesce(current_schema(), 'public'))) and c.relname in \
     ('browser', 'claim', 'connect_session', 'connection_health', 'created_alloy_user', 'deletion', 'delivery_try', \
     'disconnection', 'end_user', 'erased_session', 'erasure', 'link_attempt', 'outbox', 'outbox_count', 'receiver', 'shadow')";

struct Role {
    name: String,
    schema: String,
    makes_tables: bool,
}

async fn role(connection: &mut AnyConnection) -> Result<Role> {
    let row = connection.fetch_one(ROLE).await?;
    let (name, schema, makes_tables): (String, String, String) = FromRow::from_row(&row)?;
    Ok(Role { name, schema, makes_tables: makes_tables == "true" })
}

/// Returns `Rights` with the line to run if something is missing, and otherwise the state of the tables.
pub(super) async fn check(options: &AnyConnectOptions) -> Result<()> {
    let state = check_prepared(options).await;
    let mut connection = AnyConnection::connect_with(options).await?;
    let Role { name, schema, makes_tables } = role(&mut connection).await?;
    let missing = match &state {
        Ok(()) => {
            let writes: String = connection.fetch_one(WRITES_ROWS).await?.try_get(0)?;
            (writes != "true").then(|| rows(&name, &schema))
        }
        Err(error) if error.is_refused() => Some(rows(&name, &schema)),
        Err(StoreError::Empty | StoreError::Older { .. }) if !makes_tables => Some(format!(
            "the role {name} may make no tables in the schema {schema}. Run as its owner: \
             grant usage, create on schema {schema} to {name}"
        )),
        Err(_) => None,
    };
    connection.close().await?;
    missing.map_or(state, |missing| Err(StoreError::Rights(missing)))
}

fn rows(role: &str, schema: &str) -> String {
    format!(
        "the role {role} may not read and write the tables. Run as their owner: grant usage on schema {schema} to {role}; \
         grant select, insert, update, delete on all tables in schema {schema} to {role}"
    )
}

/// The failure of a step, which only the tables' owner can do.
pub(super) async fn of_step(connection: &mut AnyConnection, error: StoreError) -> StoreError {
    if !error.is_refused() {
        return error;
    }
    let name = role(connection).await.map_or_else(|_| "of store.url".to_owned(), |role| role.name);
    StoreError::Rights(format!(
        "the role {name} may not change the tables, because they belong to another one. Start this version once as their \
         owner; afterwards {name} needs rows only"
    ))
}
