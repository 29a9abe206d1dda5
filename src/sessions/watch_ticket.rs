//! The ticket for the outcome of a session: its id and a tag of it. It is not stored, and every key verifies it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use super::Sessions;
use crate::domain::{
    keys::{Purpose, Tag},
    session::SessionId,
};

/// Length of the session's id, in bytes.
const ID: usize = 16;

#[derive(Debug, Clone)]
pub(crate) struct WatchTicket(SecretString);

impl WatchTicket {
    fn new(id: SessionId, tag: &Tag) -> Self {
        Self(URL_SAFE_NO_PAD.encode([id.uuid().as_bytes(), tag.as_bytes().as_slice()].concat()).into())
    }

    /// 64 URL-safe characters, only for the host's response.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl Sessions {
    /// One ticket for each session key, newest first.
    pub(super) fn watch_tickets(&self, id: SessionId) -> impl Iterator<Item = WatchTicket> {
        let tags: Vec<Tag> = self.keys.tags(Purpose::Watch, id.uuid().as_bytes()).collect();
        tags.into_iter().map(move |tag| WatchTicket::new(id, &tag))
    }

    /// The session of a ticket. Returns `None` if none of our keys made it.
    pub(crate) fn session_of_ticket(&self, ticket: &str) -> Option<SessionId> {
        let bytes = URL_SAFE_NO_PAD.decode(ticket).ok()?;
        let (id, tag) = bytes.split_at_checked(ID)?;
        let (id, tag) = (Uuid::from_slice(id).ok()?, tag.try_into().ok()?);
        let known = self.keys.tags(Purpose::Watch, id.as_bytes()).fold(false, |known, own| own.same_as(tag) | known);
        known.then(|| SessionId::from_uuid(id))
    }
}
