//! The database, in SQLite or PostgreSQL. Each file adds the calls for one noun; the statements are in `sql/`.

#![expect(missing_docs, reason = "public for tests and benches only; most names say it")]

mod attempt_list;
mod attempt_row;
mod attempts;
mod backup;
mod browser;
mod claims;
mod columns;
mod commit;
mod database;
mod deletions;
mod deliveries;
mod disconnections;
mod erased_rows;
mod erasures;
mod error;
mod event_log;
mod health;
mod lease;
mod migrate;
mod open;
mod outbox;
mod pool;
mod postgres;
mod provenance;
mod purge;
mod receivers;
mod sessions;
mod sqlite;
mod statement;
mod transport;
mod users;

pub use attempt_list::AttemptFilter;
pub use attempt_row::AttemptWithTimeline;
pub use attempts::{Begun, UserLinkState};
pub use backup::copy_file;
pub use browser::BrowserState;
pub use commit::CommitOutcome;
pub use database::Store;
pub use deletions::Deletion;
pub use deliveries::{DeliveryAttempt, DeliveryOutcome, DueEvent, LeaseTerms, Queue};
pub use disconnections::Disconnection;
pub use erasures::{Erasure, ErasureOutcome, ErasureState};
pub use error::{Result, StoreError};
pub use event_log::{Delivery, DeliveryFilter, DeliveryState, Place};
pub use health::CheckedConnection;
pub use lease::JOB_KINDS;
pub use open::{check_compatibility, open, open_existing};
pub use outbox::{StoredEvent, WaitingEvents};
pub use purge::PurgeStep;
pub use receivers::ReceiverState;
pub use sessions::{CookieRow, IdempotencyRecord, NewSession, Redeemed, Redemption, SessionCreated};
pub use sqlite::file_of;
pub use transport::Transport;
pub use users::{KnownUser, Mapping, StoreIf};
