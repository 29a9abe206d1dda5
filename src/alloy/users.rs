//! Alloy's users: one per user of the host, created at first use.

use std::{sync::Arc, time::Duration};

use moka::future::Cache;

use super::{
    AlloyClient, AlloyError,
    call::{ActAs, Call},
    wire,
};
use crate::domain::session::{AlloyUserId, EndUser, ExternalId};

/// A user returned by Alloy.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FoundUser {
    /// Alloy's id.
    pub id: AlloyUserId,
    username: String,
    /// Whether a response confirmed exactly this name.
    verified: bool,
}

/// Returns `None` if the response has no name.
fn has_name(user: &wire::User, username: &str) -> Option<bool> {
    user.username.as_deref().map(|name| name == username)
}

impl AlloyClient {
    /// `POST /users`. May return an existing user of a similar name; the documented response has no name.
    async fn create_user(&self, username: &str, full_name: Option<&str>) -> Result<FoundUser, AlloyError> {
        let body = wire::CreateUser { username, full_name };
        let call = Call::post(&["users"], ActAs::Account, &body)?;
        let user: wire::User = self.call(call).await?.read()?;
        let verified = match has_name(&user, username) {
            Some(false) => return Err(AlloyError::ForeignUser),
            Some(true) => true,
            None => false,
        };
        Ok(FoundUser { id: id_of(user)?, username: username.to_owned(), verified })
    }

    /// `GET /users/{username}`. Also takes ids, and may ignore case. Returns `ForeignUser` for another name.
    async fn find_user(&self, username: &str) -> Result<Option<FoundUser>, AlloyError> {
        match self.call(Call::get(&["users", username], ActAs::Account)).await {
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

    /// `GET /users/{userId}`. Returns `false` if Alloy does not know the id.
    async fn user_exists(&self, id: &AlloyUserId) -> Result<bool, AlloyError> {
        match self.call(Call::get(&["users", id.as_str()], ActAs::Account)).await {
            // The call takes names, too, and a name may look like an id.
            Ok(answer) => Ok(id_of(answer.read()?)? == *id),
            Err(AlloyError::Refused(refusal)) if matches!(refusal.status, 400 | 404) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn verify_user(&self, found: &FoundUser) -> Result<(), AlloyError> {
        let path = ["users", found.id.as_str()];
        let user: wire::User = self.call(Call::get(&path, ActAs::Account)).await?.read()?;
        let same_name = has_name(&user, &found.username).ok_or(AlloyError::Malformed("a user without a name"))?;
        // The call takes ids, too, and a name may look like one.
        if same_name && id_of(user)? == found.id { Ok(()) } else { Err(AlloyError::ForeignUser) }
    }
}

fn id_of(user: wire::User) -> Result<AlloyUserId, AlloyError> {
    AlloyUserId::parse(user.user_id).map_err(|_| AlloyError::Malformed("a user id of another form"))
}

/// Finds or creates Alloy's users. The caller stores the ids, and reads the store first.
pub struct Users {
    client: Arc<AlloyClient>,
    prefix: String,
    /// Lets concurrent requests share one call. The store decides: an erased user must not reappear from this cache.
    recent: Cache<String, FoundUser>,
    verified: Cache<FoundUser, ()>,
}

impl Users {
    /// `prefix` is `alloy.username_prefix`.
    pub fn new(client: Arc<AlloyClient>, prefix: &str) -> Self {
        let recent = Cache::builder().max_capacity(1024).time_to_live(Duration::from_secs(1)).build();
        let verified = Cache::builder().max_capacity(1024).time_to_live(Duration::from_secs(1)).build();
        Self { client, prefix: prefix.to_owned(), recent, verified }
    }

    /// Finds the user of exactly that name. Returns an error if there is no usable response.
    pub async fn find(&self, user: &ExternalId) -> Result<Option<AlloyUserId>, AlloyError> {
        match self.client.find_user(&self.username(user)).await {
            Ok(found) => Ok(found.map(|found| found.id)),
            Err(AlloyError::ForeignUser) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether Alloy knows the id. Returns an error if there is no usable response.
    pub async fn exists(&self, id: &AlloyUserId) -> Result<bool, AlloyError> {
        self.client.user_exists(id).await
    }

    fn username(&self, user: &ExternalId) -> String {
        format!("{}{user}", self.prefix)
    }

    /// Finds or creates the user; the caller verifies it. Returns `ForeignUser` if Alloy's user has another name.
    pub async fn ensure(&self, user: &EndUser) -> Result<FoundUser, AlloyError> {
        let username = self.username(&user.external_id);
        let made = self.make(&username, user.name.as_deref());
        self.recent.try_get_with(username.clone(), made).await.map_err(|error| error.as_ref().clone())
    }

    /// Verifies the exact name, without a call if a response confirmed it. Returns `ForeignUser` if it is another.
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
        // The refusal of a taken name is undocumented, so the name is looked up after most refusals.
        match error {
            AlloyError::KeyRefused(_) | AlloyError::RateLimited { .. } | AlloyError::NotServed => Err(error),
            AlloyError::ForeignUser => Err(error),
            // An upstream that does not answer is not called again.
            AlloyError::Unavailable { status: None, .. } => Err(error),
            _ => self.client.find_user(username).await?.ok_or(error),
        }
    }
}

#[cfg(test)]
mod tests;
