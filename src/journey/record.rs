//! Keeping what was seen of an attempt.

use crate::{
    connection::Claims,
    gangway::Gangway,
    link::{LinkAttempt, Observation},
    problem::Problem,
    store::Committed,
};

/// Somebody else may be faster now and then; this often in a row it is a mistake of ours.
const TRIES: usize = 20;

/// Records an observation and gives the attempt as it stands then. If somebody else changed it meanwhile, the
/// observation is judged again on what they left.
///
/// # Errors
/// When the store fails.
pub async fn record(
    gangway: &Gangway,
    mut attempt: LinkAttempt,
    observation: &Observation<'_>,
) -> Result<LinkAttempt, Problem> {
    let mut others = Claims::new();
    for _ in 0..TRIES {
        let mut claims = if observation.needs_claims() && !attempt.state.is_end() {
            gangway.store.claims(&attempt.user).await?
        } else {
            Claims::new()
        };
        claims.extend(others.clone());
        let Some(mut change) = attempt.observe(observation, &claims, gangway.clock.now()) else {
            return Ok(attempt);
        };
        if gangway.store.commit(&change).await? == Committed::Kept {
            let after = &mut change.attempt;
            after.version += 1;
            if let (true, Some(reason)) = (after.state.is_end(), after.reason) {
                tracing::info!(attempt = %after.id, connector = %after.connector, state = %after.state, %reason, "ended");
            }
            return Ok(change.attempt);
        }
        // Where the host has two of its users share one of Alloy's, a credential may be the other user's by now.
        for credential in change.claims {
            if let Some(claim) = gangway.store.claim(&credential).await?.filter(|claim| claim.attempt != attempt.id) {
                others.insert(credential, claim);
            }
        }
        attempt = gangway.store.attempt(attempt.id).await?.ok_or(Problem::NotFound)?;
    }
    tracing::error!(attempt = %attempt.id, "the attempt never kept still");
    Err(Problem::Store)
}
