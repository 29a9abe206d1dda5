//! One try to link one app, and every way in which it changes. Nothing else in the program changes an attempt: the
//! steps tell it what was seen, it answers with what follows, and the store keeps that in one transaction.

mod attempt;
mod observe;
mod reason;
mod reference;
#[cfg(test)]
mod tests;

pub use attempt::{AttemptId, Begin, LinkAttempt};
pub use observe::{Change, EventKind, Observation, OutboxEvent, TimelineEntry, TimelineEvent, UserAnswer};
pub use reason::{Reason, State};
pub use reference::Reference;
