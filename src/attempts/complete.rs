//! Completion by the host: its server redeems a one-time code with the id of its signed-in user.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use time::Duration;

use super::{Attempts, Parts};
use crate::domain::{
    attempt::{Actor, Completion, LinkAttempt, Observation, Reason},
    clock::random_32,
    error::Error,
    keys::Digest,
    session::ExternalId,
};

const CODE_LIFETIME: Duration = Duration::minutes(5);

impl Attempts {
    /// Replaces an earlier code; only the digest is stored. Returns no code if the attempt has ended meanwhile.
    pub(crate) async fn issue_completion(&self, attempt: LinkAttempt) -> Result<(LinkAttempt, Option<String>), Error> {
        let Parts { clock, entropy, .. } = &self.parts;
        let code = URL_SAFE_NO_PAD.encode(random_32(&**entropy));
        let completion = Completion { digest: Digest::of(code.as_bytes()), until: clock.now() + CODE_LIFETIME };
        let attempt = self.observe(Actor::User, attempt, &Observation::SentToHost(completion)).await?;
        let code = (attempt.completion == Some(completion)).then_some(code);
        Ok((attempt, code))
    }

    /// May be repeated. Returns `None` if no attempt waits for this code, or if another user's code was used before.
    pub(crate) async fn complete(&self, code: &str, user: &ExternalId) -> Result<Option<LinkAttempt>, Error> {
        let Parts { store, clock, .. } = &self.parts;
        let code = Digest::of(code.as_bytes());
        let Some(attempt) = store.attempt_by_completion(&code).await? else { return Ok(None) };
        if attempt.completion.is_none_or(|known| clock.now() >= known.until) {
            return Ok(None);
        }
        let same_user = attempt.user == *user;
        let attempt = self.observe(Actor::Host, attempt, &Observation::Completed { code, same_user }).await?;
        // A caller with another user's code must not learn its outcome.
        let may_see = same_user || attempt.reason() == Some(Reason::CompletionMismatch);
        if !(attempt.state().is_end() && may_see) {
            return Ok(None);
        }
        self.prove(Actor::Host, attempt).await.map(Some)
    }
}
