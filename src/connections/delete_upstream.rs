//! Deletes untrusted and disconnected credentials upstream, after they were listed for their user.

use time::Duration;

use super::Connections;
use crate::{
    alloy::{AlloyClient, AlloyError},
    domain::{
        connection::{CredentialId, Listing},
        connector::ConnectorId,
        session::AlloyUserId,
    },
    store::Disconnection,
};

/// Lease for deletions: longer than the calls upstream take together.
pub(crate) const LEASE: Duration = Duration::seconds(60);

const RETRY_DELAYS: [Duration; 8] = [
    Duration::seconds(1),
    Duration::seconds(3),
    Duration::seconds(10),
    Duration::seconds(30),
    Duration::minutes(2),
    Duration::minutes(10),
    Duration::HOUR,
    LONGEST_DELAY,
];
const LONGEST_DELAY: Duration = Duration::hours(6);

/// Number of lists in a row without the credential after which it counts as deleted: a list may lag.
const NOT_LISTED_LIMIT: i64 = 3;

#[derive(Debug, Clone, Copy)]
pub(crate) struct CredentialToDelete<'a> {
    pub user: &'a AlloyUserId,
    pub connector: &'a ConnectorId,
    pub credential: &'a CredentialId,
    pub missed: i64,
}

impl<'a> From<&'a Disconnection> for CredentialToDelete<'a> {
    fn from(request: &'a Disconnection) -> Self {
        let Disconnection { alloy_user: user, connector, credential, missed, .. } = request;
        Self { user, connector, credential, missed: *missed }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeleteOutcome {
    Deleted,
    /// The list does not show it, but may lag.
    NotListed,
    /// It still exists, or that is unknown.
    Failed,
}

impl DeleteOutcome {
    pub(crate) fn missed_in_a_row(self, before: i64) -> i64 {
        if self == Self::NotListed { before + 1 } else { 0 }
    }
}

/// Delay after that many failed attempts.
pub(crate) fn delay_after(tries: i64) -> Duration {
    usize::try_from(tries).ok().and_then(|tries| RETRY_DELAYS.get(tries).copied()).unwrap_or(LONGEST_DELAY)
}

/// What a list covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All credentials of the user.
    User,
    /// Those of the named connectors, because Alloy serves no list of all.
    Connectors,
    /// The beginning of a list that is too large.
    Beginning,
}

#[derive(Default)]
pub(crate) struct CurrentList {
    listing: Listing,
    /// Whether the list is complete; otherwise a missing credential may exist nevertheless.
    is_complete: bool,
    complete_connectors: Vec<ConnectorId>,
}

impl Connections {
    /// The user's list; if it is too large and its beginning lacks a credential, its connector's list, too.
    pub(crate) async fn list_for(&self, user: &AlloyUserId, credentials: &[CredentialToDelete<'_>]) -> CurrentList {
        let mut connectors: Vec<&ConnectorId> = credentials.iter().map(|credential| credential.connector).collect();
        connectors.sort();
        connectors.dedup_by(|one, other| one.same_as(other));
        let Ok((listing, extent)) = self.list_to_delete(user, &connectors).await else {
            return CurrentList::default();
        };
        let is_complete = extent != Extent::Beginning;
        let mut current = CurrentList { listing, is_complete, complete_connectors: Vec::new() };
        let lacks = |connector: &ConnectorId, listing: &Listing| {
            let mut own = credentials.iter().filter(|credential| credential.connector.same_as(connector));
            own.any(|credential| !listing.has(credential.credential, connector))
        };
        for connector in connectors.into_iter().filter(|_| !is_complete) {
            if lacks(connector, &current.listing)
                && let Ok(known) = self.catalogue.connectors().await
                && let Ok(own) = self.background.listing_of_app(user, &known.known, connector).await
            {
                current.listing.credentials.extend(own.credentials);
                current.complete_connectors.push(connector.clone());
            }
        }
        current
    }

    /// Returns the list, or the beginning of one that is too large, and what it covers. Logs a failure.
    pub(crate) async fn list_to_delete(
        &self,
        user: &AlloyUserId,
        connectors: &[&ConnectorId],
    ) -> Result<(Listing, Extent), AlloyError> {
        let list = async {
            let known = self.catalogue.connectors().await?;
            // If a connector left the catalogue, its credentials would be assigned to one with a shorter name.
            let all_known: Vec<ConnectorId> = known.known.iter().chain(connectors.iter().copied()).cloned().collect();
            match self.background.listing_or_beginning(user, &all_known).await {
                Err(AlloyError::NotServed) if !connectors.is_empty() => {}
                listed => {
                    let (listing, whole) = listed?;
                    return Ok((listing, if whole { Extent::User } else { Extent::Beginning }));
                }
            }
            let mut all = Listing::default();
            for connector in connectors {
                let own = self.background.listing_of_app(user, &known.known, connector).await?;
                let Listing { credentials, answered_at } = own;
                all.credentials.extend(credentials.into_iter().filter(|listed| listed.connector.same_as(connector)));
                all.answered_at = answered_at;
            }
            Ok((all, Extent::Connectors))
        };
        Box::pin(list).await.inspect_err(|error| tracing::warn!(%error, "GET credentials failed"))
    }

    pub(crate) async fn delete_if_listed(
        &self,
        current: &CurrentList,
        credential: CredentialToDelete<'_>,
    ) -> DeleteOutcome {
        if current.listing.has(credential.credential, credential.connector) {
            return delete(&self.background, credential).await;
        }
        // Listed for another connector: it exists.
        if current.listing.credentials.iter().any(|known| known.id == *credential.credential) {
            return DeleteOutcome::Failed;
        }
        let has_own_list = || current.complete_connectors.iter().any(|own| own.same_as(credential.connector));
        match current.is_complete || has_own_list() {
            false => DeleteOutcome::Failed,
            true if credential.missed + 1 < NOT_LISTED_LIMIT => DeleteOutcome::NotListed,
            true => DeleteOutcome::Deleted,
        }
    }
}

pub(crate) async fn delete(alloy: &AlloyClient, target: CredentialToDelete<'_>) -> DeleteOutcome {
    match alloy.delete_credential(target.user, target.connector, target.credential).await {
        Ok(()) => DeleteOutcome::Deleted,
        Err(error) => {
            tracing::warn!(credential = %target.credential, connector = %target.connector, %error, "not deleted yet");
            DeleteOutcome::Failed
        }
    }
}
