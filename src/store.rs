//! What must outlive a request: sessions, users, attempts, claims and events. One trait, two databases.

mod attempt_row;
mod attempts;
mod backlog;
mod backup;
mod browser;
mod claims;
mod commit;
mod connections;
mod database;
mod deletions;
mod deliveries;
mod disconnections;
mod erased_rows;
mod erasures;
mod event_log;
mod lease;
mod lists;
mod looks;
mod migrate;
mod open;
mod outbox;
mod postgres;
mod provenance;
mod purge;
mod receivers;
mod repeats;
mod row;
mod sessions;
mod sqlite;
mod transport;
mod users;

use async_trait::async_trait;
use time::OffsetDateTime;

use crate::domain::{
    attempt::{AttemptId, Change, LinkAttempt, Reference, TimelineEntry},
    connection::{Claim, Claims, CredentialId},
    connector::ConnectorId,
    error::Error,
    keys::Digest,
    session::{AlloyUserId, ConnectSession, EndedBy, ExternalId, SessionId},
};

pub use attempts::Known;
pub use backlog::{Backlog, JOB_KINDS, Waiting};
pub use backup::copy_file;
pub use deletions::Deletion;
pub use deliveries::{Deliveries, DeliveryAttempt, DeliveryOutcome, DueEvent, LeaseTerms, Queue};
pub use disconnections::Disconnection;
pub use erasures::{Erased, Erasure, Erasures, Remains};
pub use event_log::{Delivery, DeliveryFilter, DeliveryState, EventLog, Place};
pub use lists::{Filter, Lists, Told};
pub use open::{judge, open, open_existing};
pub use outbox::StoredEvent;
pub use provenance::Provenance;
pub use purge::{Purge, Walked};
pub use receivers::{ReceiverState, Receivers};
pub use repeats::{Once, Repeats};
pub use sessions::{CookieRow, NewSession, Redemption, SessionCreated};
pub use sqlite::file_of;
pub use transport::Transport;
pub use users::{Mapping, StoreIf};

/// What went wrong in the store. Its text is for the log only.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database did not do what it was asked to.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought to what this program needs.
    #[error("the database could not be prepared: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A newer release has prepared it.
    #[error(
        "this database belongs to a newer Gangway: step {step} of its tables was done, and Gangway {} knows the steps up to \
         {known}. Start the newer version again, or restore a backup that was made before it first ran. Nothing was changed",
        env!("CARGO_PKG_VERSION")
    )]
    Newer {
        /// The first step that is not known.
        step: i64,
        /// The last one that is.
        known: i64,
    },
    /// An earlier release has prepared the database, and only who serves prepares it anew.
    #[error(
        "this database was prepared by an earlier Gangway: step {step} is missing, and this is {version}. Ask the Gangway \
         that serves it, or serve with this one first. Nothing was changed",
        version = env!("CARGO_PKG_VERSION")
    )]
    Older {
        /// The first step that was not done.
        step: i64,
    },
    /// A row holds what this program never writes.
    #[error("the database holds a {0} that cannot be read")]
    Unreadable(&'static str),
    /// The address in `store.url` is none that this program can open.
    #[error("{0}")]
    Address(String),
}

impl StoreError {
    /// Whether the database is busy, full or away, so that the same call may go well a little later.
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Database(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) => true,
            Self::Database(sqlx::Error::Database(error)) => match error.code() {
                // PostgreSQL's appendix A: a lock that was not given, two who waited for each other, lack of resources, and a
                // server that stops or starts.
                Some(code) if code.len() == 5 => {
                    code == "55P03" || ["40", "53", "57P"].iter().any(|class| code.starts_with(class))
                }
                // SQLite says so in words that every version has: SQLITE_BUSY, SQLITE_LOCKED and SQLITE_FULL.
                _ => ["is locked", "is full"].iter().any(|state| error.message().contains(state)),
            },
            _ => false,
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let cause = error.to_string();
        if error.is_busy() { Self::StoreBusy(cause) } else { Self::Store(cause) }
    }
}

/// The answer of every call.
pub type Stored<T> = Result<T, StoreError>;

/// What came of redeeming a start code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redeemed {
    /// This call used the code up.
    Now(ConnectSession),
    /// The code was used up before; the session as it stands.
    Before(ConnectSession),
    /// No such code, or its time or its session is over.
    Never,
}

