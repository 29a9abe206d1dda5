//! Users and their credentials.

use std::collections::HashMap;

use serde::Serialize;
use time::OffsetDateTime;

use super::clock::{iso, new_id};

/// A key that contains this is stored like any other and fails when it is used.
pub const REVOKED: &str = "revoked";
/// Id of the API key's owner, for calls that name no user. The sample id of Alloy's reference.
pub const OWNER: &str = "5eba51a03fe9631316668514";

/// A user of Alloy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// 24 hexadecimal characters.
    pub user_id: String,
    /// Display name.
    pub full_name: Option<String>,
    /// The integrator's name for the user.
    pub username: String,
}

/// A credential of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    /// 24 hexadecimal characters.
    pub credential_id: String,
    /// Such as "Jane's Slack".
    pub name: String,
    /// `{connectorId}-{authenticationType}`
    #[serde(rename = "type")]
    pub kind: String,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// RFC 3339, UTC; a renewal of the tokens moves it.
    pub updated_at: String,
    /// Not on the wire.
    #[serde(skip)]
    pub connector: String,
    /// Not on the wire.
    #[serde(skip)]
    pub(super) created: OffsetDateTime,
    /// Whether the provider accepts it; not on the wire.
    #[serde(skip)]
    pub(super) works: bool,
}

#[derive(Debug, Clone)]
pub(super) struct NewCredential<'a> {
    pub(super) user_id: &'a str,
    pub(super) connector: &'a str,
    pub(super) authentication: &'a str,
    pub(super) name: String,
    pub(super) works: bool,
}

impl NewCredential<'_> {
    fn credential(&self, name: String, now: OffsetDateTime) -> Credential {
        Credential {
            credential_id: new_id(now),
            name,
            kind: format!("{}-{}", self.connector, self.authentication),
            created_at: iso(now),
            updated_at: iso(now),
            connector: self.connector.to_owned(),
            created: now,
            works: self.works,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Ledger {
    users: HashMap<String, User>,
    usernames: HashMap<String, String>,
    credentials: HashMap<String, Vec<Credential>>,
    removed: HashMap<String, Vec<(OffsetDateTime, Credential)>>,
}

impl Ledger {
    /// Adds a user. An older user of that username is no longer found by it.
    pub(super) fn add_user(&mut self, user_id: String, username: &str, full_name: Option<String>) -> User {
        let user = User { user_id, full_name, username: username.to_owned() };
        self.usernames.insert(user.username.clone(), user.user_id.clone());
        self.users.insert(user.user_id.clone(), user.clone());
        user
    }

    /// The user of that id, or of that username.
    pub(super) fn user(&self, id_or_name: &str) -> Option<&User> {
        self.users.get(id_or_name).or_else(|| self.users.get(self.usernames.get(id_or_name)?))
    }

    /// As `user`, ignoring the case of usernames.
    pub(super) fn user_ignoring_case(&self, id_or_name: &str) -> Option<&User> {
        let name = id_or_name.to_lowercase();
        self.user(id_or_name).or_else(|| self.users.values().find(|user| user.username.to_lowercase() == name))
    }

    pub(super) fn users(&self) -> Vec<&User> {
        let mut users: Vec<&User> = self.users.values().collect();
        users.sort_by(|one, other| one.user_id.cmp(&other.user_id));
        users
    }

    pub(super) fn update_user(
        &mut self,
        id: &str,
        username: Option<String>,
        full_name: Option<String>,
    ) -> Option<&User> {
        let user = self.users.get_mut(id)?;
        if let Some(username) = username {
            self.usernames.remove(&user.username);
            self.usernames.insert(username.clone(), user.user_id.clone());
            user.username = username;
        }
        user.full_name = full_name.or(user.full_name.take());
        Some(user)
    }

    /// Returns whether the user existed.
    pub(super) fn remove_user(&mut self, id: &str) -> bool {
        self.credentials.remove(id);
        let Some(user) = self.users.remove(id) else { return false };
        if self.usernames.get(&user.username).is_some_and(|named| named == id) {
            self.usernames.remove(&user.username);
        }
        true
    }

    /// Adds a credential; a duplicate name gets a number.
    pub(super) fn add_credential(&mut self, new: &NewCredential<'_>, now: OffsetDateTime) -> Credential {
        let listed = self.credentials.entry(new.user_id.to_owned()).or_default();
        let taken = |name: &str| listed.iter().any(|credential| credential.name == name);
        let mut name = new.name.clone();
        let mut number = 1;
        while taken(&name) {
            number += 1;
            name = format!("{} ({number})", new.name);
        }
        let credential = new.credential(name, now);
        listed.push(credential.clone());
        credential
    }

    /// Adds credentials with distinct names of that length.
    pub(super) fn add_many(&mut self, new: &NewCredential<'_>, count: usize, length: usize, now: OffsetDateTime) {
        let many = (1..=count).map(|number| {
            let name = format!("{} ({number}) {}", new.name, "x".repeat(length));
            new.credential(name, now)
        });
        self.credentials.entry(new.user_id.to_owned()).or_default().extend(many);
    }

    /// A user's credentials in order of creation.
    pub(super) fn credentials(&self, user_id: &str) -> &[Credential] {
        self.credentials.get(user_id).map(Vec::as_slice).unwrap_or_default()
    }

    /// A credential of any user.
    pub(super) fn find(&self, credential_id: &str) -> Option<&Credential> {
        self.credentials.values().flatten().find(|credential| credential.credential_id == credential_id)
    }

    /// The connector's credentials with their users, the newest first.
    pub(super) fn of_connector<'a>(&'a self, connector: &'a str) -> Vec<(&'a User, &'a Credential)> {
        let mut found: Vec<_> = self
            .credentials
            .iter()
            .filter_map(|(user, credentials)| Some((self.users.get(user)?, credentials)))
            .flat_map(|(user, credentials)| credentials.iter().map(move |credential| (user, credential)))
            .filter(|(_, credential)| credential.connector == connector)
            .collect();
        found.sort_by_key(|(_, credential)| std::cmp::Reverse(credential.created));
        found
    }

    /// Sets whether the provider accepts a credential. Returns whether it exists.
    pub(super) fn set_works(&mut self, credential_id: &str, works: bool) -> bool {
        let mut all = self.credentials.values_mut().flatten();
        let found = all.find(|credential| credential.credential_id == credential_id);
        found.map(|credential| credential.works = works).is_some()
    }

    /// Moves a credential's `updatedAt`. Returns whether it exists.
    pub(super) fn renew(&mut self, user_id: &str, credential_id: &str, now: OffsetDateTime) -> bool {
        let mut listed = self.credentials.get_mut(user_id).into_iter().flatten();
        let found = listed.find(|credential| credential.credential_id == credential_id);
        found.map(|credential| credential.updated_at = iso(now)).is_some()
    }

    /// Returns whether the credential existed.
    pub(super) fn remove_credential(&mut self, user_id: &str, credential_id: &str, now: OffsetDateTime) -> bool {
        let Some(listed) = self.credentials.get_mut(user_id) else { return false };
        let mut found = listed.extract_if(.., |credential| credential.credential_id == credential_id).peekable();
        let existed = found.peek().is_some();
        self.removed.entry(user_id.to_owned()).or_default().extend(found.map(|credential| (now, credential)));
        existed
    }

    /// A user's deleted credentials with the time of deletion.
    pub(super) fn removed(&self, user_id: &str) -> &[(OffsetDateTime, Credential)] {
        self.removed.get(user_id).map(Vec::as_slice).unwrap_or_default()
    }
}
