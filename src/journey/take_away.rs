//! Taking a credential away upstream: what cannot be trusted, and what its user disconnects. Only after it was listed
//! for this user, and until it is gone.

use time::Duration;

use crate::{
    alloy::AlloyClient, connection::CredentialId, connector::ConnectorId, gangway::Gangway, session::AlloyUserId,
    store::Disconnection,
};

use super::list_by;

/// How long one process has what it took: longer than its calls upstream take together.
pub const LEASE: Duration = Duration::seconds(60);

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
pub struct Doomed<'a> {
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
pub enum Tried {
    /// It is gone.
    Gone,
    /// The list does not show it, and may only be late.
    Missed,
    /// It is there still, or nobody knows.
    InVain,
}

impl Tried {
    /// How many lists in a row did not show it by now.
    pub fn missed_in_a_row(self, before: i64) -> i64 {
        if self == Self::Missed { before + 1 } else { 0 }
    }
}

/// How long to wait after so many tries in vain before this one.
pub fn pause_after(tries: i64) -> Duration {
    usize::try_from(tries).ok().and_then(|tries| PAUSES.get(tries).copied()).unwrap_or(LONGEST_PAUSE)
}

/// Looks once more whether it is there, and deletes it.
pub async fn take_away(gangway: &Gangway, doomed: Doomed<'_>) -> Tried {
    let alloy = &gangway.alloy_aside;
    let Some(listing) = list_by(gangway, alloy, doomed.user, Some(doomed.connector)).await else {
        return Tried::InVain;
    };
    if listing.has(doomed.credential, doomed.connector) {
        delete(alloy, doomed).await
    } else if doomed.missed + 1 < MISSED {
        Tried::Missed
    } else {
        Tried::Gone
    }
}

/// Deletes what was listed just now.
pub(super) async fn delete(alloy: &AlloyClient, doomed: Doomed<'_>) -> Tried {
    match alloy.delete_credential(doomed.user, doomed.connector, doomed.credential).await {
        Ok(()) => Tried::Gone,
        Err(error) => {
            tracing::warn!(credential = %doomed.credential, connector = %doomed.connector, %error, "not deleted yet");
            Tried::InVain
        }
    }
}
