//! The link attempt as a pure state machine: an observation in, a change out. Nothing else changes an attempt; the
//! store commits each change in one transaction.

mod assignment;
mod change;
mod claim;
mod derived;
mod evidence;
mod later_return;
mod link_attempt;
mod observation;
mod reference;
mod refresh_schedule;
mod settlement;
mod state;
#[cfg(test)]
mod tests;
mod transition;

pub use change::{Actor, Change, EventKind, HealthChange, OutboxEvent, ReplacementProof, TimelineEntry, TimelineEvent};
pub use claim::{Claim, Claims, same_account};
pub use evidence::{Claimed, FINE_LEEWAY, LEEWAY, SiblingAttempts, UNKNOWN_LEEWAY};
pub use link_attempt::{AttemptId, Begin, ForeignReturn, LinkAttempt};
pub use observation::Observation;
pub use reference::Reference;
pub use state::{Completion, End, Link, Proof, Reason, State, Status, UserAnswer};
