//! Alloy's own users: one for each of the host's, made when it is first needed.

use std::{sync::Arc, time::Duration};

use moka::future::Cache;

use super::{AlloyClient, AlloyError, client::Acting, wire};
use crate::session::{AlloyUserId, EndUser, ExternalId};

impl AlloyClient {
    /// `POST /users`
    async fn create_user(&self, username: &str, full_name: Option<&str>) -> Result<AlloyUserId, AlloyError> {
        let body = wire::CreateUser { username, full_name };
        let user: wire::User = self.post(&["users"], Acting::Account, &body, false).await?.read()?;
        id_of(user)
    }

    /// `GET /users/{username}`: `None` if there is no user of exactly that name. The call also takes ids, so the name
    /// in the answer is what counts.
    async fn find_user(&self, username: &str) -> Result<Option<AlloyUserId>, AlloyError> {
        match self.get(&["users", username], Acting::Account).await {
            Ok(answer) => {
                let user: wire::User = answer.read()?;
                if user.username.as_deref() == Some(username) { id_of(user).map(Some) } else { Ok(None) }
            }
            Err(AlloyError::NotServed | AlloyError::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn id_of(user: wire::User) -> Result<AlloyUserId, AlloyError> {
    AlloyUserId::parse(user.user_id).map_err(|_| AlloyError::Nonsense("a user id of another form"))
}

/// Finds or makes Alloy's user for one of the host's. The caller keeps the answer in the store, and asks there first.
#[derive(Debug)]
pub struct Users {
    client: Arc<AlloyClient>,
    prefix: String,
    /// What was just found: two requests at once share one call. The store has it then, and is what counts: whoever is erased
    /// there must not come back from here.
    recent: Cache<String, AlloyUserId>,
}

impl Users {
    /// `prefix` is `alloy.username_prefix`.
    pub fn new(client: Arc<AlloyClient>, prefix: &str) -> Self {
        let recent = Cache::builder().max_capacity(1024).time_to_live(Duration::from_secs(1)).build();
        Self { client, prefix: prefix.to_owned(), recent }
    }

    /// Alloy's id of the user named by the prefix and the host's id, if there is one.
    ///
    /// # Errors
    /// When Alloy gives no usable answer.
    pub async fn find(&self, user: &ExternalId) -> Result<Option<AlloyUserId>, AlloyError> {
        self.client.find_user(&self.username(user)).await
    }

    fn username(&self, user: &ExternalId) -> String {
        format!("{}{user}", self.prefix)
    }

    /// Alloy's id of that user: the one that the host gave, or that of the user named by the prefix and the host's
    /// id, made if it is not there yet.
    ///
    /// # Errors
    /// When Alloy has no such user and makes none.
    pub async fn ensure(&self, user: &EndUser) -> Result<AlloyUserId, AlloyError> {
        if let Some(given) = &user.alloy_user_id {
            return Ok(given.clone());
        }
        let username = self.username(&user.external_id);
        let made = self.make(&username, user.name.as_deref());
        self.recent.try_get_with(username.clone(), made).await.map_err(|error| error.as_ref().clone())
    }

    async fn make(&self, username: &str, full_name: Option<&str>) -> Result<AlloyUserId, AlloyError> {
        let error = match self.client.create_user(username, full_name).await {
            Ok(id) => return Ok(id),
            Err(error) => error,
        };
        // How a name that is taken is refused is not documented, so after most refusals it is looked up.
        match error {
            AlloyError::KeyRefused(_) | AlloyError::RateLimited { .. } | AlloyError::NotServed => Err(error),
            // Nobody waits twice for an upstream that does not answer.
            AlloyError::Unavailable { status: None, .. } => Err(error),
            _ => self.client.find_user(username).await?.ok_or(error),
        }
    }
}

#[cfg(test)]
mod tests;
