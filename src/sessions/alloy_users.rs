//! Alloy's ids of the host's users: from the session, the store, or Alloy itself, where a user is created at first use.

use futures_util::future::try_join;
use time::OffsetDateTime;

use crate::{
    alloy::{AlloyError, Users},
    domain::{
        clock::SharedClock,
        error::Error,
        session::{AlloyUserId, EndUser, ExternalId},
    },
    store::{KnownUser, Mapping, Store, StoreIf},
};

const USER_CONFLICT: &str = "alloy_user_conflict";

pub(crate) struct AlloyUsers {
    pub store: Store,
    pub users: Users,
    /// `alloy.username_prefix`, for the log.
    pub prefix: String,
    pub clock: SharedClock,
}

impl AlloyUsers {
    pub(crate) async fn resolve(&self, user: &EndUser) -> Result<AlloyUserId, Error> {
        Ok(self.resolve_with(user, async |_| ()).await?.0)
    }

    /// With what `load` reads. A new user's name is verified meanwhile; nothing is returned or stored if that fails.
    pub(crate) async fn resolve_with<T>(
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
        Box::pin(self.create_with(user, load)).await
    }

    async fn create_with<T>(
        &self,
        user: &EndUser,
        load: impl AsyncFn(AlloyUserId) -> T,
    ) -> Result<(AlloyUserId, T), Error> {
        let created = self.users.ensure(user).await.map_err(|error| self.refused(error))?;
        let verify = async { self.users.verify(&created).await.map_err(|error| self.refused(error)) };
        let (is_ours, loaded) = try_join(verify, async { Ok(load(created.id.clone()).await) }).await?;
        if is_ours {
            self.store.record_created_user(&created.id, self.clock.now()).await?;
        }
        let mapped = self.map(&user.external_id, &created.id, StoreIf::HasSession).await?;
        if mapped == created.id {
            return Ok((mapped, loaded));
        }
        Ok((mapped.clone(), load(mapped).await))
    }

    /// Creates nothing upstream.
    pub(crate) async fn find(&self, user: &ExternalId) -> Result<Option<AlloyUserId>, Error> {
        if let Some(known) = self.store.alloy_user(user).await? {
            return Ok(Some(known));
        }
        let Some(found) = self.users.find(user).await? else { return Ok(None) };
        Ok(Some(self.map(user, &found, StoreIf::HasSession).await?))
    }

    /// The user as Alloy knows them now, with the time of the mapping if it is stored. Creates nothing upstream.
    pub(crate) async fn read(&self, user: &ExternalId) -> Result<Option<(AlloyUserId, Option<OffsetDateTime>)>, Error> {
        if let Some(KnownUser { alloy_user, since }) = self.store.known_user(user).await? {
            return Ok(self.users.exists(&alloy_user).await?.then_some((alloy_user, Some(since))));
        }
        let Some(found) = self.users.find(user).await? else { return Ok(None) };
        let alloy_user = self.map(user, &found, StoreIf::HasSession).await?;
        let stored = self.store.known_user(user).await?;
        Ok(Some((alloy_user, stored.map(|known| known.since))))
    }

    /// Whether the reason for a failed call is that Alloy has no such user. In an outage no further call is made.
    pub(crate) async fn is_unknown(&self, alloy_user: &AlloyUserId, error: &Error) -> bool {
        *error == Error::UpstreamRefused && matches!(self.users.exists(alloy_user).await, Ok(false))
    }

    pub(crate) async fn map(
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

    fn refused(&self, error: AlloyError) -> Error {
        if error == AlloyError::ForeignUser {
            tracing::error!(
                alarm = USER_CONFLICT,
                prefix = self.prefix,
                "Alloy answers with a user of another name: refused"
            );
            return Error::UserConflict;
        }
        error.into()
    }
}
