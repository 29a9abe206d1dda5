//! The host reports that a credential of a connection was refused.

use tokio::time::Instant;

use super::Connections;
use crate::{
    domain::{
        attempt::{Actor, AttemptId, State},
        connection::{Connection, CredentialId},
        connector::ConnectorId,
        error::Error,
        session::{EndUser, ExternalId},
    },
    store::{CheckedConnection, StoreIf},
};

impl Connections {
    /// Marks the connection and notifies the host, once until it is linked again or proved to work. Nothing is deleted.
    /// Returns `NotFound` if the user has no such connection.
    pub(crate) async fn report_refused(&self, user: ExternalId, credential: CredentialId) -> Result<(), Error> {
        // A repeated report costs neither a write nor a call.
        if self.store.is_refused(&user, &credential).await? {
            return Ok(());
        }
        if self.find_disconnection(&user, &credential).await?.is_some() {
            return Err(Error::NotFound);
        }
        let alloy_user = self.alloy_users.find(&user).await?.ok_or(Error::NotFound)?;
        let end_user = EndUser { external_id: user, name: None, email: None, alloy_user_id: Some(alloy_user.clone()) };
        let found = self.find_listed(&end_user, &credential).await;
        let user = end_user.external_id;
        let (connector, attempt) = match found {
            Ok(found) => found.map(|known| (known.credential.connector, known.attempt)).ok_or(Error::NotFound)?,
            Err(error) => match self.linked(&user, &credential).await? {
                Some(linked) => linked,
                None if self.alloy_users.is_unknown(&alloy_user, &error).await => return Err(Error::NotFound),
                None => return Err(error),
            },
        };
        // Stores the user, who may have no session: nothing is written for a user who was erased.
        self.alloy_users.map(&user, &alloy_user, StoreIf::Always).await?;
        let refused = CheckedConnection { credential, user, connector, attempt };
        if self.refuse(&refused).await? {
            tracing::info!(
                credential = %refused.credential, connector = %refused.connector,
                "the host reports that this connection was refused"
            );
        }
        Ok(())
    }

    /// A flood of reports costs at most one call in two seconds.
    async fn find_listed(&self, user: &EndUser, credential: &CredentialId) -> Result<Option<Connection>, Error> {
        let since = Instant::now();
        let of = |connected: Vec<Connection>| connected.into_iter().find(|known| known.credential.id == *credential);
        if let Some(found) = of(self.load_recent(Actor::Host, user).await?.connected()?) {
            return Ok(Some(found));
        }
        Ok(of(self.load_paced(Actor::Host, user, since).await?.connected()?))
    }

    /// Returns `false` if it is known already.
    pub(super) async fn refuse(&self, refused: &CheckedConnection) -> Result<bool, Error> {
        let attempt = match refused.attempt {
            // A user who shares the Alloy user may have linked it: the event is this user's, without the attempt.
            Some(attempt) => self.store.attempt(attempt).await?.filter(|attempt| attempt.user == refused.user),
            None => None,
        };
        let is_new = self.store.refuse(refused, attempt.as_ref(), self.clock.now()).await?;
        if is_new {
            self.webhook_wakeup.notify_waiters();
        }
        Ok(is_new)
    }

    /// The connection by its claim, for the case that Alloy's list is not available.
    async fn linked(
        &self,
        user: &ExternalId,
        credential: &CredentialId,
    ) -> Result<Option<(ConnectorId, Option<AttemptId>)>, Error> {
        let claims = self.store.claims(user).await?;
        let Some(claim) = claims.get(credential).filter(|claim| claim.state == State::Linked) else { return Ok(None) };
        let linked_by = self.store.attempt(claim.attempt).await?;
        Ok(linked_by.map(|attempt| (attempt.connector, Some(attempt.id))))
    }
}
