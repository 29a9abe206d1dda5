//! Commits observations. Handles two races: a version conflict, after which the observation is applied to the new
//! state, and a link beside a foreign return of another attempt, which revokes the link. A credential that takes the
//! place of another one is proved first (`prove`).

use time::OffsetDateTime;

use super::{Attempts, Parts};
use crate::{
    domain::{
        attempt::{Actor, Change, LinkAttempt, Observation, SiblingAttempts, State, TimelineEntry, TimelineEvent},
        connection::{Claim, Claims, CredentialId, Listed},
        connector::ConnectorId,
        error::Error,
    },
    runtime::metrics::Step,
    store::{CommitOutcome, UserLinkState},
};

/// No limit on when the other attempt began.
const ALWAYS: OffsetDateTime = time::macros::datetime!(9999-12-31 0:00 UTC);
/// Maximum number of retries. More version conflicts in a row mean a bug.
const MAX_TRIES: usize = 20;

impl Attempts {
    pub(crate) async fn observe(
        &self,
        actor: Actor,
        attempt: LinkAttempt,
        observation: &Observation<'_>,
    ) -> Result<LinkAttempt, Error> {
        let before = attempt.state();
        let (attempt, derived) = self.commit_with_retry(actor, attempt, observation).await?;
        for derived in derived.iter().filter(|derived| derived.state() == State::Linked) {
            self.revoke_affected_links(derived).await?;
        }
        let is_new_link = before != State::Linked && attempt.state() == State::Linked;
        if !is_new_link && attempt.foreign_at().is_none() {
            return Ok(attempt);
        }
        // Of a link and a foreign return committed at the same moment, the later one sees the other. If this process
        // stops before, the refresh that follows each foreign return revokes the link.
        self.revoke_affected_links(&attempt).await?;
        self.parts.store.attempt(attempt.id).await?.ok_or(Error::NotFound)
    }

    /// Returns the attempt and those derived from it.
    async fn commit_with_retry(
        &self,
        actor: Actor,
        mut attempt: LinkAttempt,
        observation: &Observation<'_>,
    ) -> Result<(LinkAttempt, Vec<LinkAttempt>), Error> {
        let Parts { store, clock, .. } = &self.parts;
        let mut claimed_elsewhere = Claims::new();
        let mut lock = None;
        let mut replacement = None;
        for _ in 0..MAX_TRIES {
            let mut others = match observation.needs_siblings() {
                true => self.others(&attempt, observation).await?,
                false => SiblingAttempts::default(),
            };
            others.claims.extend(claimed_elsewhere.clone());
            let Some(change) = attempt.observe(observation, &others, clock.now()) else {
                return Ok((attempt, Vec::new()));
            };
            let proves = replacement.is_none() && change.replaces_connection();
            if let Some(whoami) = proves.then(|| self.whoami(&attempt.connector)).flatten() {
                // A call of seconds: nothing is locked meanwhile, and what happens in that time counts.
                drop(lock.take());
                replacement = Some(self.prove_replacement(&change.attempt, &whoami).await?);
                attempt = self.current(&attempt).await?;
                continue;
            }
            let change = match replacement.as_ref().and_then(Option::as_ref) {
                Some(proved) => change.with_proof(proved).by(actor),
                None => change.by(actor),
            };
            match store.commit(&change).await? {
                CommitOutcome::Committed => return Ok(self.committed(attempt.state(), change)),
                CommitOutcome::AlreadyRemoved => {
                    return Ok((store.attempt(attempt.id).await?.ok_or(Error::NotFound)?, Vec::new()));
                }
                CommitOutcome::VersionConflict => {}
            }
            // Where two of the host's users share a user of Alloy, the other may have claimed a credential meanwhile.
            for claimed in change.claims.iter().chain(change.derived.iter().flat_map(|derived| &derived.claims)) {
                let claim = store.claim(&claimed.id).await?;
                if let Some(claim) = claim.filter(|claim| claim.attempt != attempt.id) {
                    claimed_elsewhere.insert(claimed.id.clone(), claim);
                }
            }
            if lock.is_none() {
                lock = self.locks.lock(attempt.id).await;
            }
            attempt = self.current(&attempt).await?;
        }
        Err(Error::StoreBusy(format!("attempt {} changed on each of {MAX_TRIES} tries", attempt.id)))
    }

    /// Returns an error if the user was erased meanwhile: nothing is written for them.
    async fn current(&self, read: &LinkAttempt) -> Result<LinkAttempt, Error> {
        let current = self.parts.store.attempt(read.id).await?;
        current.filter(|current| current.user == read.user).ok_or(Error::NotFound)
    }

