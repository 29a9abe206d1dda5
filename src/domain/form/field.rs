//! One thing that a form asks, and how an answer to it is read.

use secrecy::SecretString;
use serde_json::{Number, Value};

use super::{Mistake, Pasted, Pattern, answers::Answer};
use crate::{domain::text, i18n::Wording};

/// The longest answer to one question, in characters.
const LONGEST: usize = 4096;

/// What is asked for, and with which control.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Kind {
    /// One line of text.
    #[default]
    Text,
    /// A key: typed as a password, and never shown again.
    Secret,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// Yes or no: a box to tick.
    Flag,
    /// One of these.
    Choice(Vec<Choice>),
}

/// One option of a choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What the browser submits.
    pub value: String,
    /// What people read.
    pub label: Wording,
    /// What is sent.
    pub meaning: Value,
}

/// The limits of an answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rule {
    /// Characters at least.
    pub min_length: Option<usize>,
    /// Characters at most.
    pub max_length: Option<usize>,
    /// A regular expression that must be found in it.
    pub pattern: Option<Pattern>,
    /// The smallest number.
    pub minimum: Option<f64>,
    /// The largest number.
    pub maximum: Option<f64>,
}

/// One thing that a form asks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Field {
    /// The name that the browser submits: `data.` and the path; the dot keeps it apart from the page's own fields.
    pub name: String,
    /// Where the answer goes in what is sent.
    pub path: Vec<String>,
    /// What is asked for.
    pub kind: Kind,
    /// Whether it may be several texts with commas between them.
    pub many: bool,
    /// What people call it: "Shop name".
    pub label: Wording,
    /// Whether that begins with a name, which keeps its capital inside of a sentence: "Zendesk address".
    pub named: bool,
    /// A sentence or two on what it is.
    pub hint: Option<Wording>,
    /// An answer as it may look: "acme".
    pub example: Option<String>,
    /// The page that says where to find it.
    pub help_url: Option<String>,
    /// Whether it must be answered.
    pub required: bool,
    /// What stands there at first, and counts if the browser submits no such field.
    pub default: Option<String>,
    /// Its limits.
    pub rule: Rule,
    /// What a pasted address means here.
    pub pasted: Pasted,
}

impl Field {
    /// Whether what is typed must not be shown again.
    pub fn is_secret(&self) -> bool {
        self.kind == Kind::Secret
    }

    /// Whether one answer is a text, or texts, that somebody types.
    pub fn takes_text(&self) -> bool {
        matches!(self.kind, Kind::Text | Kind::Secret | Kind::Email | Kind::Url)
    }

    /// The same field, typed as a password and never shown again, if it takes a text.
    #[must_use]
    pub fn kept_secret(self) -> Self {
        if self.takes_text() { Self { kind: Kind::Secret, default: None, ..self } } else { self }
    }

