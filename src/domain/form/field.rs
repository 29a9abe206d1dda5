//! A form field, and the parsing of its value.

use secrecy::SecretString;
use serde_json::{Number, Value};

use super::{FieldError, Pasted, Pattern, Wording, values::FieldValue};
use crate::domain::text;

/// Maximum length of a value, in characters.
const MAX_VALUE: usize = 4096;

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
    /// Initial value, also used if the browser submits no such field.
    pub default: Option<String>,
    pub limits: Limits,
    pub pasted: Pasted,
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
        value.unwrap_or_default().chars().take(MAX_VALUE).collect()
    }

    /// Returns `None` for an empty optional value.
    pub(super) fn read(&self, typed: Option<&str>) -> Result<Option<FieldValue>, FieldError> {
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
        let typed = typed.or(self.default.as_deref()).unwrap_or_default();
        let typed = typed.trim_matches(|character: char| character.is_whitespace() || text::is_unprintable(character));
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
            FieldKind::Integer => self.whole_number(typed).map(Some),
            FieldKind::Number => self.number(typed).map(Some),
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

    fn text(&self, typed: &str) -> Result<SecretString, FieldError> {
        let part = self.pasted.part(typed);
        let part_fits = self.follows_pattern(&part);
        // Some patterns of the vendor match the whole address only.
        let whole_fits = !part_fits && part != typed && self.follows_pattern(typed);
        let answer = if whole_fits { typed.to_owned() } else { part };
        if answer.is_empty() {
            return Err(FieldError::Missing);
        }
        if answer.chars().any(text::is_unprintable) {
            return Err(FieldError::HiddenCharacters);
        }
        self.check_format(&answer)?;
        let length = answer.chars().count();
        match (self.limits.min_length, self.limits.max_length) {
            (Some(least), _) if length < least => return Err(FieldError::TooShort(least)),
            (_, Some(most)) if length > most => return Err(FieldError::TooLong(most)),
            _ => {}
        }
        if part_fits || whole_fits { Ok(answer.into()) } else { Err(FieldError::Malformed) }
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

    fn whole_number(&self, typed: &str) -> Result<FieldValue, FieldError> {
        let number: i64 = typed.parse().map_err(|_| FieldError::NotANumber)?;
        self.check_limits(number as f64)?;
        Ok(FieldValue::Plain(Value::from(number)))
    }

    fn number(&self, typed: &str) -> Result<FieldValue, FieldError> {
        if typed.parse::<i64>().is_ok() {
            return self.whole_number(typed);
        }
        let number: f64 = typed.parse().map_err(|_| FieldError::NotANumber)?;
        self.check_limits(number)?;
        let number = Number::from_f64(number).ok_or(FieldError::NotANumber)?;
        Ok(FieldValue::Plain(Value::Number(number)))
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
