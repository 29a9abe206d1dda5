//! Alloy's own users: one for each of the host's, made when it is first needed.

use std::{sync::Arc, time::Duration};

use moka::future::Cache;

use super::{AlloyClient, AlloyError, call::ActAs, wire};
use crate::domain::session::{AlloyUserId, EndUser, ExternalId};

/// A user as Alloy answered with it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FoundUser {
    /// Alloy's id.
    pub id: AlloyUserId,
    /// The name that was asked for.
    username: String,
    /// Whether Alloy said that the user has exactly this name.
    verified: bool,
}

/// Whether a user has the name that was asked for, byte by byte. `None` if the answer does not say.
fn has_name(user: &wire::User, username: &str) -> Option<bool> {
    user.username.as_deref().map(|name| name == username)
}

impl AlloyClient {
    /// `POST /users`. The answer may be an existing user of a similar name; the documented answer has no name.
    async fn create_user(&self, username: &str, full_name: Option<&str>) -> Result<FoundUser, AlloyError> {
        let body = wire::CreateUser { username, full_name };
        let user: wire::User = self.post(&["users"], ActAs::Account, &body, false).await?.read()?;
        let verified = match has_name(&user, username) {
            Some(false) => return Err(AlloyError::ForeignUser),
            Some(true) => true,
            None => false,
        };
        Ok(FoundUser { id: id_of(user)?, username: username.to_owned(), verified })
    }

    /// `GET /users/{username}`: `None` if there is no such user. The call also takes ids, and may ignore case.
    ///
    /// # Errors
    /// `ForeignUser` if the answer is a user of another name.
    async fn find_user(&self, username: &str) -> Result<Option<FoundUser>, AlloyError> {
        match self.get(&["users", username], ActAs::Account).await {
            Ok(answer) => {
                let user: wire::User = answer.read()?;
                if has_name(&user, username) != Some(true) {
                    return Err(AlloyError::ForeignUser);
                }
                Ok(Some(FoundUser { id: id_of(user)?, username: username.to_owned(), verified: true }))
            }
            Err(AlloyError::NotServed | AlloyError::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `GET /users/{userId}`: whether that user has the name that was asked for.
    async fn verify_user(&self, found: &FoundUser) -> Result<(), AlloyError> {
        let user: wire::User = self.get(&["users", found.id.as_str()], ActAs::Account).await?.read()?;
        let same_name = has_name(&user, &found.username).ok_or(AlloyError::Malformed("a user without a name"))?;
        // A name may look like an id: the call takes either.
        if same_name && id_of(user)? == found.id { Ok(()) } else { Err(AlloyError::ForeignUser) }
    }
}

fn id_of(user: wire::User) -> Result<AlloyUserId, AlloyError> {
    AlloyUserId::parse(user.user_id).map_err(|_| AlloyError::Malformed("a user id of another form"))
}

/// Finds or makes Alloy's user for one of the host's. The caller keeps the answer in the store, and asks there first.
#[derive(Debug)]
pub struct Users {
    client: Arc<AlloyClient>,
    prefix: String,
    /// What was just found: two requests at once pool one call. The store has it then, and is what counts: whoever is erased
    /// there must not come back from here.
    recent: Cache<String, FoundUser>,
    /// Which of them were just verified: the same for that call.
    verified: Cache<FoundUser, ()>,
}

impl Users {
    /// `prefix` is `alloy.username_prefix`.
    pub fn new(client: Arc<AlloyClient>, prefix: &str) -> Self {
        let recent = Cache::builder().max_capacity(1024).time_to_live(Duration::from_secs(1)).build();
        let verified = Cache::builder().max_capacity(1024).time_to_live(Duration::from_secs(1)).build();
        Self { client, prefix: prefix.to_owned(), recent, verified }
    }

    /// Alloy's id of the user named by the prefix and the host's id, if there is one of exactly that name.
    ///
    /// # Errors
    /// When Alloy gives no usable answer.
    pub async fn find(&self, user: &ExternalId) -> Result<Option<AlloyUserId>, AlloyError> {
        match self.client.find_user(&self.username(user)).await {
            Ok(found) => Ok(found.map(|found| found.id)),
            Err(AlloyError::ForeignUser) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn username(&self, user: &ExternalId) -> String {
        format!("{}{user}", self.prefix)
    }

    /// The user named by the prefix and the host's id, made if it is not there yet. The caller verifies the answer.
    ///
    /// # Errors
    /// When Alloy has no such user and makes none; `ForeignUser` when it answers with a user of another name.
    pub async fn ensure(&self, user: &EndUser) -> Result<FoundUser, AlloyError> {
        let username = self.username(&user.external_id);
        let made = self.make(&username, user.name.as_deref());
        self.recent.try_get_with(username.clone(), made).await.map_err(|error| error.as_ref().clone())
    }

    /// Verifies that the user has exactly the name that was asked for; no call is made if Alloy said so already.
    ///
    /// # Errors
    /// `ForeignUser` when it has another name; when Alloy gives no usable answer.
    pub async fn verify(&self, found: &FoundUser) -> Result<(), AlloyError> {
        if found.verified {
            return Ok(());
        }
        let verify = self.client.verify_user(found);
        self.verified.try_get_with(found.clone(), verify).await.map_err(|error| error.as_ref().clone())
    }

    async fn make(&self, username: &str, full_name: Option<&str>) -> Result<FoundUser, AlloyError> {
        let error = match self.client.create_user(username, full_name).await {
            Ok(user) => return Ok(user),
            Err(error) => error,
        };
        // How a name that is taken is refused is not documented, so after most refusals it is looked up.
        match error {
            AlloyError::KeyRefused(_) | AlloyError::RateLimited { .. } | AlloyError::NotServed => Err(error),
            AlloyError::ForeignUser => Err(error),
            // Nobody waits twice for an upstream that does not answer.
            AlloyError::Unavailable { status: None, .. } => Err(error),
            _ => self.client.find_user(username).await?.ok_or(error),
        }
    }
}

#[cfg(test)]
mod tests;
