//! Every row of every table, as text: whatever a database knows is in here.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

use crate::app::TestApp;

/// The rows of each table, a text each. What the database keeps for itself is left out.
pub(crate) async fn dump(app: &TestApp) -> BTreeMap<String, Vec<String>> {
    let url = app.store_url();
    let mut all = if url.starts_with("sqlite") { of_sqlite(&url).await } else { of_postgres(&url).await };
    all.remove("_sqlx_migrations");
    all
}

async fn of_sqlite(url: &str) -> BTreeMap<String, Vec<String>> {
    let mut connection = SqliteConnection::connect(url).await.unwrap();
    let tables = "select name from sqlite_master where type = 'table'";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut connection).await.unwrap();
    let mut all = BTreeMap::new();
    for table in tables {
        let columns = sqlx::query_scalar("select name from pragma_table_info($1)").bind(&table);
        let columns: Vec<String> = columns.fetch_all(&mut connection).await.unwrap();
        let line: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
        let rows = format!("select {} from {table}", line.join(" || ' ' || "));
        all.insert(table, sqlx::query_scalar(AssertSqlSafe(rows)).fetch_all(&mut connection).await.unwrap());
    }
    all
}

async fn of_postgres(url: &str) -> BTreeMap<String, Vec<String>> {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let tables = "select table_name::text from information_schema.tables where table_schema = 'public'";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut connection).await.unwrap();
    let mut all = BTreeMap::new();
    for table in tables {
        let rows = format!("select row_of::text from {table} as row_of");
        all.insert(table, sqlx::query_scalar(AssertSqlSafe(rows)).fetch_all(&mut connection).await.unwrap());
    }
    all
}
