//! Begins an attempt: a new one, or the open one with the same input, and lets Alloy create the credential.

use std::num::NonZeroU32;

use super::{Attempts, Parts, find::note, listings::observation_of_listing, quota::is_full};
use crate::{
    alloy::{AlloyError, AuthorizationUrl, Created, NewCredential},
    config::{VerifyCompletion, WithoutReturn},
    domain::{
        attempt::{Actor, AttemptId, Begin, LinkAttempt, Observation, Reason},
        connection::{CredentialId, Listing},
        connector::ConnectorId,
        error::Error,
        form::{Form, FormValues},
        keys::{Digest, Purpose},
        session::{AlloyUserId, ConnectSession},
    },
    runtime::metrics::Step,
    store::Begun,
};

/// Maximum number of repetitions: another request may begin or end an attempt meanwhile.
const MAX_TRIES: usize = 5;

pub(crate) struct Submission<'a> {
    pub session: &'a ConnectSession,
    pub connector: &'a ConnectorId,
    pub form: &'a Form,
    pub values: &'a FormValues,
    pub replaces: Option<CredentialId>,
    /// The user asked for another account.
    pub another: bool,
    /// Counts towards `limits.attempts_per_user`.
    pub count: &'a dyn Fn() -> Result<(), Error>,
    pub callback_url: &'a dyn Fn(&str) -> String,
}

pub(crate) enum NextStep {
    Provider(AuthorizationUrl),
    AttemptPage(AttemptId),
    Unavailable(Box<LinkAttempt>),
    KeyLimit(NonZeroU32),
}

enum Beginning {
    Create(Box<LinkAttempt>),
    /// Nothing: sending the same key again would store it twice.
    AlreadySent(AttemptId),
}

impl Attempts {
    pub(crate) async fn begin(&self, mut submission: Submission<'_>) -> Result<NextStep, Error> {
        let Submission { session, connector, form, .. } = submission;
        let is_counted = self.counts_as_new(session, connector, &self.inputs(&submission)).await?;
        if is_counted {
            (submission.count)()?;
        }
        let list = async |user: AlloyUserId| self.parts.listings.call(&user, Some(connector)).await;
        let (alloy_user, listing) = self.parts.alloy_users.resolve_with(&session.user, list).await?;
        let snapshot = match listing {
            // An attempt that begins now could never be confirmed.
            Err(AlloyError::TooLarge) => return Err(Error::ListTooLong),
            listing => listing.ok(),
        };
        let limit = self.parts.keys_per_app;
        let is_full = snapshot.as_ref().is_some_and(|listing| is_full(limit, listing, connector));
        if !form.wants_redirect && is_counted && is_full {
            return Ok(NextStep::KeyLimit(limit));
        }
        let is_listed = |id: &CredentialId| snapshot.as_ref().is_some_and(|listing| listing.has(id, connector));
        submission.replaces = submission.replaces.filter(is_listed);
        let beginning = self.begin_or_continue(&submission, snapshot.as_ref(), is_counted).await?;
        self.end_in_other_browsers(session, connector).await?;
        match beginning {
            Beginning::Create(attempt) => self.create_credential(&submission, &alloy_user, *attempt).await,
            Beginning::AlreadySent(attempt) => Ok(NextStep::AttemptPage(attempt)),
        }
    }

