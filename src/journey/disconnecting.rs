//! A user's wish to disconnect, from its keeping to its end. It is kept before anything else is done: what this process
//! leaves undone, the reconciler goes on with.

use crate::{
    connection::Connection, gangway::Gangway, link::Observation, problem::Problem, session::EndUser,
    store::Disconnection,
};

use super::{
    record,
    take_away::{Doomed, LEASE, Tried, delete, pause_after},
};

/// Keeps that the user wants that connection gone, which their list showed just now, and tries it at once. If somebody
/// asked before, it is theirs to try.
///
/// # Errors
/// When the store fails. A vendor that does not answer leaves the wish open.
pub(super) async fn begin_disconnecting(
    gangway: &Gangway,
    user: &EndUser,
    connection: &Connection,
) -> Result<(), Problem> {
    let now = gangway.clock.now();
    let wanted = Disconnection {
        credential: connection.credential.id.clone(),
        user: user.external_id.clone(),
        alloy_user: gangway.alloy_user(user).await?,
        connector: connection.credential.connector.clone(),
        attempt: connection.attempt,
        asked_at: now,
        tries: 0,
        missed: 0,
        lease: Some(now + LEASE),
        done_at: None,
    };
    if !gangway.store.ask_disconnection(&wanted).await? {
        return Ok(());
    }
    if delete(&gangway.alloy, Doomed::from(&wanted)).await == Tried::Gone {
        return finish_disconnecting(gangway, &wanted).await;
    }
    let next = gangway.clock.now() + pause_after(wanted.tries);
    Ok(gangway.store.put_off_disconnection(&wanted.credential, next, 0).await?)
}

/// Keeps that it is gone upstream, once, with the event that tells the host.
///
/// # Errors
/// When the store fails.
pub async fn finish_disconnecting(gangway: &Gangway, wanted: &Disconnection) -> Result<(), Problem> {
    let made_by = match wanted.attempt {
        Some(attempt) => gangway.store.attempt(attempt).await?,
        None => None,
    };
    match made_by {
        Some(attempt) => {
            record(gangway, attempt, &Observation::Removed(wanted.credential.clone())).await?;
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
