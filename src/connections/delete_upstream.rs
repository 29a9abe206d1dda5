//! Taking a credential away upstream: what cannot be trusted, and what its user disconnects. Only after it was listed
//! for this user, and until it is gone.

use time::Duration;

use crate::{
    alloy::{AlloyClient, AlloyError},
    domain::{
        connection::{CredentialId, Listing},
        connector::ConnectorId,
        session::AlloyUserId,
    },
    gangway::Gangway,
    store::Disconnection,
};

/// How long one process has what it took: longer than its calls upstream take together.
pub(crate) const LEASE: Duration = Duration::seconds(60);

/// The pauses between tries; the last one stays.
const PAUSES: [Duration; 8] = [
    Duration::seconds(1),
    Duration::seconds(3),
    Duration::seconds(10),
    Duration::seconds(30),
    Duration::minutes(2),
    Duration::minutes(10),
    Duration::HOUR,
    LONGEST_PAUSE,
];
const LONGEST_PAUSE: Duration = Duration::hours(6);

/// A list may lag: what so many in a row did not show is gone.
const MISSED: i64 = 3;

/// What is to go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Doomed<'a> {
    /// Whose it is.
    pub user: &'a AlloyUserId,
    /// Of which app.
    pub connector: &'a ConnectorId,
    /// The credential.
    pub credential: &'a CredentialId,
    /// How many lists in a row did not show it.
    pub missed: i64,
}

impl<'a> From<&'a Disconnection> for Doomed<'a> {
    fn from(wanted: &'a Disconnection) -> Self {
        let Disconnection { alloy_user: user, connector, credential, missed, .. } = wanted;
        Self { user, connector, credential, missed: *missed }
    }
}

/// What came of one try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tried {
    /// It is gone.
    Gone,
    /// The list does not show it, and may only be late.
    Missed,
    /// It is there still, or nobody knows.
    InVain,
}

impl Tried {
    /// How many lists in a row did not show it by now.
    pub(crate) fn missed_in_a_row(self, before: i64) -> i64 {
        if self == Self::Missed { before + 1 } else { 0 }
    }
}

/// How long to wait after so many tries in vain before this one.
pub(crate) fn pause_after(tries: i64) -> Duration {
    usize::try_from(tries).ok().and_then(|tries| PAUSES.get(tries).copied()).unwrap_or(LONGEST_PAUSE)
}

/// What Alloy lists for one user.
#[derive(Default)]
pub(crate) struct Listed {
    listing: Listing,
    /// Whether that is all; else a credential that is missing may be there all the same.
    whole: bool,
    /// Apps of which it is all.
    whole_apps: Vec<ConnectorId>,
}

/// The user's list, in one call. Where it is too large, and its beginning has not all of these, the lists of their apps too.
pub(crate) async fn list_for(gangway: &Gangway, user: &AlloyUserId, doomed: &[Doomed<'_>]) -> Listed {
    let mut apps: Vec<&ConnectorId> = doomed.iter().map(|one| one.connector).collect();
    apps.sort();
    apps.dedup_by(|one, other| one.same_as(other));
    let Ok((listing, whole)) = list_to_delete(gangway, user, &apps).await else { return Listed::default() };
    let mut listed = Listed { listing, whole, whole_apps: Vec::new() };
    let missing = |app: &ConnectorId, listing: &Listing| {
        let mut own = doomed.iter().filter(|one| one.connector.same_as(app));
        own.any(|one| !listing.has(one.credential, app))
    };
    for app in apps.iter().filter(|_| !whole) {
        if missing(app, &listed.listing)
            && let Ok(known) = gangway.catalogue.connectors().await
            && let Ok(of_app) = gangway.alloy_aside.listing_of_app(user, &known.known, app).await
        {
            listed.listing.credentials.extend(of_app.credentials);
            listed.whole_apps.push((*app).clone());
        }
    }
    listed
}

/// What Alloy lists for a user of whom credentials are to be deleted, and whether that is all. Of a list that is too large
/// its beginning: what is in it can be deleted, until the rest is small enough. Where Alloy serves no list of all apps, one of
/// each of these.
///
/// # Errors
/// When Alloy gives no usable answer; it is logged.
pub(crate) async fn list_to_delete(
    gangway: &Gangway,
    user: &AlloyUserId,
    apps: &[&ConnectorId],
) -> Result<(Listing, bool), AlloyError> {
    let alloy = &gangway.alloy_aside;
    let listed = async {
        let known = gangway.catalogue.connectors().await?;
        // An app may have left the catalogue since: without it, its credentials would belong to an app of a shorter name.
        let all_known: Vec<ConnectorId> = known.known.iter().chain(apps.iter().copied()).cloned().collect();
        match alloy.listing_or_beginning(user, &all_known).await {
            Err(AlloyError::NotServed) if !apps.is_empty() => {}
            listed => return listed,
        }
        let mut all = Listing::default();
        for app in apps {
            let Listing { credentials, answered_at } = alloy.listing_of_app(user, &known.known, app).await?;
            let own = credentials.into_iter().filter(|listed| listed.connector.same_as(app));
            all.credentials.extend(own);
            all.answered_at = answered_at;
        }
        Ok((all, true))
    };
    Box::pin(listed).await.inspect_err(|error| tracing::warn!(%error, "the list could not be had"))
}

/// Deletes a credential if the list shows it.
pub(crate) async fn try_one(gangway: &Gangway, listed: &Listed, one: Doomed<'_>) -> Tried {
    if listed.listing.has(one.credential, one.connector) {
        return delete(&gangway.alloy_aside, one).await;
    }
    // As a credential of another app: it is there all the same.
    if listed.listing.credentials.iter().any(|known| known.id == *one.credential) {
        return Tried::InVain;
    }
    match listed.whole || listed.whole_apps.iter().any(|app| app.same_as(one.connector)) {
        false => Tried::InVain,
        true if one.missed + 1 < MISSED => Tried::Missed,
        true => Tried::Gone,
    }
}

/// Deletes what was listed just now.
pub(crate) async fn delete(alloy: &AlloyClient, doomed: Doomed<'_>) -> Tried {
    match alloy.delete_credential(doomed.user, doomed.connector, doomed.credential).await {
        Ok(()) => Tried::Gone,
        Err(error) => {
            tracing::warn!(credential = %doomed.credential, connector = %doomed.connector, %error, "not deleted yet");
            Tried::InVain
        }
    }
}