    async fn begin_or_continue(
        &self,
        submission: &Submission<'_>,
        snapshot: Option<&Listing>,
        is_counted: bool,
    ) -> Result<Beginning, Error> {
        let Parts { store, clock, link, .. } = &self.parts;
        let is_api_key = !submission.form.wants_redirect;
        let inputs = self.inputs(submission);
        for attempt_no in 0..MAX_TRIES {
            // The attempt to continue has ended meanwhile.
            if attempt_no == 1 && !is_counted {
                (submission.count)()?;
            }
            let now = clock.now();
            let same = self.open_with(submission.session, submission.connector, &inputs).await?;
            let open = match same {
                Some(open) => open,
                None => {
                    let attempt = self.new_attempt(submission, snapshot, &inputs)?;
                    let begun = if is_api_key {
                        store.begin_key(&attempt, now - link.patience).await?
                    } else {
                        store.begin(&attempt).await?
                    };
                    match begun {
                        Begun::New => {
                            self.parts.metrics.step(Step::Began, attempt.connector.as_str());
                            self.parts.session_watchers.notify(attempt.session_id);
                            note(attempt.id);
                            tracing::info!(attempt = %attempt.id.logged(), connector = %attempt.connector, "began");
                            return Ok(Beginning::Create(Box::new(attempt)));
                        }
                        Begun::Saved(saved) => {
                            self.continue_in(submission.session, &saved).await?;
                            return Ok(Beginning::AlreadySent(saved.id));
                        }
                        Begun::Open(open) => *open,
                        Begun::SessionErased => return Err(Error::SessionEnded),
                    }
                }
            };
            // The snapshot may end it: then a new one begins.
            let open = self.observe(Actor::User, open, &observation_of_listing(snapshot)).await?;
            let same_browser = open.binds_session(submission.session.id, self.needs_completion(submission.session));
            if same_browser && inputs.iter().any(|input| open.continues_with(input, snapshot, now)) {
                self.continue_in(submission.session, &open).await?;
                if open.is_api_key || open.awaits_completion() {
                    return Ok(Beginning::AlreadySent(open.id));
                }
                let again = self.observe(Actor::User, open, &Observation::BeganAgain).await?;
                return Ok(Beginning::Create(again.into()));
            }
            self.observe(Actor::User, open, &Observation::SetAside).await?;
        }
        Err(Error::StoreBusy(format!("attempts at this app began or ended on each of {MAX_TRIES} tries")))
    }

    /// The outcome of the session is that of the attempt, too. A caller that waits is notified by the query for all.
    async fn continue_in(&self, session: &ConnectSession, attempt: &LinkAttempt) -> Result<(), Error> {
        if attempt.session_id != session.id {
            self.parts.store.continue_attempt(attempt.id, session.id).await?;
            self.parts.session_watchers.notify(session.id);
        }
        Ok(())
    }

    /// Where the host confirms the person, another session may be another person's: of two sessions only the last one goes
    /// on at an app, and a return to the other counts as foreign. After the insert, so that none of two at once is missed.
    async fn end_in_other_browsers(&self, session: &ConnectSession, connector: &ConnectorId) -> Result<(), Error> {
        if self.parts.verify_completion == VerifyCompletion::Never {
            return Ok(());
        }
        let needs_completion = self.needs_completion(session);
        for open in self.parts.store.open_attempts(&session.user.external_id, connector).await? {
            if !open.binds_session(session.id, needs_completion) {
                self.observe(Actor::User, open, &Observation::Superseded).await?;
            }
        }
        Ok(())
    }

    fn new_attempt(
        &self,
        submission: &Submission<'_>,
        snapshot: Option<&Listing>,
        inputs: &[Digest],
    ) -> Result<LinkAttempt, Error> {
        let Parts { clock, link, .. } = &self.parts;
        let Submission { session, connector, form, replaces, .. } = submission;
        let now = clock.now();
        let (id, state_digest) = self.new_id()?;
        let is_api_key = !form.wants_redirect;
        Ok(LinkAttempt::begin(Begin {
            id,
            session_id: session.id,
            user: session.user.external_id.clone(),
            connector: (*connector).clone(),
            authentication_type: form.authentication_type.clone(),
            is_api_key,
            input: *inputs.first().ok_or(Error::Internal("session.keys has no key"))?,
            state_digest,
            snapshot: snapshot.cloned(),
            replaces: replaces.clone(),
            needs_completion: self.needs_completion(session),
            deletes_unreturned: link.without_return == WithoutReturn::Delete,
            at: now,
            deadline: now + if is_api_key { link.patience } else { link.deadline },
        }))
    }

