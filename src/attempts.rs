//! Use cases of a link attempt, in the order of its life: `quota` and `begin`, then `refresh` and `poll` for the outcome,
//! `prove` and `complete`. Every change passes through `commit`.

mod await_end;
mod begin;
mod call_timing;
mod commit;
mod complete;
mod find;
mod follow;
pub(crate) mod listings;
mod locks;
mod poll;
mod prove;
mod quota;
mod refresh;
pub(crate) mod watchers;

use std::{num::NonZeroU32, sync::Arc};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    alloy::AlloyClient,
    catalogue::Catalogue,
    config::{Link, VerifyCompletion},
    domain::{
        attempt::AttemptId,
        clock::{SharedClock, SharedEntropy, time_sorted_uuid},
        connector::{ConnectorId, Whoami},
        error::Error,
        keys::{Digest, Keys, Purpose},
        session::{Arrival, ConnectSession},
    },
    runtime::metrics::Metrics,
    sessions::{SessionWatchers, alloy_users::AlloyUsers},
    store::Store,
};

use listings::Listings;
use locks::AttemptLocks;
use prove::ProofThrottle;
use watchers::AttemptWatchers;

pub(crate) use begin::{NextStep, Submission};
pub(crate) use call_timing::Urgency;
pub(crate) use prove::TIMEOUT as PROOF_TIMEOUT;

pub(crate) struct Attempts {
    parts: Parts,
    locks: AttemptLocks,
    watchers: AttemptWatchers,
    proofs: ProofThrottle,
}

pub(crate) struct Parts {
    pub store: Store,
    pub alloy: Arc<AlloyClient>,
    pub catalogue: Arc<Catalogue>,
    pub listings: Arc<Listings>,
    pub alloy_users: Arc<AlloyUsers>,
    pub metrics: Arc<Metrics>,
    pub keys: Keys,
    pub clock: SharedClock,
    pub entropy: SharedEntropy,
    pub link: Link,
    pub keys_per_app: NonZeroU32,
    pub verify_completion: VerifyCompletion,
    pub jobs_wakeup: Arc<Notify>,
    pub webhook_wakeup: Arc<Notify>,
    pub session_watchers: Arc<SessionWatchers>,
    pub shutdown: CancellationToken,
}

impl Attempts {
    pub(crate) fn new(parts: Parts) -> Self {
        Self {
            parts,
            locks: AttemptLocks::default(),
            watchers: AttemptWatchers::default(),
            proofs: ProofThrottle::default(),
        }
    }

    /// Whether the host has to say who finished an attempt that begins in that session.
    pub(crate) fn needs_completion(&self, session: &ConnectSession) -> bool {
        match self.parts.verify_completion {
            VerifyCompletion::Never => false,
            VerifyCompletion::Links => session.arrival != Some(Arrival::Host),
            VerifyCompletion::Always => true,
        }
    }

    /// The states (256 bits) that stand for that attempt in the callback's path, one for each session key, newest first.
    /// They are derived, so that only their digest is stored.
    pub(crate) fn states(&self, attempt: AttemptId) -> impl Iterator<Item = String> {
        let tags: Vec<_> = self.parts.keys.tags(Purpose::State, attempt.uuid().as_bytes()).collect();
        tags.into_iter().map(|tag| tag.to_text())
    }

    /// The id of a new attempt, with the digest of its state.
    fn new_id(&self) -> Result<(AttemptId, Digest), Error> {
        let Parts { clock, entropy, .. } = &self.parts;
        let id = AttemptId::from_uuid(time_sorted_uuid(&**clock, &**entropy));
        let state = self.states(id).next().ok_or(Error::Internal("session.keys has no key"))?;
        Ok((id, Digest::of(state.as_bytes())))
    }

    pub(crate) fn watchers(&self) -> &AttemptWatchers {
        &self.watchers
    }

    fn whoami(&self, connector: &ConnectorId) -> Option<Whoami> {
        self.parts.catalogue.settings().of(connector)?.whoami.clone()
    }
}
