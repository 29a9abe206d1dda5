//! Alloy's users: one per user of the host, created at first use.

use std::{sync::Arc, time::Duration};

use moka::future::Cache;

use super::{
    AlloyClient, AlloyError, Refusal,
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
    /// Whether Gangway created it just now. False if that is unknown.
    pub is_new: bool,
}

/// Result of a search by name.
pub(super) enum NameLookup {
    Found(FoundUser),
    /// Alloy has no such user.
    Free,
    /// The call is not served, or refused for another reason.
    Unknown(AlloyError),
}

/// Returns `None` if the response has no name.
fn has_name(user: &wire::User, username: &str) -> Option<bool> {
    user.username.as_deref().map(|name| name == username)
}

impl AlloyClient {
    /// `POST /users`. May return an existing user of a similar name; the documented response has no name.
    pub(super) async fn create_user(&self, username: &str, full_name: Option<&str>) -> Result<FoundUser, AlloyError> {
        let body = wire::CreateUser { username, full_name };
        let call = Call::post(&["users"], ActAs::Account, &body)?;
        let user: wire::User = self.call(call).await?.read()?;
        let verified = match has_name(&user, username) {
            Some(false) => return Err(AlloyError::ForeignUser),
            Some(true) => true,
            None => false,
        };
        Ok(FoundUser { id: id_of(user)?, username: username.to_owned(), verified, is_new: false })
    }

    /// `GET /users/{username}`. Also takes ids, and may ignore case. Returns `ForeignUser` for another name.
    pub(super) async fn find_user(&self, username: &str) -> Result<NameLookup, AlloyError> {
        match self.call(Call::get(&["users", username], ActAs::Account)).await {
            Ok(answer) => {
                let user: wire::User = answer.read()?;
                if has_name(&user, username) != Some(true) {
                    return Err(AlloyError::ForeignUser);
                }
                let (id, username) = (id_of(user)?, username.to_owned());
                Ok(NameLookup::Found(FoundUser { id, username, verified: true, is_new: false }))
            }
            Err(AlloyError::Refused(Refusal { status: 404, .. })) => Ok(NameLookup::Free),
            Err(error @ (AlloyError::NotServed | AlloyError::Refused(_))) => Ok(NameLookup::Unknown(error)),
            Err(error) => Err(error),
        }
    }

    /// `GET /users/{userId}`. Returns `false` if Alloy does not know the id.
    pub async fn user_exists(&self, id: &AlloyUserId) -> Result<bool, AlloyError> {
        match self.call(Call::get(&["users", id.as_str()], ActAs::Account)).await {
            // The call takes names, too, and a name may look like an id.
            Ok(answer) => Ok(id_of(answer.read()?)? == *id),
            Err(AlloyError::Refused(refusal)) if matches!(refusal.status, 400 | 404) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// `DELETE /users/{userId}`. A user whom Alloy does not know counts as deleted; the call may be repeated.
    pub async fn delete_user(&self, id: &AlloyUserId) -> Result<(), AlloyError> {
        match self.call(Call::delete(&["users", id.as_str()], ActAs::Account)).await {
            Ok(answer) => match answer.read::<wire::Deleted>() {
                Ok(wire::Deleted { success: Some(false) }) => Err(AlloyError::Malformed("a deletion without success")),
                _ => Ok(()),
            },
            // The meaning of these answers is undocumented.
            Err(AlloyError::Refused(Refusal { status: 400 | 404, .. }))
                if matches!(self.user_exists(id).await, Ok(false)) =>
            {
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    pub(super) async fn verify_user(&self, found: &FoundUser) -> Result<(), AlloyError> {
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
    verified: Cache<FoundUser, bool>,
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
            Ok(NameLookup::Found(found)) => Ok(Some(found.id)),
            Ok(NameLookup::Free | NameLookup::Unknown(_)) => Ok(None),
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

    /// Verifies the exact name, without a call if a response confirmed it. Returns whether Gangway created the user:
    /// that the name was free before says so only where Alloy finds users by name. Returns `ForeignUser` for another name.
    pub async fn verify(&self, found: &FoundUser) -> Result<bool, AlloyError> {
        let verify = async {
            if found.is_new
                && let Ok(NameLookup::Found(named)) = self.client.find_user(&found.username).await
                && named.id == found.id
            {
                return Ok(true);
            }
            if !found.verified {
                self.client.verify_user(found).await?;
            }
            Ok::<_, AlloyError>(false)
        };
        self.verified.try_get_with(found.clone(), verify).await.map_err(|error| error.as_ref().clone())
    }

    /// Searches first: the answer for a taken name is undocumented and may be a success, and only a user that Gangway
    /// created may be deleted one day.
    async fn make(&self, username: &str, full_name: Option<&str>) -> Result<FoundUser, AlloyError> {
        let was_free = match self.client.find_user(username).await {
            Ok(NameLookup::Found(found)) => return Ok(found),
            Ok(NameLookup::Free) => true,
            // The name may look like another user's id; an unreadable answer does not say that the name is free.
            Ok(NameLookup::Unknown(_)) | Err(AlloyError::ForeignUser | AlloyError::Malformed(_)) => false,
            Err(error) => return Err(error),
        };
        let error = match self.client.create_user(username, full_name).await {
            Ok(user) => return Ok(FoundUser { is_new: was_free, ..user }),
            Err(error) => error,
        };
        // Another process may have been faster, and the refusal of a taken name is undocumented.
        match error {
            AlloyError::KeyRefused(_) | AlloyError::RateLimited { .. } | AlloyError::NotServed => Err(error),
            AlloyError::ForeignUser => Err(error),
            // An upstream that does not answer is not called again.
            AlloyError::Unavailable { status: None, .. } => Err(error),
            _ => match self.client.find_user(username).await? {
                NameLookup::Found(found) => Ok(found),
                NameLookup::Free | NameLookup::Unknown(_) => Err(error),
            },
        }
    }
}

#[cfg(test)]
mod tests;
