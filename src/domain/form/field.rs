//! A form field, and the parsing of its value.

use secrecy::SecretString;
use serde_json::Value;

use super::{DecimalMark, FieldError, Pasted, Pattern, Provider, Wording, lines, number, values::FieldValue};
use crate::domain::text;

/// Maximum length of a value, in characters.
const MAX_VALUE: usize = 4096;
/// The same for several lines: a chain of certificates.
const MAX_LINES: usize = 16 * 1024;

#[derive(Debug, Clone, PartialEq, Default)]
pub enum FieldKind {
    #[default]
    Text,
    /// A password input, never shown again.
    Secret,
    Email,
    Url,
    Number,
    Integer,
    Flag,
    Choice(Vec<Choice>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    pub value: String,
    pub label: Wording,
    pub meaning: Value,
}

impl Choice {
    /// A browser may change the line ends of a value.
    fn is_submitted_as(&self, submitted: &str) -> bool {
        !submitted.is_empty() && self.value.lines().eq(submitted.lines())
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Limits {
    pub min_length: Option<usize>,
    pub max_length: Option<usize>,
    /// Must match a part of the value.
    pub pattern: Option<Pattern>,
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Field {
    /// Name in the form: `data.` and the path. The dot distinguishes it from the page's own fields.
    pub name: String,
    pub path: Vec<String>,
    pub kind: FieldKind,
    /// Whether it accepts several texts, separated by commas.
    pub many: bool,
    pub label: Wording,
    /// Whether the label begins with a name, which stays capitalized inside a sentence: "Zendesk address".
    pub named: bool,
    pub hint: Option<Wording>,
    pub example: Option<String>,
    pub help_url: Option<String>,
    pub required: bool,
    /// Whether it is sent as `null` if it is empty: its schema requires it and accepts that.
    pub is_null_if_empty: bool,
    /// Whether an empty text is a value of a required field, once its user has said so.
    pub may_be_empty: bool,
    /// A password: blanks belong to it.
    pub verbatim: bool,
    /// Whether it takes several lines, such as a key in PEM.
    pub multiline: bool,
    /// Initial value, also used if the browser submits no such field.
    pub default: Option<String>,
    pub limits: Limits,
    pub pasted: Pasted,
    pub provider: Provider,
}

impl Field {
    pub fn is_secret(&self) -> bool {
        self.kind == FieldKind::Secret
    }

    pub fn takes_text(&self) -> bool {
        matches!(self.kind, FieldKind::Text | FieldKind::Secret | FieldKind::Email | FieldKind::Url)
    }

    #[must_use]
    pub fn into_secret(self) -> Self {
        if self.takes_text() { Self { kind: FieldKind::Secret, default: None, ..self } } else { self }
    }

    pub(super) fn submitted<'a>(name: &str, submitted: &'a [(String, String)]) -> Option<&'a str> {
        submitted.iter().find(|(submitted, _)| submitted == name).map(|(_, value)| value.as_str())
    }

    /// Value for showing the form again: the submitted one, else the default. Secrets are never shown.
    pub fn initial_value(&self, submitted: &[(String, String)]) -> String {
        if self.kind == FieldKind::Flag && !submitted.is_empty() {
            // A browser submits nothing for an unticked box.
            return Self::submitted(&self.name, submitted).unwrap_or_default().to_owned();
        }
        let value =
            if self.is_secret() { None } else { Self::submitted(&self.name, submitted).or(self.default.as_deref()) };
        let value = value.filter(|value| !lines::holds_private_key(value));
        value.unwrap_or_default().chars().take(self.max_value()).collect()
    }

    fn max_value(&self) -> usize {
        if self.multiline { MAX_LINES } else { MAX_VALUE }
    }

    /// Whether its control has several lines: it takes them, or its user entered some or lost them.
    pub fn shows_lines(&self, submitted: &[(String, String)]) -> bool {
        let entered = Self::submitted(&self.name, submitted).unwrap_or_default();
        let takes_any = matches!(self.kind, FieldKind::Text | FieldKind::Secret) && !self.many;
        let takes_any = takes_any && self.pasted == Pasted::AsTyped;
        takes_any && (self.multiline || lines::has_lines(entered) || lines::lost_lines(entered))
    }

    /// Whether a text as in JSON would be accepted as it is.
    pub(crate) fn accepts(&self, text: &str) -> bool {
        self.read(Some(text), DecimalMark::Point).is_ok()
    }

    /// Returns `None` for an empty optional value.
    pub(super) fn read(&self, typed: Option<&str>, mark: DecimalMark) -> Result<Option<FieldValue>, FieldError> {
        if self.kind == FieldKind::Flag {
            // A browser submits nothing for an unticked box, so `false` is sent only where it differs from the default.
            let unticked = if self.required || self.default.as_deref() == Some("true") { Some(false) } else { None };
            let ticked = match typed.map(str::trim) {
                None | Some("") => unticked,
                Some("false" | "off" | "0" | "no") => Some(false),
                Some(_) => Some(true),
            };
            return Ok(ticked.map(|ticked| FieldValue::Plain(Value::from(ticked))));
        }
        let raw = typed.or(self.default.as_deref()).unwrap_or_default();
        if let FieldKind::Choice(choices) = &self.kind
            && let Some(chosen) = choices.iter().find(|choice| choice.is_submitted_as(raw))
        {
            return Ok(Some(FieldValue::Plain(chosen.meaning.clone())));
        }
        if self.shows_lines(&[(self.name.clone(), raw.to_owned())]) {
            return self.lines(raw);
        }
        let typed = if self.verbatim {
            raw.trim_matches(['\r', '\n'])
        } else {
            raw.trim_matches(|character: char| character.is_whitespace() || text::is_unprintable(character))
        };
        if typed.is_empty() {
            return if self.required { Err(FieldError::Missing) } else { Ok(None) };
        }
        if typed.chars().count() > MAX_VALUE {
            return Err(FieldError::TooLong(MAX_VALUE));
        }
        match &self.kind {
            FieldKind::Flag => Ok(None),
            FieldKind::Choice(choices) => {
                let chosen = choices.iter().find(|choice| choice.value == typed).ok_or(FieldError::Missing)?;
                Ok(Some(FieldValue::Plain(chosen.meaning.clone())))
            }
            FieldKind::Integer | FieldKind::Number => {
                // The default is written as in JSON, also in other languages.
                let is_default = Some(typed) == self.default.as_deref();
                let mark = if is_default { DecimalMark::Point } else { mark };
                let read = if self.kind == FieldKind::Integer { number::whole } else { number::any };
                let number = read(typed, mark)?;
                self.check_limits(number.as_f64().unwrap_or_default())?;
                Ok(Some(FieldValue::Plain(Value::Number(number))))
            }
            FieldKind::Text | FieldKind::Secret | FieldKind::Email | FieldKind::Url if self.many => {
                let parts = typed.split(',').map(str::trim).filter(|part| !part.is_empty());
                let texts: Vec<SecretString> = parts.map(|part| self.text(part)).collect::<Result<_, FieldError>>()?;
                Ok(Some(FieldValue::TypedList(texts)))
            }
            FieldKind::Text | FieldKind::Secret | FieldKind::Email | FieldKind::Url => {
                self.text(typed).map(|text| Some(FieldValue::Typed(text)))
            }
        }
    }

    fn lines(&self, raw: &str) -> Result<Option<FieldValue>, FieldError> {
        let lines = lines::normalized(raw);
        match lines.chars().count() {
            0 if self.required => Err(FieldError::Missing),
            0 => Ok(None),
            _ if lines::lost_lines(&lines) => Err(FieldError::LostLines),
            length if length > MAX_LINES => Err(FieldError::TooLong(MAX_LINES)),
            _ if lines.lines().any(text::has_hidden_in_line) => Err(FieldError::HiddenCharacters),
            _ => self.within_limits(&lines).map(|()| Some(FieldValue::Typed(lines.into()))),
        }
    }

    /// The limits of the schema, of which a line end after the last line is no part.
    fn within_limits(&self, lines: &str) -> Result<(), FieldError> {
        let trimmed = lines.trim_end();
        let length = trimmed.chars().count();
        match (self.limits.min_length, self.limits.max_length) {
            (Some(least), _) if length < least => Err(FieldError::TooShort(least)),
            (_, Some(most)) if length > most => Err(FieldError::TooLong(most)),
            _ if !self.follows_pattern(lines) && !self.follows_pattern(trimmed) => Err(FieldError::Malformed),
            _ => Ok(()),
        }
    }

    fn text(&self, typed: &str) -> Result<SecretString, FieldError> {
        let part = self.pasted.part(typed, &self.provider)?;
        let part_fits = self.follows_pattern(&part);
        // Some patterns of the vendor match the whole address only, and some passwords have no blanks around them.
        let others = || self.pasted.longer(&part, typed, &self.provider).into_iter().chain([part.trim().to_owned()]);
        let other = if part_fits { None } else { others().find(|other| self.follows_pattern(other)) };
        let fits = part_fits || other.is_some();
        let answer = other.unwrap_or(part);
        if answer.is_empty() {
            return Err(FieldError::Missing);
        }
        if self.has_hidden(&answer) {
            return Err(FieldError::HiddenCharacters);
        }
        self.check_format(&answer)?;
        let length = answer.chars().count();
        match (self.limits.min_length, self.limits.max_length) {
            (Some(least), _) if length < least => return Err(FieldError::TooShort(least)),
            (_, Some(most)) if length > most => return Err(FieldError::TooLong(most)),
            _ => {}
        }
        if fits { Ok(answer.into()) } else { Err(FieldError::Malformed) }
    }

    /// Joiners and marks of direction are characters of a password, because it is compared as it was typed.
    fn has_hidden(&self, answer: &str) -> bool {
        let counts = |character| matches!(character, '\t' | '\u{200C}'..='\u{200F}');
        if self.verbatim {
            answer.chars().any(|character| text::is_unprintable(character) && !counts(character))
        } else {
            text::has_hidden(answer)
        }
    }

    fn check_format(&self, answer: &str) -> Result<(), FieldError> {
        let good = match self.kind {
            FieldKind::Email => is_email(answer),
            FieldKind::Url => {
                url::Url::parse(answer).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
            }
            _ => true,
        };
        if good { Ok(()) } else { Err(FieldError::Malformed) }
    }

    fn follows_pattern(&self, answer: &str) -> bool {
        self.limits.pattern.as_ref().is_none_or(|pattern| pattern.accepts(answer))
    }

    fn check_limits(&self, number: f64) -> Result<(), FieldError> {
        let low = self.limits.minimum.is_some_and(|least| number < least);
        let high = self.limits.maximum.is_some_and(|most| number > most);
        if low || high { Err(FieldError::OutOfRange) } else { Ok(()) }
    }
}

fn is_email(answer: &str) -> bool {
    let Some((local, domain)) = answer.rsplit_once('@') else { return false };
    !local.is_empty()
        && !domain.is_empty()
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !answer.contains(|character: char| character.is_whitespace() || character == ',')
}
