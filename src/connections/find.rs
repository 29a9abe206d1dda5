//! Whether a user has a connection, for a request that names one.

use std::time::Duration;

use tokio::time::timeout;

use super::Connections;
use crate::domain::{attempt::Actor, connection::CredentialId, connector::ConnectorId, error::Error, session::EndUser};

/// Timeout for Alloy, after which the caller goes on without an answer.
const TIMEOUT: Duration = Duration::from_secs(3);

impl Connections {
    /// Returns `None` if Alloy does not answer in time. Creates no user there.
    pub(crate) async fn has(&self, user: &EndUser, connector: &ConnectorId, credential: &CredentialId) -> Option<bool> {
        match timeout(TIMEOUT, self.find(user, connector, credential)).await {
            Ok(Ok(found)) => Some(found),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the connections of a user are unknown");
                None
            }
            Err(_) => None,
        }
    }

    async fn find(&self, user: &EndUser, connector: &ConnectorId, credential: &CredentialId) -> Result<bool, Error> {
        let known = match &user.alloy_user_id {
            Some(given) => Some(given.clone()),
            None => self.alloy_users.find(&user.external_id).await?,
        };
        let Some(alloy_user_id) = known else { return Ok(false) };
        let user = EndUser { alloy_user_id: Some(alloy_user_id), ..user.clone() };
        let connected = self.load(Actor::Host, &user).await?.connected()?;
        let mut own = connected.iter().map(|connection| &connection.credential);
        Ok(own.any(|listed| listed.id == *credential && listed.connector.same_as(connector)))
    }
}