    async fn create_credential(
        &self,
        submission: &Submission<'_>,
        user: &AlloyUserId,
        attempt: LinkAttempt,
    ) -> Result<NextStep, Error> {
        let Submission { connector, form, values, .. } = submission;
        let id = attempt.id;
        let state = self.states(id).find(|state| Digest::of(state.as_bytes()) == attempt.state_digest);
        let redirect_uri = (submission.callback_url)(&state.unwrap_or_default());
        let new = NewCredential {
            connector,
            user,
            authentication_type: &form.authentication_type,
            auth_config_id: form.auth_config_id.as_deref(),
            redirect_uri: form.wants_redirect.then_some(redirect_uri.as_str()),
            answers: values,
        };
        match self.parts.alloy.create_credential(new).await {
            Ok(Created::Authorize(url)) => {
                let until = self.parts.clock.now() + self.parts.link.deadline;
                self.observe(Actor::User, attempt, &Observation::Sent { until }).await?;
                Ok(NextStep::Provider(url))
            }
            Ok(Created::Saved(credential)) => {
                self.observe(Actor::User, attempt, &Observation::KeySaved(credential)).await?;
                Ok(NextStep::AttemptPage(id))
            }
            Err(error) => {
                tracing::warn!(attempt = %id.logged(), %connector, %error, "not begun");
                if attempt.version > 0 && form.wants_redirect {
                    // The link of an earlier submission still works, and may be open in a browser.
                    return Err(Error::UpstreamUnavailable);
                }
                self.not_created(submission, user, attempt, &error).await
            }
        }
    }

    /// A key is never sent twice. Until the list shows whether it was stored, the same submission leads to this
    /// attempt.
    async fn not_created(
        &self,
        submission: &Submission<'_>,
        user: &AlloyUserId,
        attempt: LinkAttempt,
        error: &AlloyError,
    ) -> Result<NextStep, Error> {
        let id = attempt.id;
        if error.may_have_succeeded() && !submission.form.wants_redirect {
            let listing = self.parts.listings.call(user, Some(submission.connector)).await.ok();
            self.observe(Actor::User, attempt, &observation_of_listing(listing.as_ref())).await?;
            return Ok(NextStep::AttemptPage(id));
        }
        let attempt = self.observe(Actor::User, attempt, &Observation::NotBegun(reason(error))).await?;
        Ok(match attempt.reason() {
            Some(Reason::UpstreamUnavailable) => NextStep::Unavailable(Box::new(attempt)),
            _ => NextStep::AttemptPage(id),
        })
    }

    /// Keyed, because a value may be a secret; one digest for each session key, newest first.
    fn inputs(&self, submission: &Submission<'_>) -> Vec<Digest> {
        let Submission { form, values, replaces, another, .. } = submission;
        let data = values.data().map(|data| data.to_string()).unwrap_or_default();
        let parts = [
            form.authentication_type.as_str(),
            form.auth_config_id.as_deref().unwrap_or_default(),
            replaces.as_ref().map(CredentialId::as_str).or(another.then_some("another")).unwrap_or_default(),
            &data,
        ]
        .join("\n");
        let tags = self.parts.keys.tags(Purpose::Input, parts.as_bytes());
        tags.map(|tag| Digest::of(tag.as_bytes())).collect()
    }
}

fn reason(error: &AlloyError) -> Reason {
    match error {
        AlloyError::UnsafeLink(_) => Reason::InvalidAuthorizationUrl,
        AlloyError::Refused(_) | AlloyError::NotServed => Reason::UpstreamRefused,
        AlloyError::KeyRefused(_)
        | AlloyError::RateLimited { .. }
        | AlloyError::Unavailable { .. }
        | AlloyError::TooLarge
        | AlloyError::NoRoom
        | AlloyError::Malformed(_)
        | AlloyError::ForeignUser => Reason::UpstreamUnavailable,
    }
}
