//! Messages in the channels of the emulated providers.

use std::{
    fmt::Write as _,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// Maximum number of messages that are stored.
const STORED: usize = 1000;
/// The channel of [`Message::channel`] if none is named.
pub(super) const GENERAL: &str = "general";

/// A message that an action posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Id of the connector, such as `slack`.
    pub connector: String,
    /// Name of the channel, without `#`.
    pub channel: String,
    /// Its text.
    pub text: String,
    /// The acting user's name. Without an acting user, the name of the API key's owner.
    pub author: String,
    /// The user's account whose credential was used, such as "Jane's Slack".
    pub account: String,
    /// Such as "Acme HQ".
    pub workspace: String,
    /// Time of posting: RFC 3339, UTC.
    pub at: String,
    /// The provider's id of the message in its channel: seconds with six decimals.
    pub ts: String,
}

#[derive(Debug, Default)]
pub(super) struct Messages(Mutex<Vec<Message>>);

impl Messages {
    pub(super) fn add(&self, message: Message) {
        let mut messages = self.lock();
        if messages.len() == STORED {
            messages.remove(0);
        }
        messages.push(message);
    }

    /// All messages, the oldest first.
    pub(super) fn all(&self) -> Vec<Message> {
        self.lock().clone()
    }

    /// Name of the channel with that name or id, with or without `#`.
    pub(super) fn channel_name(&self, name_or_id: &str) -> String {
        let name = name_or_id.trim().trim_start_matches('#');
        if name == channel_id(GENERAL) {
            return GENERAL.to_owned();
        }
        let messages = self.lock();
        let known = messages.iter().find(|message| channel_id(&message.channel) == name);
        known.map_or_else(|| name.to_owned(), |message| message.channel.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Message>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Id of a channel: `C` and ten characters.
pub(super) fn channel_id(name: &str) -> String {
    id('C', name)
}

/// Id of a workspace: `T` and ten characters.
pub(super) fn team_id(workspace: &str) -> String {
    id('T', workspace)
}

fn id(kind: char, name: &str) -> String {
    Sha256::digest(name.as_bytes()).iter().take(5).fold(kind.to_string(), |mut id, byte| {
        let _ = write!(id, "{byte:02X}");
        id
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channel_is_found_by_name_and_id() {
        let messages = Messages::default();
        let posted = Message {
            connector: "slack".to_owned(),
            channel: "launch".to_owned(),
            text: "Hello".to_owned(),
            author: "Jane Doe".to_owned(),
            account: "Jane's Slack".to_owned(),
            workspace: "Acme HQ".to_owned(),
            at: "2026-03-03T14:00:00.000Z".to_owned(),
            ts: "1772546400.000000".to_owned(),
        };
        messages.add(posted);
        for given in ["launch", "#launch", &channel_id("launch")] {
            assert_eq!(messages.channel_name(given), "launch");
        }
        assert_eq!(messages.channel_name(&channel_id("general")), "general");
        assert_eq!(messages.channel_name("C0UNKNOWN"), "C0UNKNOWN");
    }
}
