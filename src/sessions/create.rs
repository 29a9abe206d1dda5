//! Creation of sessions. A request is validated completely, and then stored in one transaction.

use thiserror::Error;

use super::{SessionRequest, Sessions, WatchTicket, request::InvalidField};
use crate::{
    domain::{
        clock::time_sorted_uuid,
        connection::CredentialId,
        connector::ConnectorId,
        error::Error,
        session::{AlloyUserId, ConnectSession, Display, ExternalId, SessionId, StartCode},
    },
    store::{IdempotencyRecord, NewSession, SessionCreated},
};

pub(crate) struct CreatedSession {
    pub(crate) session: ConnectSession,
    pub(crate) code: StartCode,
    pub(crate) watch: WatchTicket,
}

#[derive(Debug, Error)]
pub(crate) enum CreateError {
    #[error(transparent)]
    Field(#[from] InvalidField),
    #[error("the idempotency key belongs to another request")]
    IdempotencyKeyReused,
    #[error("the session key that derived the start code was removed")]
    IdempotencyKeyOutlived,
    #[error(transparent)]
    Failed(#[from] Error),
}

impl Sessions {
    /// `check` verifies a valid request further.
    pub(crate) async fn create(
        &self,
        request: SessionRequest,
        check: impl AsyncFnOnce(&ConnectSession) -> Result<(), InvalidField>,
    ) -> Result<CreatedSession, CreateError> {
        let session = self.checked(request, check).await?;
        let created = self.store_new(session, None).await?;
        Ok(created.ok_or(Error::Internal("a new session has the id of another"))?)
    }

    pub(super) async fn checked(
        &self,
        request: SessionRequest,
        check: impl AsyncFnOnce(&ConnectSession) -> Result<(), InvalidField>,
    ) -> Result<ConnectSession, InvalidField> {
        let session = self.validate(self.new_id(), request)?;
        self.check_connectors(&session).await?;
        check(&session).await?;
        Ok(session)
    }

    /// Returns `None` if the id or idempotency key exists, or if the session was erased.
    pub(super) async fn store_new(
        &self,
        session: ConnectSession,
        once: Option<&IdempotencyRecord>,
    ) -> Result<Option<CreatedSession>, CreateError> {
        let (code, watch) = self.new_secrets(session.id)?;
        let (user, given) = (&session.user.external_id, session.user.alloy_user_id.as_ref());
        let shares_alloy_user = match given {
            Some(given) => self.would_share(user, given).await?,
            None => false,
        };
        let new = NewSession { session: &session, code: &code.digest(), once, alloy_user: given };
        match self.store.create_session(&new, self.clock.now()).await.map_err(Error::from)? {
            SessionCreated::Created => {}
            SessionCreated::Refused => return Ok(None),
            SessionCreated::OtherAlloyUser => {
                let detail = "This user is known under another Alloy user id already.";
                return Err(InvalidField::new("user.alloy_user_id", detail).into());
            }
        }
        if let Some(alloy_user) = given.filter(|_| shares_alloy_user) {
            tracing::info!(%alloy_user, "the host gave a user the Alloy user that another of its users has");
        }
        Ok(Some(CreatedSession { session, code, watch }))
    }

    async fn would_share(&self, user: &ExternalId, given: &AlloyUserId) -> Result<bool, Error> {
        let is_new = self.store.alloy_user(user).await?.is_none();
        Ok(is_new && self.store.alloy_user_is_taken(user, given).await?)
    }

    fn new_secrets(&self, id: SessionId) -> Result<(StartCode, WatchTicket), Error> {
        let secrets = self.start_codes(id).zip(self.watch_tickets(id)).next();
        secrets.ok_or(Error::Internal("session.keys has no key"))
    }

    fn new_id(&self) -> SessionId {
        SessionId::from_uuid(time_sorted_uuid(&*self.clock, &*self.entropy))
    }

    /// For the same user. The session lives no longer than its parent, and ends with it.
    pub(crate) async fn create_for_another_browser(
        &self,
        parent: &ConnectSession,
        connector: Option<ConnectorId>,
        reconnect: Option<CredentialId>,
    ) -> Result<CreatedSession, Error> {
        let now = self.clock.now();
        let absolute_end = parent.redeemed_at.map(|at| at + self.lifetime.absolute);
        let ends_at = parent.ends_at.into_iter().chain(absolute_end).min();
        let lifetime = time::Duration::try_from(self.start_code_lifetime).unwrap_or(time::Duration::MAX);
        let session = ConnectSession {
            id: self.new_id(),
            reconnect: reconnect.filter(|_| connector.is_some()),
            connector,
            created_at: now,
            code_expires_at: ends_at.map_or(now + lifetime, |ends_at| ends_at.min(now + lifetime)),
            redeemed_at: None,
            arrival: None,
            seen_at: None,
            ended_at: None,
            ended_by: None,
            parent: parent.parent.or(Some(parent.id)),
            ends_at,
            display: Display::Page,
            ..parent.clone()
        };
        let (code, watch) = self.new_secrets(session.id)?;
        self.store.insert_session(&session, &code.digest()).await?;
        Ok(CreatedSession { session, code, watch })
    }
}
