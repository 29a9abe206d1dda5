//! PostgreSQL: a pool of connections to a server.

use std::{sync::Arc, time::Duration};

use sqlx::{
    AnyConnection, AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, FromRow,
    any::{AnyConnectOptions, AnyPoolOptions},
};
use tokio::time::{Instant, sleep, timeout};

use super::{
    Result, Store, StoreError,
    database::{WriteMode, check_writable},
    migrate::{STEP_SETTINGS, migrate, migrate_unprepared},
    pool::{ACQUIRE_TIMEOUT, Pool},
    pooler, read_only, rights,
    transport::secured,
};

/// Enough for a few hundred requests at once: each holds a connection for a millisecond or so.
const CONNECTIONS: u32 = 10;

/// Idle time after which a connection is tested before use.
const TEST_AFTER: Duration = Duration::from_secs(5);

/// Timeout for that test.
const TEST_TIMEOUT: Duration = Duration::from_millis(300);

/// Timeout for the first connection and the questions on it: an unreachable or silent host must not hang a command.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Pause between two tries of the steps, in which the statements of other processes run.
const STEP_PAUSE: Duration = Duration::from_secs(3);

/// Without readers that have just begun. Of another role's transaction the beginning may be unknown.
const LOCK_HOLDERS: &str = "select l.pid::text, coalesce(a.state, 'unknown')::text, \
     case when l.locktype = 'advisory' then 'the lock of migrations' else l.mode || ' on ' || c.relname end::text \
     from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database() \
     left join pg_stat_activity a on a.pid = l.pid left join pg_class c on c.oid = l.relation \
     where l.granted and l.pid <> pg_backend_pid() \
     and (l.locktype = 'advisory' or c.relkind = 'r' and c.relnamespace = quote_ident(current_schema())::regnamespace) \
     and (l.mode <> 'AccessShareLock' or coalesce(a.xact_start < now() - interval '500 ms', true)) \
     order by a.xact_start nulls last, 1, 3 limit 5";

/// PostgreSQL waits for the disk by itself (`synchronous_commit`). The tables with a user are locked in the order in
/// which transactions write them. Readers continue, and a statement that waited for the lock sees the changes.
const WRITE_MODE: WriteMode = WriteMode {
    begin: "begin",
    begin_durable: "begin",
    end_durable: None,
    lock_tables: Some(
        "lock table connect_session, end_user, shadow, link_attempt, claim, deletion, disconnection, \
         connection_health, outbox_count, outbox in share row exclusive mode",
    ),
};

pub(super) async fn open(url: &str, lock_patience: Duration) -> Result<Store> {
    let options = options(url)?;
    prepare_tables(&options, lock_patience).await?;
    let pool = AnyPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .before_acquire(|connection, found| {
            Box::pin(async move {
                if pooler::was_found_within(found.age) {
                    return Ok(false);
                }
                if read_only::was_seen_within(found.age) {
                    return Ok(check_writable(connection).await.is_ok());
                }
                if found.idle_for > TEST_AFTER {
                    // A pool of silent connections is given up one after the other.
                    return Ok(timeout(TEST_TIMEOUT, connection.ping()).await.is_ok_and(|tested| tested.is_ok()));
                }
                Ok(true)
            })
        })
        .after_connect(|connection, _| Box::pin(prepare(connection)))
        .connect_with(options)
        .await?;
    let pool = Arc::new(Pool::Server(pool));
    Ok(Store { reads: Arc::clone(&pool), writes: pool, write_mode: WRITE_MODE })
}

pub(super) fn options(url: &str) -> Result<AnyConnectOptions> {
    let (_, url) = secured(url)?;
    Ok(AnyConnectOptions::from_url(&url)?)
}

/// An advisory lock lets one process migrate while the others wait. Where nothing is missing no lock is needed. A step
/// that waits for a table would make all later statements on that table wait behind it, so each wait is short.
async fn prepare_tables(options: &AnyConnectOptions, lock_patience: Duration) -> Result<()> {
    match check_tables(options).await {
        Err(StoreError::Older { .. } | StoreError::Empty) => {}
        prepared => return prepared,
    }
    let mut connection = answered(connect_for_steps(options)).await?;
    let give_up = Instant::now() + lock_patience;
    while let Err(error) = run_steps(&mut connection).await {
        if !error.is_lock_timeout() {
            return Err(rights::of_step(&mut connection, error).await);
        }
        let holders = answered(lock_holders(&mut connection)).await?;
        if Instant::now() >= give_up {
            return Err(StoreError::Locked { seconds: lock_patience.as_secs(), holders });
        }
        tracing::warn!(holders, "the tables are not prepared yet: other connections hold locks; trying again");
        sleep(STEP_PAUSE).await;
    }
    Ok(connection.close().await?)
}

/// Whether the tables are those of this program, and the role has its rights on them.
pub(super) async fn check_tables(options: &AnyConnectOptions) -> Result<()> {
    answered(async {
        pooler::find(options).await?;
        rights::check(options).await
    })
    .await
}

/// The answer, unless the server accepts a connection and stays silent, or a lock is held on what is asked for.
pub(super) async fn answered<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    timeout(CONNECT_TIMEOUT, work).await.unwrap_or_else(|_| Err(StoreError::Silent(CONNECT_TIMEOUT.as_secs())))
}

async fn connect_for_steps(options: &AnyConnectOptions) -> Result<AnyConnection> {
    let mut connection = AnyConnection::connect_with(options).await?;
    // A pooler would give them to others: there, the transaction of the steps has them.
    if !pooler::is_used() {
        for setting in STEP_SETTINGS {
            connection.execute(AssertSqlSafe(format!("set {setting}"))).await?;
        }
    }
    Ok(connection)
}

async fn run_steps(connection: &mut AnyConnection) -> Result<()> {
    if pooler::is_used() { migrate_unprepared(connection).await } else { migrate(connection).await }
}

/// Other connections with a lock on a table of ours or on the migrations.
async fn lock_holders(connection: &mut AnyConnection) -> Result<String> {
    let rows = connection.fetch_all(LOCK_HOLDERS).await?.into_iter();
    let rows: Vec<(String, String, String)> = rows.map(|row| FromRow::from_row(&row)).collect::<sqlx::Result<_>>()?;
    let named = |(pid, state, lock): &(String, String, String)| format!("pid {pid} ({state}) has {lock}");
    let all: Vec<String> = rows.iter().map(named).collect();
    Ok(if all.is_empty() { "none is left now".to_owned() } else { all.join(", ") })
}

/// Behind a pooler each transaction has these settings ([`pooler::BEGIN`]).
async fn prepare(connection: &mut AnyConnection) -> sqlx::Result<()> {
    if pooler::is_used() {
        return Ok(());
    }
    // Statements take milliseconds; compiling one that seems expensive takes seconds. A transaction whose client fell
    // silent must not keep its locks. In the stricter levels of isolation, which a role or a database may have as its
    // default, each of two simultaneous writers of a row would have to be repeated.
    let settings = "set lock_timeout = '2s'; set jit = off; set statement_timeout = '3s'; \
                    set idle_in_transaction_session_timeout = '10s'; \
                    set default_transaction_isolation = 'read committed'";
    connection.execute(settings).await?;
    Ok(())
}
