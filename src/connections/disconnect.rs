//! Disconnects a credential. The request is stored first, so that a job finishes what this process does not.

use super::{
    Connections,
    delete_upstream::{CredentialToDelete, DeleteOutcome, LEASE, delay_after, delete},
};
use crate::{
    domain::{
        attempt::{Actor, AttemptId, Observation},
        connection::{Connection, CredentialId},
        connector::ConnectorId,
        error::Error,
        session::{EndUser, ExternalId},
    },
    store::Disconnection,
};

#[derive(Debug)]
pub(crate) struct Target {
    pub credential: CredentialId,
    pub connector: ConnectorId,
    /// The attempt that linked it; `None` for an external connection.
    pub attempt: Option<AttemptId>,
}

impl From<Connection> for Target {
    fn from(connection: Connection) -> Self {
        let Connection { credential, attempt, .. } = connection;
        Self { credential: credential.id, connector: credential.connector, attempt }
    }
}

impl Connections {
    pub(crate) async fn find_disconnection(
        &self,
        user: &ExternalId,
        credential: &CredentialId,
    ) -> Result<Option<Disconnection>, Error> {
        Ok(self.store.disconnection(user, credential).await?)
    }

    /// A job continues if Alloy does not answer. A repeated request does nothing.
    pub(crate) async fn disconnect(&self, actor: Actor, user: &EndUser, target: Target) -> Result<(), Error> {
        let mut request = self.disconnection(user, target).await?;
        request.lease = Some(request.asked_at + LEASE);
        if !self.store.enqueue_disconnection(&request).await? {
            return Ok(());
        }
        if delete(&self.alloy, CredentialToDelete::from(&request)).await == DeleteOutcome::Deleted {
            return self.finish_disconnecting(actor, &request).await;
        }
        let next = self.clock.now() + delay_after(request.tries);
        Ok(self.store.reschedule_disconnection(&request.credential, next, 0).await?)
    }

    /// Only stores the request, because the list is unavailable: the job lists the credential before it deletes.
    pub(crate) async fn disconnect_later(&self, user: &EndUser, target: Target) -> Result<(), Error> {
        self.store.enqueue_disconnection(&self.disconnection(user, target).await?).await?;
        self.jobs_wakeup.notify_waiters();
        Ok(())
    }

    async fn disconnection(&self, user: &EndUser, target: Target) -> Result<Disconnection, Error> {
        let Target { credential, connector, attempt } = target;
        let users = (user.external_id.clone(), self.alloy_users.resolve(user).await?);
        Ok(Disconnection::new((credential, connector), users, attempt, self.clock.now()))
    }

    /// Stores the deletion once, with the event for the host.
    pub(crate) async fn finish_disconnecting(&self, actor: Actor, request: &Disconnection) -> Result<(), Error> {
        let linked_by = match request.attempt {
            Some(attempt) => self.store.attempt(attempt).await?,
            None => None,
        };
        match linked_by {
            Some(attempt) => {
                let removed = Observation::Removed(request.credential.clone());
                self.attempts.observe(actor, attempt, &removed).await?;
            }
            None => {
                if self.store.complete_disconnection(request, self.clock.now()).await? {
                    self.webhook_wakeup.notify_waiters();
                }
            }
        }
        tracing::info!(credential = %request.credential, connector = %request.connector, "disconnected");
        Ok(())
    }
}