    /// What was submitted under that name.
    pub(crate) fn typed<'a>(name: &str, submitted: &'a [(String, String)]) -> Option<&'a str> {
        submitted.iter().find(|(submitted, _)| submitted == name).map(|(_, value)| value.as_str())
    }

    /// What stands in the field when the form is shown (again): what was submitted, else the default, and nothing
    /// where that would show a key.
    pub fn shown(&self, submitted: &[(String, String)]) -> String {
        if self.kind == Kind::Flag && !submitted.is_empty() {
            // A browser submits nothing for a box without a tick.
            return Self::typed(&self.name, submitted).unwrap_or_default().to_owned();
        }
        let before =
            if self.is_secret() { None } else { Self::typed(&self.name, submitted).or(self.default.as_deref()) };
        before.unwrap_or_default().chars().take(LONGEST).collect()
    }

    /// Reads one answer: `None` if there is none and none is needed.
    ///
    /// # Errors
    /// A sentence for the person.
    pub(crate) fn read(&self, typed: Option<&str>) -> Result<Option<Answer>, Mistake> {
        if self.kind == Kind::Flag {
            // A browser submits nothing for a box without a tick, so only what differs from the default is told.
            let unticked = if self.required || self.default.as_deref() == Some("true") { Some(false) } else { None };
            let ticked = match typed.map(str::trim) {
                None | Some("") => unticked,
                Some("false" | "off" | "0" | "no") => Some(false),
                Some(_) => Some(true),
            };
            return Ok(ticked.map(|ticked| Answer::Chosen(Value::from(ticked))));
        }
        let typed = typed.or(self.default.as_deref()).unwrap_or_default();
        let typed = typed.trim_matches(|character: char| character.is_whitespace() || text::is_unprintable(character));
        if typed.is_empty() {
            return if self.required { Err(self.missing()) } else { Ok(None) };
        }
        if typed.chars().count() > LONGEST {
            return Err(self.too_long(LONGEST));
        }
        match &self.kind {
            Kind::Flag => Ok(None),
            Kind::Choice(choices) => {
                let chosen = choices.iter().find(|choice| choice.value == typed).ok_or_else(|| self.missing())?;
                Ok(Some(Answer::Chosen(chosen.meaning.clone())))
            }
            Kind::Integer => self.whole_number(typed).map(Some),
            Kind::Number => self.number(typed).map(Some),
            Kind::Text | Kind::Secret | Kind::Email | Kind::Url if self.many => {
                let parts = typed.split(',').map(str::trim).filter(|part| !part.is_empty());
                let texts: Vec<SecretString> = parts.map(|part| self.text(part)).collect::<Result<_, Mistake>>()?;
                Ok(Some(Answer::Several(texts)))
            }
            Kind::Text | Kind::Secret | Kind::Email | Kind::Url => {
                self.text(typed).map(|text| Some(Answer::Typed(text)))
            }
        }
    }

    fn text(&self, typed: &str) -> Result<SecretString, Mistake> {
        let part = self.pasted.part(typed);
        let part_fits = self.follows_pattern(&part);
        // Where the vendor's own pattern wants the whole address, the whole address it is.
        let whole_fits = !part_fits && part != typed && self.follows_pattern(typed);
        let answer = if whole_fits { typed.to_owned() } else { part };
        if answer.is_empty() {
            return Err(self.missing());
        }
        if answer.chars().any(text::is_unprintable) {
            return Err(self.odd_characters());
        }
        self.check_format(&answer)?;
        let length = answer.chars().count();
        match (self.rule.min_length, self.rule.max_length) {
            (Some(least), _) if length < least => return Err(self.too_short(least)),
            (_, Some(most)) if length > most => return Err(self.too_long(most)),
            _ => {}
        }
        if part_fits || whole_fits { Ok(answer.into()) } else { Err(self.wrong_form()) }
    }

    fn check_format(&self, answer: &str) -> Result<(), Mistake> {
        let good = match self.kind {
            Kind::Email => is_email(answer),
            Kind::Url => {
                url::Url::parse(answer).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
            }
            _ => true,
        };
        if good { Ok(()) } else { Err(self.wrong_form()) }
    }

    fn follows_pattern(&self, answer: &str) -> bool {
        self.rule.pattern.as_ref().is_none_or(|pattern| pattern.accepts(answer))
    }

    fn whole_number(&self, typed: &str) -> Result<Answer, Mistake> {
        let number: i64 = typed.parse().map_err(|_| self.not_a_number())?;
        self.check_limits(number as f64)?;
        Ok(Answer::Chosen(Value::from(number)))
    }

    fn number(&self, typed: &str) -> Result<Answer, Mistake> {
        if typed.parse::<i64>().is_ok() {
            return self.whole_number(typed);
        }
        let number: f64 = typed.parse().map_err(|_| self.not_a_number())?;
        self.check_limits(number)?;
        let number = Number::from_f64(number).ok_or_else(|| self.not_a_number())?;
        Ok(Answer::Chosen(Value::Number(number)))
    }

    fn check_limits(&self, number: f64) -> Result<(), Mistake> {
        let low = self.rule.minimum.is_some_and(|least| number < least);
        let high = self.rule.maximum.is_some_and(|most| number > most);
        if low || high { Err(self.out_of_limits()) } else { Ok(()) }
    }
}

/// Something before the last `@`, a host name after it, and nothing that could not stand in either.
fn is_email(answer: &str) -> bool {
    let Some((local, domain)) = answer.rsplit_once('@') else { return false };
    !local.is_empty()
        && !domain.is_empty()
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !answer.contains(|character: char| character.is_whitespace() || character == ',')
}
