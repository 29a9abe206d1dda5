//! The provider's word for a refusal in the parameters of a return. They are hints: read leniently, in any case and
//! place, and never shown.

mod words;

use oauth2::basic::BasicErrorResponseType;
use percent_encoding::percent_decode_str;

use crate::domain::{attempt::Reason, text};
use words::{ANY, By, Word};

/// Maximum number of parameters that are read.
const MAX_PARAMETERS: usize = 100;
/// Maximum length of a value, in characters; the remainder is cut.
const MAX_VALUE: usize = 500;
const SEPARATORS: &[char] = &['&', '?', ';', '#'];
/// Parameters that report an error; names are compared by [`plain`]. A value that is no listed word is an error of
/// another kind.
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
/// Parameters that also report a success, so that only a listed word counts.
const OUTCOMES: &[&str] = &["reason", "result", "status"];
/// Parameters with a sentence about the error. Only a listed phrase counts.
const SENTENCES: &[&str] =
    &["errordescription", "errordetail", "errordetails", "errormessage", "errormsg", "oauthproblemadvice"];
/// A sentence that goes with a success, too.
const MESSAGE: &[&str] = &["message"];
/// Values of an error's parameter that mean that there is no error.
const NO_ERROR: &[&str] = &["0", "false", "no", "none", "null", "ok", "undefined"];

/// Returns `AccessDenied` for the user's *no*, `AdminApproval` for an administrator's, `UpstreamRefused` for any other
/// error, and `None` without an error. A parameter without a value counts as absent (RFC 6749 section 3.1), and only
/// the first value of each name counts.
pub(crate) fn refusal(parameters: &str) -> Option<Reason> {
    let given = Parameters::read(parameters);
    let holds_any = |by: By, alone: bool| {
        words::all().iter().filter(|word| word.by == by && word.alone == alone).any(|word| given.holds(word))
    };
    if holds_any(By::Administrator, false) {
        Some(Reason::AdminApproval)
    } else if holds_any(By::User, false) {
        Some(Reason::AccessDenied)
    } else if given.values(CODES).next().is_some() {
        Some(Reason::UpstreamRefused)
    } else {
        holds_any(By::User, true).then_some(Reason::AccessDenied)
    }
}

/// The standard code of an error (RFC 6749 section 5.2), for the log: it shows a wrong setting at the provider. Returns
/// `None` for other values, which may hold a secret.
pub(crate) fn standard_error(parameters: &str) -> Option<&'static str> {
    let given = Parameters::read(parameters);
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

/// Names and values in order, with the first value of each name only.
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn read(parameters: &str) -> Self {
        let mut given = Self(Vec::new());
        given.collect(parameters.split('&'));
        // Unusual places: behind a second `?`, a `;` or a `#`, or encoded as a whole.
        given.collect(parameters.split(SEPARATORS));
        for encoded in parameters.split(SEPARATORS).filter(|pair| !pair.contains('=')).take(MAX_PARAMETERS) {
            given.collect(decoded(encoded).split(SEPARATORS));
        }
        given
    }

    fn collect<'p>(&mut self, pairs: impl Iterator<Item = &'p str>) {
        for pair in pairs.take(MAX_PARAMETERS) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (plain(&decoded(name)), text::tidy(&decoded(value), MAX_VALUE));
            let is_known = self.0.iter().any(|(known, _)| *known == name);
            let is_absent = value.is_empty() || CODES.contains(&name.as_str()) && is_no_error(&plain(&value));
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
            word.words.iter().any(|known| if *known == ANY { !is_no_error(&value) } else { plain(known) == value })
        };
        if let Some(parameter) = word.parameter {
            return self.values(&[plain(parameter).as_str()]).any(is_listed);
        }
        let says = |value: &str| word.phrases.iter().any(|phrase| spaced(value).contains(phrase));
        let has_failed =
            self.values(CODES).next().is_some() || self.values(&["success"]).any(|value| is_no_error(&plain(value)));
        self.values(CODES).chain(self.values(OUTCOMES)).any(is_listed)
            || self.values(CODES).chain(self.values(SENTENCES)).any(says)
            || has_failed && self.values(MESSAGE).any(says)
    }
}

fn is_no_error(value: &str) -> bool {
    NO_ERROR.contains(&value)
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
