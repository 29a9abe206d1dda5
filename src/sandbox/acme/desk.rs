//! What Acme Notes stores for each user. A product has these in its database.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::Rng as _;
use url::Url;

use super::{accounts::User, outcome::Outcome, webhook::now};

/// Lifetime of an elicitation, in seconds.
const LIFETIME: i64 = 600;
/// Maximum number of connect sessions and elicitations that are remembered.
const REMEMBERED: usize = 200;

/// Where a shared note arrived.
#[derive(Clone)]
pub(crate) struct Arrival {
    /// Such as `#general`.
    pub(crate) channel: String,
    /// Such as "Acme HQ".
    pub(crate) workspace: String,
    /// The channel at the app's own site.
    pub(crate) url: Url,
}

/// What happens after a connect session ended in a link.
#[derive(Clone)]
pub(crate) struct Waiting {
    /// Id of the note.
    pub(crate) note: String,
    pub(crate) then: Then,
}

#[derive(Clone)]
pub(crate) enum Then {
    /// Back to the note; the user shares it by one press.
    Offer,
    /// Shares the note once more: the user pressed for that before the access was found removed.
    Share,
    /// The assistant's tool call goes on.
    Assistant { elicitation: String },
}

/// A tool's request that its user open a URL.
#[derive(Clone)]
pub(crate) struct Elicitation {
    /// Id of the user who asked the assistant.
    pub(crate) user: &'static str,
    pub(crate) note: String,
    /// The credential to replace.
    pub(crate) reconnect: Option<String>,
    until: i64,
}

/// A notice above the notes, shown once.
pub(crate) struct Notice {
    pub(crate) outcome: Outcome,
    pub(crate) button: Option<NoticeButton>,
}

/// A form of `POST /share`.
pub(crate) struct NoticeButton {
    pub(crate) label: String,
    pub(crate) note: String,
    /// The credential to reconnect.
    pub(crate) reconnect: Option<String>,
}

/// A part of the conversation with the assistant.
#[derive(Clone)]
pub(crate) enum Line {
    User(String),
    Assistant(String),
    /// A message between the assistant and its tool: title and JSON.
    Tool(&'static str, String),
    /// The link to open: its text and URL.
    Link(&'static str, Url),
    /// The note, and the accounts to choose from: credential ids and names.
    Choice(String, Vec<(String, String)>),
}

#[derive(Default)]
struct OfUser {
    arrivals: HashMap<String, Arrival>,
    notice: Option<Notice>,
    /// By connect session.
    waiting: HashMap<String, Waiting>,
    /// The connect sessions in which a refused connection is made anew.
    reconnecting: HashSet<String>,
    conversation: Vec<Line>,
}

#[derive(Default)]
struct Stored {
    users: HashMap<&'static str, OfUser>,
    elicitations: HashMap<String, Elicitation>,
}

#[derive(Default)]
pub(crate) struct Desk(Mutex<Stored>);

impl Desk {
    pub(crate) fn arrived(&self, user: &User, note: &str, arrival: Arrival) {
        self.lock().users.entry(user.id).or_default().arrivals.insert(note.to_owned(), arrival);
    }

    pub(crate) fn arrival(&self, user: &User, note: &str) -> Option<Arrival> {
        self.lock().users.get(user.id)?.arrivals.get(note).cloned()
    }

    pub(crate) fn notify(&self, user: &User, outcome: Outcome, button: Option<NoticeButton>) {
        self.lock().users.entry(user.id).or_default().notice = Some(Notice { outcome, button });
    }

    /// The notice, once.
    pub(crate) fn take_notice(&self, user: &User) -> Option<Notice> {
        self.lock().users.get_mut(user.id)?.notice.take()
    }

    pub(crate) fn wait_for(&self, user: &User, session: String, waiting: Waiting) {
        let mut stored = self.lock();
        let all = &mut stored.users.entry(user.id).or_default().waiting;
        if all.len() >= REMEMBERED {
            all.clear();
        }
        all.insert(session, waiting);
    }

    pub(crate) fn waiting(&self, user: &User, session: &str) -> Option<Waiting> {
        self.lock().users.get(user.id)?.waiting.get(session).cloned()
    }

    /// Returns whether it was waiting: the action runs once, however often the browser returns.
    pub(crate) fn stop_waiting(&self, user: &User, session: &str) -> bool {
        self.lock().users.get_mut(user.id).is_some_and(|stored| stored.waiting.remove(session).is_some())
    }

    pub(crate) fn reconnects(&self, user: &User, session: String) {
        let mut stored = self.lock();
        let all = &mut stored.users.entry(user.id).or_default().reconnecting;
        if all.len() >= REMEMBERED {
            all.clear();
        }
        all.insert(session);
    }

    /// Returns whether a connection was made anew in that session, once.
    pub(crate) fn take_reconnect(&self, user: &User, session: &str) -> bool {
        self.lock().users.get_mut(user.id).is_some_and(|stored| stored.reconnecting.remove(session))
    }

    pub(crate) fn begin_conversation(&self, user: &User) {
        self.lock().users.entry(user.id).or_default().conversation.clear();
    }

    pub(crate) fn add_lines(&self, user: &'static str, lines: impl IntoIterator<Item = Line>) {
        self.lock().users.entry(user).or_default().conversation.extend(lines);
    }

    pub(crate) fn conversation(&self, user: &User) -> Vec<Line> {
        self.lock().users.get(user.id).map(|stored| stored.conversation.clone()).unwrap_or_default()
    }

    /// Stores an elicitation and returns its id.
    pub(crate) fn elicit(&self, user: &User, note: &str, reconnect: Option<String>) -> String {
        let mut id = [0; 16];
        rand::rng().fill_bytes(&mut id);
        let id = URL_SAFE_NO_PAD.encode(id);
        let asked = Elicitation { user: user.id, note: note.to_owned(), reconnect, until: now() + LIFETIME };
        let elicitations = &mut self.lock().elicitations;
        elicitations.retain(|_, other| other.until > now());
        if elicitations.len() < REMEMBERED {
            elicitations.insert(id.clone(), asked);
        }
        id
    }

    pub(crate) fn elicitation(&self, id: &str) -> Option<Elicitation> {
        self.lock().elicitations.get(id).filter(|asked| asked.until > now()).cloned()
    }

    pub(crate) fn end_elicitation(&self, id: &str) {
        self.lock().elicitations.remove(id);
    }

    fn lock(&self) -> MutexGuard<'_, Stored> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
