//! What every handler has at hand.

use std::sync::Arc;

use futures_util::future::try_join;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    alloy::{AlloyClient, AlloyError, Catalogue, Icons, Users},
    attempts::{commit::Queues, listings::SharedLooks, prove::Trials, watchers::Bell},
    config::Settings,
    domain::{
        attempt::AttemptId,
        clock::{SharedClock, SharedEntropy},
        connector::{ConnectorId, Whoami},
        error::Error,
        keys::{Keys, Purpose},
        session::{AlloyUserId, EndUser, ExternalId},
    },
    runtime::metrics::Metrics,
    sessions::Sessions,
    store::{Mapping, Store, StoreIf},
    web::{
        middleware::{held::HeldRequests, rate_limit::RateLimits},
        site::Site,
    },
    webhook::Webhook,
};

/// The value of `alarm` on log lines about users who would share a user of Alloy.
const USER_CONFLICT: &str = "alloy_user_conflict";

/// One running Gangway: the settings, and the few things that outlive a request.
pub struct Gangway {
    /// As they were when it started.
    pub settings: Settings,
    /// What must outlive the process.
    pub store: Arc<dyn Store>,
    /// The vendor.
    pub alloy: Arc<AlloyClient>,
    /// The same vendor, for work that nobody waits for: it has its own share of calls at once.
    pub alloy_aside: AlloyClient,
    /// The vendor's ids of our users.
    pub users: Users,
    /// The apps, and how each is signed in to.
    pub catalogue: Arc<Catalogue>,
    /// The apps' pictures.
    pub icons: Arc<Icons>,
    /// What all pages share.
    pub site: Arc<Site>,
    /// Keys derived from `session.keys`.
    pub keys: Keys,
    /// The use cases of connect sessions.
    pub sessions: Arc<Sessions>,
    /// How many requests there were.
    pub limits: Arc<RateLimits>,
    /// How many requests each user holds.
    pub held: Arc<HeldRequests>,
    /// What is counted for whoever watches.
    pub metrics: Arc<Metrics>,
    /// Cancelled when the process is told to stop: `/readyz` says so, and held requests and background work end.
    pub shutdown: CancellationToken,
    /// Who waits to change an attempt.
    pub queues: Queues,
    /// Rings when an attempt has ended.
    pub bell: Bell,
    /// When what was linked was last tried.
    pub trials: Trials,
    /// The last look at each user's list.
    pub looks: SharedLooks,
    /// Where events go.
    pub webhook: Webhook,
    /// Tells the reconciler that there is something to do at once.
    pub work: Notify,
    /// Tells the time.
    pub clock: SharedClock,
    /// Gives randomness.
    pub entropy: SharedEntropy,
}

impl Gangway {
    /// The state in the callback's path of that attempt, 256 bits: derived, so that it need not be kept. Every key
    /// gives one; the newest comes first.
    pub fn states(&self, attempt: AttemptId) -> impl Iterator<Item = String> {
        let id = attempt.0;
        let tags: Vec<_> = self.keys.tags(Purpose::State, id.as_bytes()).collect();
        tags.into_iter().map(|tag| tag.to_text())
    }

    /// Alloy's id of that user: what came with the session, else from the store, else found or made upstream, once.
    ///
    /// # Errors
    /// `Upstream` when Alloy has none and makes none; `UserConflict` when Alloy's user is another user's; what the store
    /// fails with.
    pub async fn alloy_user(&self, user: &EndUser) -> Result<AlloyUserId, Error> {
        Ok(self.alloy_user_with(user, async |_| ()).await?.0)
    }

    /// Alloy's id of that user, with what `load` reads for it. A new user's name is verified beside `load`; nothing of it
    /// is returned or stored if that fails.
    ///
    /// # Errors
    /// As [`Gangway::alloy_user`].
    pub async fn alloy_user_with<T>(
        &self,
        user: &EndUser,
        load: impl AsyncFn(AlloyUserId) -> T,
    ) -> Result<(AlloyUserId, T), Error> {
        let known = match &user.alloy_user_id {
            Some(known) => Some(known.clone()),
            None => self.store.alloy_user(&user.external_id).await?,
        };
        if let Some(known) = known {
            return Ok((known.clone(), load(known).await));
        }
        Box::pin(self.new_alloy_user_with(user, load)).await
    }

    async fn new_alloy_user_with<T>(
        &self,
        user: &EndUser,
        load: impl AsyncFn(AlloyUserId) -> T,
    ) -> Result<(AlloyUserId, T), Error> {
        let created = self.users.ensure(user).await.map_err(|error| self.user_refused(error))?;
        let verify = async { self.users.verify(&created).await.map_err(|error| self.user_refused(error)) };
        let ((), loaded) = try_join(verify, async { Ok(load(created.id.clone()).await) }).await?;
        let mapped = self.map_user(&user.external_id, &created.id, StoreIf::HasSession).await?;
        if mapped == created.id {
            return Ok((mapped, loaded));
        }
        Ok((mapped.clone(), load(mapped).await))
    }

    /// Alloy's id of that user, if there is one: nobody is made.
    ///
    /// # Errors
    /// `Upstream` when Alloy does not say; `UserConflict` when Alloy's user is another user's; what the store fails with.
    pub async fn known_alloy_user(&self, user: &ExternalId) -> Result<Option<AlloyUserId>, Error> {
        if let Some(known) = self.store.alloy_user(user).await? {
            return Ok(Some(known));
        }
        let Some(found) = self.users.find(user).await? else { return Ok(None) };
        Ok(Some(self.map_user(user, &found, StoreIf::HasSession).await?))
    }

    /// Stores Alloy's id of a user as it was found by name.
    ///
    /// # Errors
    /// `UserConflict` when another user has it and the host did not give it; what the store fails with.
    pub async fn map_user(
        &self,
        user: &ExternalId,
        alloy_user: &AlloyUserId,
        condition: StoreIf,
    ) -> Result<AlloyUserId, Error> {
        match self.store.map_alloy_user(user, alloy_user, condition, self.clock.now()).await? {
            Mapping::To(mapped) => Ok(mapped),
            Mapping::Taken => {
                tracing::error!(
                    alarm = USER_CONFLICT,
                    %alloy_user,
                    "Alloy's user of that name belongs to another user of the host: refused"
                );
                Err(Error::UserConflict)
            }
        }
    }

    fn user_refused(&self, error: AlloyError) -> Error {
        if error == AlloyError::ForeignUser {
            tracing::error!(
                alarm = USER_CONFLICT,
                prefix = self.settings.alloy.username_prefix,
                "Alloy answers with a user of another name: refused"
            );
            return Error::UserConflict;
        }
        error.into()
    }

    /// What an app is called where it is counted: hosts and browsers may name any.
    pub async fn app_label(&self, connector: Option<&ConnectorId>) -> String {
        match connector {
            None => "none".to_owned(),
            Some(named) => {
                self.catalogue.known(named).await.map_or_else(|| "other".to_owned(), |known| known.to_string())
            }
        }
    }

    /// How it is found out whose account was linked at that app, if the settings say so.
    pub fn whoami(&self, connector: &ConnectorId) -> Option<Whoami> {
        self.catalogue.settings().of(connector)?.whoami.clone()
    }
}