    fn committed(&self, before: State, change: Change) -> (LinkAttempt, Vec<LinkAttempt>) {
        let is_reported = change.is_reported();
        let Change { mut attempt, timeline, deletions, derived, .. } = change;
        attempt.version += 1;
        if timeline.iter().any(|entry| entry.event == TimelineEvent::Returned) {
            self.parts.metrics.step(Step::Returned, attempt.connector.as_str());
        }
        for TimelineEntry { event, actor, .. } in &timeline {
            tracing::info!(attempt = %attempt.id.logged(), ?event, ?actor, "attempt changed");
        }
        if before != attempt.state() {
            self.log_end(&attempt);
        }
        if !deletions.is_empty() {
            self.parts.jobs_wakeup.notify_waiters();
        }
        if attempt.state().is_end() {
            self.watchers.notify(attempt.id);
        }
        self.parts.session_watchers.notify(attempt.session_id);
        if is_reported {
            self.parts.webhook_wakeup.notify_waiters();
        }
        let derived: Vec<LinkAttempt> = derived.into_iter().map(|derived| derived.attempt).collect();
        for derived in &derived {
            tracing::info!(attempt = %derived.id.logged(), from = %attempt.id.logged(), "a further credential is an attempt of its own");
            self.log_end(derived);
        }
        (attempt, derived)
    }

    fn log_end(&self, attempt: &LinkAttempt) {
        let (metrics, connector) = (&self.parts.metrics, attempt.connector.as_str());
        if let Some(reason) = attempt.reason() {
            tracing::info!(attempt = %attempt.id.logged(), %connector, state = %attempt.state(), %reason, "ended");
        }
        metrics.ended(attempt);
        if attempt.state() == State::Linked {
            metrics.step(Step::Linked, connector);
        }
    }

    async fn others(&self, attempt: &LinkAttempt, observation: &Observation<'_>) -> Result<SiblingAttempts, Error> {
        let store = &self.parts.store;
        let Observation::Listed(listing) = observation else {
            return Ok(SiblingAttempts { claims: store.claims(&attempt.user).await?, ..SiblingAttempts::default() });
        };
        let UserLinkState { open, claims, .. } = store.user_link_state(&attempt.user).await?;
        let candidates: Vec<&Listed> = attempt.candidates(listing, &claims).collect();
        let mut implicated = store.implicated_by_foreign_returns(attempt, &candidates, ALWAYS).await?;
        let moved: Vec<&Listed> = attempt.moved(listing).filter(|listed| !claims.contains_key(&listed.id)).collect();
        if !moved.is_empty() {
            implicated.extend(store.from_ended_attempts(&attempt.user, &moved).await?);
        }
        let may_be_left = attempt.leaves_link() && self.parts.clock.now() >= attempt.deadline && !candidates.is_empty();
        let ended =
            if may_be_left { store.ended_with_link(attempt, self.parts.clock.now()).await? } else { Vec::new() };
        let new_ids = candidates.iter().map(|_| self.new_id()).collect::<Result<_, _>>()?;
        Ok(SiblingAttempts { claims, implicated, open, ended, new_ids })
    }

    /// Revokes links that a foreign return implicates: of this attempt, or of others before its own foreign return.
    async fn revoke_affected_links(&self, attempt: &LinkAttempt) -> Result<(), Error> {
        let store = &self.parts.store;
        let claims = store.claims(&attempt.user).await?;
        if attempt.state() == State::Linked {
            let own = claims.iter().filter(|(_, claim)| claim.attempt == attempt.id);
            let own: Vec<Listed> = own.map(|(id, claim)| as_listed(id, claim, &attempt.connector)).collect();
            // An attempt that began after the link did not create it, even without a list.
            let began_by = attempt.settled_at().unwrap_or(ALWAYS);
            if !store
                .implicated_by_foreign_returns(attempt, &own.iter().collect::<Vec<_>>(), began_by)
                .await?
                .is_empty()
            {
                self.revoke(attempt.clone()).await?;
            }
            return Ok(());
        }
        let linked = claims.iter().filter(|(_, claim)| claim.state == State::Linked && claim.attempt != attempt.id);
        for (_, claim) in linked.filter(|(id, claim)| attempt.implicates(id, claim.made_at)) {
            let other = store.attempt(claim.attempt).await?;
            let other = other.filter(|other| other.connector.same_as(&attempt.connector));
            if let Some(other) = other.filter(|other| other.settled_at().is_none_or(|at| at >= attempt.began_at)) {
                self.revoke(other).await?;
            }
        }
        Ok(())
    }

    async fn revoke(&self, attempt: LinkAttempt) -> Result<(), Error> {
        tracing::warn!(attempt = %attempt.id.logged(), "a foreign return of another attempt implicates this link");
        self.commit_with_retry(Actor::Gangway, attempt, &Observation::Implicated).await?;
        Ok(())
    }
}

fn as_listed(id: &CredentialId, claim: &Claim, connector: &ConnectorId) -> Listed {
    let (id, connector) = (id.clone(), connector.clone());
    Listed { id, connector, name: String::new(), created_at: claim.made_at, updated_at: None }
}
