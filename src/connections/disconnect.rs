//! A user's wish to disconnect, from its keeping to its end. It is kept before anything else is done: what this process
//! leaves undone, the reconciler goes on with.

use crate::{
    domain::{
        attempt::{Actor, AttemptId, Observation},
        connection::{Connection, CredentialId},
        connector::ConnectorId,
        error::Error,
        session::EndUser,
    },
    gangway::Gangway,
    store::Disconnection,
};

use super::delete_upstream::{Doomed, LEASE, Tried, delete, pause_after};
use crate::attempts::commit::record;

/// What is to be disconnected.
#[derive(Debug)]
pub(crate) struct Unwanted {
    /// The credential.
    pub credential: CredentialId,
    /// Of which app.
    pub connector: ConnectorId,
    /// The attempt that made it, if one of ours did.
    pub attempt: Option<AttemptId>,
}

impl From<Connection> for Unwanted {
    fn from(connection: Connection) -> Self {
        let Connection { credential, attempt, .. } = connection;
        Self { credential: credential.id, connector: credential.connector, attempt }
    }
}

/// Keeps that the user wants that connection gone, which their list showed just now, and tries it at once. If somebody
/// asked before, it is theirs to try.
///
/// # Errors
/// When the store fails. A vendor that does not answer leaves the wish open.
pub(crate) async fn begin_disconnecting(
    gangway: &Gangway,
    actor: Actor,
    user: &EndUser,
    unwanted: Unwanted,
) -> Result<(), Error> {
    let mut wanted = wish(gangway, user, unwanted).await?;
    wanted.lease = Some(wanted.asked_at + LEASE);
    if !gangway.store.ask_disconnection(&wanted).await? {
        return Ok(());
    }
    if delete(&gangway.alloy, Doomed::from(&wanted)).await == Tried::Gone {
        return finish_disconnecting(gangway, actor, &wanted).await;
    }
    let next = gangway.clock.now() + pause_after(wanted.tries);
    Ok(gangway.store.put_off_disconnection(&wanted.credential, next, 0).await?)
}

/// Keeps only that the user wants it gone: the list could not be had, and it is looked at before anything is deleted.
///
/// # Errors
/// When the store fails.
pub(crate) async fn ask_to_disconnect(gangway: &Gangway, user: &EndUser, unwanted: Unwanted) -> Result<(), Error> {
    gangway.store.ask_disconnection(&wish(gangway, user, unwanted).await?).await?;
    gangway.work.notify_one();
    Ok(())
}

async fn wish(gangway: &Gangway, user: &EndUser, unwanted: Unwanted) -> Result<Disconnection, Error> {
    let Unwanted { credential, connector, attempt } = unwanted;
    Ok(Disconnection {
        credential,
        user: user.external_id.clone(),
        alloy_user: gangway.alloy_user(user).await?,
        connector,
        attempt,
        asked_at: gangway.clock.now(),
        tries: 0,
        missed: 0,
        lease: None,
        done_at: None,
    })
}

/// Keeps that it is gone upstream, once, with the event that tells the host.
///
/// # Errors
/// When the store fails.
pub(crate) async fn finish_disconnecting(gangway: &Gangway, actor: Actor, wanted: &Disconnection) -> Result<(), Error> {
    let made_by = match wanted.attempt {
        Some(attempt) => gangway.store.attempt(attempt).await?,
        None => None,
    };
    match made_by {
        Some(attempt) => {
            record(gangway, actor, attempt, &Observation::Removed(wanted.credential.clone())).await?;
        }
        None => {
            if gangway.store.disconnected(wanted, gangway.clock.now()).await? {
                gangway.webhook.ring();
            }
        }
    }
    tracing::info!(credential = %wanted.credential, connector = %wanted.connector, "disconnected");
    Ok(())
}
