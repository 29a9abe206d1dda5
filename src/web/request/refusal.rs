//! The provider's word for a refusal in the parameters of a return. They are hints: read leniently, in any case and
//! place, and never shown.

mod words;

use oauth2::basic::BasicErrorResponseType;
use percent_encoding::percent_decode_str;

use crate::domain::{attempt::Reason, text};
use words::{ANY, By, Word};

/// Maximum number of parameters that are read.
const MOST: usize = 100;
/// Maximum length of a value, in characters.
const LONGEST: usize = 500;
const SEPARATORS: &[char] = &['&', '?', ';', '#'];
/// Parameters that report an error, by [`plain`]. Any value but a listed word is an error of another kind.
const CODES: &[&str] = &[
    "error",
    "err",
    "errorcode",
    "errorname",
    "errorreason",
    "errorsubcode",
    "errorsubtype",
    "errortype",
    "oautherror",
    "oauthproblem",
];
/// Parameters in which only a listed word counts.
const ANSWERS: &[&str] = &["reason", "result", "status"];
/// Sentences that go with an error.
const SENTENCES: &[&str] =
    &["errordescription", "errordetail", "errordetails", "errormessage", "errormsg", "message", "oauthproblemadvice"];
/// Values that stand for none.
const NOTHING: &[&str] = &["0", "false", "no", "none", "null", "ok", "undefined"];

/// Returns `AccessDenied` for the user's *no*, `AdminApproval` for an administrator's, `UpstreamRefused` for any other
/// error, and `None` for none. A parameter without a value counts as left out (RFC 6749 section 3.1), and of each name
/// the first value counts.
pub(crate) fn refusal(parameters: &str) -> Option<Reason> {
    let given = Given::read(parameters);
    let said = |by: By, alone: bool| {
        words::all().iter().filter(|word| word.by == by && word.alone == alone).any(|word| given.holds(word))
    };
    if said(By::Administrator, false) {
        Some(Reason::AdminApproval)
    } else if said(By::User, false) {
        Some(Reason::AccessDenied)
    } else if given.values(CODES).next().is_some() {
        Some(Reason::UpstreamRefused)
    } else {
        said(By::User, true).then_some(Reason::AccessDenied)
    }
}

/// The standard code of an error (RFC 6749 section 5.2), for the log: it shows a wrong setting at the provider. Other
/// values may carry anything.
pub(crate) fn standard_error(parameters: &str) -> Option<&'static str> {
    let given = Given::read(parameters);
    let code = given.values(&["error"]).next()?;
    match serde_json::from_value(code.into()).ok()? {
        BasicErrorResponseType::InvalidClient => Some("invalid_client"),
        BasicErrorResponseType::InvalidGrant => Some("invalid_grant"),
        BasicErrorResponseType::InvalidRequest => Some("invalid_request"),
        BasicErrorResponseType::InvalidScope => Some("invalid_scope"),
        BasicErrorResponseType::UnauthorizedClient => Some("unauthorized_client"),
        BasicErrorResponseType::UnsupportedGrantType => Some("unsupported_grant_type"),
        BasicErrorResponseType::Extension(_) => None,
    }
}

/// Names and values, in order, the first value of each name only.
struct Given(Vec<(String, String)>);

impl Given {
    fn read(parameters: &str) -> Self {
        let mut given = Self(Vec::new());
        given.collect(parameters.split('&'));
        // In an odd place: behind a second `?`, a `;` or a `#`, or encoded as a whole.
        given.collect(parameters.split(SEPARATORS));
        for encoded in parameters.split(SEPARATORS).filter(|pair| !pair.contains('=')).take(MOST) {
            given.collect(decoded(encoded).split(SEPARATORS));
        }
        given
    }

    fn collect<'p>(&mut self, pairs: impl Iterator<Item = &'p str>) {
        for pair in pairs.take(MOST) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (plain(&decoded(name)), text::tidy(&decoded(value), LONGEST));
            let is_known = self.0.iter().any(|(known, _)| *known == name);
            let is_absent = value.is_empty() || CODES.contains(&name.as_str()) && is_nothing(&plain(&value));
            if !is_absent && !is_known {
                self.0.push((name, value));
            }
        }
    }

    fn values<'a>(&'a self, names: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, _)| names.contains(&name.as_str())).map(|(_, value)| value.as_str())
    }

    fn holds(&self, word: &Word<'_>) -> bool {
        let is_listed = |value: &str| {
            let value = plain(value);
            word.words.iter().any(|known| if *known == ANY { !is_nothing(&value) } else { plain(known) == value })
        };
        if let Some(parameter) = word.parameter {
            return self.values(&[plain(parameter).as_str()]).any(is_listed);
        }
        let says = |value: &str| word.phrases.iter().any(|phrase| spaced(value).contains(phrase));
        self.values(CODES).chain(self.values(ANSWERS)).any(is_listed)
            || self.values(CODES).chain(self.values(SENTENCES)).any(says)
    }
}

fn is_nothing(value: &str) -> bool {
    NOTHING.contains(&value)
}

/// Percent and `+` decoded, as in a form.
fn decoded(raw: &str) -> String {
    percent_decode_str(&raw.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// Without case, punctuation and the two spellings of *cancelled*, so that `ACCESS_DENIED`, `accessDenied` and
/// `access-denied` are one word.
fn plain(raw: &str) -> String {
    let letters: String = raw.chars().filter(char::is_ascii_alphanumeric).collect();
    letters.to_ascii_lowercase().replace("cancelled", "canceled")
}

/// Lower-case words, one space between two.
fn spaced(raw: &str) -> String {
    let words = raw.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
