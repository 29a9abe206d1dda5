//! Use cases of a link attempt: commit an observation, refresh from Alloy's list, wait for the outcome, prove the account.

pub(crate) mod await_end;
pub(crate) mod commit;
pub(crate) mod listings;
pub(crate) mod poll;
pub(crate) mod prove;
pub(crate) mod quota;
pub(crate) mod refresh;
pub(crate) mod watchers;
