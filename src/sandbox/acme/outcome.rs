//! The notice after a browser's return, by Gangway's response.

use std::borrow::Cow;

use strum::Display;

use super::gangway::{Failure, LinkAttempt};

/// A CSS class.
#[derive(Display)]
#[strum(serialize_all = "lowercase")]
pub(crate) enum Tone {
    Good,
    Open,
    Bad,
}

/// The notice above the connections or the notes.
pub(crate) struct Outcome {
    pub(crate) tone: Tone,
    pub(crate) heading: String,
    pub(crate) text: Cow<'static, str>,
}

impl Outcome {
    /// States and reasons are closed lists in version 1 of the API; an unknown one never counts as connected.
    pub(crate) fn of(answer: &Result<LinkAttempt, Failure>) -> Self {
        match answer {
            Ok(attempt) => Self::of_attempt(attempt),
            Err(Failure::OtherUser { mismatch: true }) => Self {
                tone: Tone::Bad,
                heading: "Nothing was connected to this account".to_owned(),
                text: "It was started for another account. If that was you, switch to it and connect again. If someone sent you the link, don't use it.".into(),
            },
            Err(Failure::OtherUser { mismatch: false }) => Self {
                tone: Tone::Bad,
                heading: "That was another account's connection".to_owned(),
                text: "It has nothing to do with the account that is signed in here. Switch accounts to see it.".into(),
            },
            Err(Failure::Refused(problem)) if problem.status == 404 => Self {
                tone: Tone::Bad,
                heading: "Nothing was connected".to_owned(),
                text: "The address that brought you here is too old, or belongs to no connection that we know.".into(),
            },
            Err(_) => Self {
                tone: Tone::Open,
                heading: "We do not know yet whether it worked".to_owned(),
                text: "Our connection service does not answer. Reload this page in a minute to see.".into(),
            },
        }
    }

    /// After a disconnection.
    pub(crate) fn of_removal(connector: &str, answer: &Result<(), Failure>) -> Self {
        let (tone, what, text) = match answer {
            Ok(()) => (Tone::Good, "is disconnected", "Acme Notes can no longer use it."),
            Err(Failure::Refused(problem)) if problem.status == 404 => {
                (Tone::Open, "was disconnected before", "There is nothing more to do.")
            }
            Err(_) => {
                (Tone::Bad, "is still connected", "Our connection service does not answer. Try again in a few minutes.")
            }
        };
        Self { tone, heading: format!("{} {what}", app_name(connector)), text: text.into() }
    }

    pub(crate) fn of_attempt(attempt: &LinkAttempt) -> Self {
        let (state, reason) = (attempt.state.as_str(), attempt.reason.as_deref().unwrap_or_default());
        let (tone, what) = match (state, reason) {
            ("linked", "key_saved") => (Tone::Good, "key is saved"),
            ("linked", _) => (Tone::Good, "is connected"),
            ("denied" | "failed" | "expired" | "unverified", _) => (Tone::Bad, "was not connected"),
            _ => (Tone::Open, "is not confirmed yet"),
        };
        let text = match (state, reason) {
            ("linked", "key_saved") => "We check it the first time it is used.",
            ("linked", _) => "Acme Notes can use it from now on.",
            ("denied", "admin_approval") => "An administrator has to approve it first. Then connect again.",
            ("denied", _) => "It was cancelled. Nothing was changed.",
            ("failed", "not_confirmed") => "It was never confirmed. You can connect again at any time.",
            ("failed", "superseded") => "A newer try took the place of this one.",
            ("failed", _) => "Something went wrong on the way. You can connect again at any time.",
            ("expired", _) => "It took too long. You can connect again at any time.",
            ("unverified", "completion_mismatch") => "Another account finished it, so it is not used here.",
            ("unverified", "completion_missing") => "It was never finished here. You can connect again at any time.",
            ("unverified", _) => "We could not make sure that it was you, so it is not used here.",
            _ => "It usually takes a few seconds. Reload this page to see.",
        };
        Self { tone, heading: format!("{} {what}", app_name(&attempt.connector)), text: text.into() }
    }
}

/// Display name of a connector; unknown ones get a capital letter.
pub(crate) fn app_name(connector: &str) -> String {
    match connector.to_ascii_lowercase().as_str() {
        "hubspot" => "HubSpot".to_owned(),
        "github" => "GitHub".to_owned(),
        "googledrive" => "Google Drive".to_owned(),
        "googlecalendar" => "Google Calendar".to_owned(),
        "zohocrm" => "Zoho CRM".to_owned(),
        _ => {
            let mut letters = connector.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
        }
    }
}
