//! Forgetting a user: whatever is under way for them ends, and then everything that has their name goes at once.

use uuid::Builder;

use crate::{
    domain::{
        attempt::{Actor, Observation},
        clock::random_32,
        error::Error,
        session::{AlloyUserId, ExternalId},
    },
    gangway::Gangway,
    store::Erased,
};

use crate::attempts::commit::record;

/// Pages that are open may begin new attempts meanwhile; this often in a row nobody does.
const TRIES: usize = 20;

/// Erases the user, and with `credentials_of` keeps that all of that user's credentials at Alloy are to go.
///
/// # Errors
/// When the store fails.
pub(crate) async fn erase(
    gangway: &Gangway,
    user: &ExternalId,
    credentials_of: Option<&AlloyUserId>,
) -> Result<(), Error> {
    let mut random = [0; 16];
    random.iter_mut().zip(random_32(&*gangway.entropy)).for_each(|(byte, random)| *byte = random);
    let pseudonym = ExternalId::pseudonym(Builder::from_random_bytes(random).into_uuid());
    for _ in 0..TRIES {
        match gangway.store.erase(user, &pseudonym, credentials_of, gangway.clock.now()).await? {
            Erased::Done => {
                gangway.work.notify_one();
                return Ok(());
            }
            Erased::StillOpen(attempts) => {
                for attempt in attempts {
                    record(gangway, Actor::Host, attempt, &Observation::Superseded).await?;
                }
            }
        }
    }
    Err(Error::StoreBusy("a user who is to be erased began an attempt on every try".to_owned()))
}