/// What came of beginning an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// It is kept.
    New,
    /// The user has an open attempt at this app already: that one.
    Open(Box<LinkAttempt>),
    /// The same key was saved a moment ago: by that one.
    Saved(Box<LinkAttempt>),
    /// Its session was erased meanwhile, with its user.
    Over,
}

/// What came of a change to an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Committed {
    /// It is kept, with all that belongs to it.
    Kept,
    /// Somebody else changed the attempt, or claimed one of its credentials, since it was read: read again.
    Outdated,
    /// What the change saw removed was known to be gone: nothing follows from it once more.
    Repeated,
}

/// What a browser's session cookie leads to: the state that actix-session keeps, as JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserState {
    /// JSON.
    pub state: String,
    /// After this it is gone.
    pub expires_at: OffsetDateTime,
}

/// The store. Every call is one transaction: all of it is kept, or nothing.
#[async_trait]
pub trait Store:
    Backlog + Deliveries + Erasures + EventLog + Lists + Provenance + Purge + Receivers + Repeats + Send + Sync
{
    /// Whether the database answers.
    async fn ping(&self) -> Stored<()>;

    /// Keeps a new session under the digest of its start code.
    async fn insert_session(&self, session: &ConnectSession, code: &Digest) -> Stored<()>;
    /// The session of that id.
    async fn session(&self, id: SessionId) -> Stored<Option<ConnectSession>>;
    /// The session of that start code, redeemed or not.
    async fn session_by_code(&self, code: &Digest) -> Stored<Option<ConnectSession>>;
    /// Stores a new session with its idempotency key and the given mapping of its user; all of it or nothing.
    async fn create_session(&self, new: &NewSession<'_>, now: OffsetDateTime) -> Stored<SessionCreated>;
    /// Redeems a start code and stores the state of the browser's cookie with it. Of any number of calls at once exactly
    /// one answers `Now`.
    async fn redeem(&self, redemption: &Redemption<'_>) -> Stored<Redeemed>;
    /// Notes that the session's browser was seen. Within a minute of the last time it changes nothing, but waits for
    /// its turn to write all the same: who has the session at hand looks at its `seen_at` first.
    async fn touch_session(&self, id: SessionId, now: OffsetDateTime) -> Stored<()>;
    /// Ends a session; false if it had ended or never was.
    async fn end_session(&self, id: SessionId, by: EndedBy, now: OffsetDateTime) -> Stored<bool>;

    /// Keeps what a cookie leads to, in place of what it led to before. `key` is a digest of the cookie's value.
    async fn put_browser(&self, key: &Digest, state: &BrowserState) -> Stored<()>;
    /// What a cookie leads to, unless its time is over.
    async fn browser(&self, key: &Digest, now: OffsetDateTime) -> Stored<Option<BrowserState>>;
    /// Forgets what a cookie led to.
    async fn delete_browser(&self, key: &Digest) -> Stored<()>;

    /// Alloy's id of that user, if we know it.
    async fn alloy_user(&self, user: &ExternalId) -> Stored<Option<AlloyUserId>>;
    /// Stores Alloy's id of that user as the host gave it: several users may have the same. The first mapping of a user
    /// stays; it is returned.
    async fn remember_alloy_user(
        &self,
        user: &ExternalId,
        alloy_user: &AlloyUserId,
        now: OffsetDateTime,
    ) -> Stored<AlloyUserId>;
    /// Stores Alloy's id of that user as it was found by the user's name, unless another user has it and the host did not
    /// give it. Of any number of users that map to one id at once, one succeeds. The first mapping of a user stays.
    async fn map_alloy_user(
        &self,
        user: &ExternalId,
        alloy_user: &AlloyUserId,
        condition: StoreIf,
        now: OffsetDateTime,
    ) -> Stored<Mapping>;
    /// Whether another user has that user of Alloy, and the host did not give it.
    async fn alloy_user_is_taken(&self, user: &ExternalId, alloy_user: &AlloyUserId) -> Stored<bool>;

    /// Keeps a new attempt, its first timeline entry (`began`) included, unless the user has an open one at the same
    /// app (compared without case).
    async fn begin(&self, attempt: &LinkAttempt) -> Stored<Begun>;
    /// The same for a key, unless the same input was saved since then.
    async fn begin_key(&self, attempt: &LinkAttempt, saved_since: OffsetDateTime) -> Stored<Begun>;
    /// The attempt of that id.
    async fn attempt(&self, id: AttemptId) -> Stored<Option<LinkAttempt>>;
    /// The attempt whose callback has a state of that digest.
    async fn attempt_by_state(&self, state: &Digest) -> Stored<Option<LinkAttempt>>;
    /// The attempt whose completion code has that digest.
    async fn attempt_by_completion(&self, code: &Digest) -> Stored<Option<LinkAttempt>>;
    /// The newest attempt of that reference.
    async fn attempt_by_reference(&self, reference: Reference) -> Stored<Option<LinkAttempt>>;
    /// What a user's list is held against, as of one moment. Here and below, users of the host who are one user of
    /// Alloy's count as one, because what is listed for one is listed for all: `known`, `claims` and `disconnection`.
    async fn known(&self, user: &ExternalId) -> Stored<Known>;
    /// The user's newest attempt at an app, open or ended.
    async fn last_attempt(&self, user: &ExternalId, connector: &ConnectorId) -> Stored<Option<LinkAttempt>>;
    /// The steps of an attempt, in order.
    async fn timeline(&self, id: AttemptId) -> Stored<Vec<TimelineEntry>>;
    /// Every claim on the user's credentials.
    async fn claims(&self, user: &ExternalId) -> Stored<Claims>;
    /// The claim on that credential, whosever it is.
    async fn claim(&self, credential: &CredentialId) -> Stored<Option<Claim>>;
    /// Keeps a change whole: the attempt (if its version is still the one read; it grows by one), its claims, its
    /// timeline, its deletions and its events.
    async fn commit(&self, change: &Change) -> Stored<Committed>;

    /// Takes attempts whose look is due, until `lease` or until they are given back: of at most `most` users, and with
    /// each all of the user's attempts that wait for one. No two calls get the same attempt before its lease is over.
    async fn due_looks(&self, now: OffsetDateTime, lease: OffsetDateTime, most: u16) -> Stored<Vec<LinkAttempt>>;
    /// Gives an attempt back, as it was taken, with the time of its next look.
    async fn looked(&self, attempt: &LinkAttempt, next: Option<OffsetDateTime>) -> Stored<()>;
    /// Leases due deletions of one attempt, until `lease` or until they are put off or done.
    async fn due_deletions(&self, now: OffsetDateTime, lease: OffsetDateTime, most: u16) -> Stored<Vec<Deletion>>;
    /// Counts a deletion that was tried in vain, and sets when it is tried again, and how many lists in a row did not
    /// show the credential.
    async fn put_off_deletion(&self, credential: &CredentialId, next_at: OffsetDateTime, missed: i64) -> Stored<()>;
    /// Whether something of that attempt was to be deleted, and all of it is gone.
    async fn removed(&self, attempt: AttemptId) -> Stored<bool>;

    /// Keeps the wish to disconnect, with its lease; false if there is one for that credential, or no such user.
    async fn ask_disconnection(&self, wanted: &Disconnection) -> Stored<bool>;
    /// The user's wish to disconnect that credential.
    async fn disconnection(&self, user: &ExternalId, credential: &CredentialId) -> Stored<Option<Disconnection>>;
    /// Leases due disconnections of one user at Alloy, until `lease` or until they are put off or done.
    async fn due_disconnections(
        &self,
        now: OffsetDateTime,
        lease: OffsetDateTime,
        most: u16,
    ) -> Stored<Vec<Disconnection>>;
    /// As `put_off_deletion`.
    async fn put_off_disconnection(
        &self,
        credential: &CredentialId,
        next_at: OffsetDateTime,
        missed: i64,
    ) -> Stored<()>;
    /// Keeps that what no attempt of ours had made is disconnected, with the event that says so; false if that was known.
    /// What an attempt had made is kept by `commit`.
    async fn disconnected(&self, wanted: &Disconnection, now: OffsetDateTime) -> Stored<bool>;

    /// The user's events after that sequence number, in order.
    async fn events(&self, user: &ExternalId, after: i64) -> Stored<Vec<StoredEvent>>;
}
