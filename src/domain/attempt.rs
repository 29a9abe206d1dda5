//! One try to link one app, and every way in which it changes. Nothing else in the program changes an attempt: the
//! steps tell it what was seen, it answers with what follows, and the store keeps that in one transaction.

mod claim;
mod evidence;
mod judge;
pub(crate) mod link_attempt;
mod observe;
mod reason;
mod reference;
mod step;
#[cfg(test)]
mod tests;
mod watch;

pub use claim::{Claim, Claims};
pub use evidence::{Claimed, FINE_LEEWAY, LEEWAY, Others, UNKNOWN_LEEWAY};
pub use link_attempt::{AttemptId, Begin, Completion, LinkAttempt};
pub use observe::{
    Actor, Change, EventKind, Observation, OutboxEvent, Proof, TimelineEntry, TimelineEvent, UserAnswer,
};
pub use reason::{Reason, State};
pub use reference::Reference;
