//! A phrase with its values, as HTML or plain text. External text is escaped and isolated from the text direction.

use std::fmt::{self, Write as _};

use fluent_bundle::{FluentArgs, FluentValue};

use super::{Direction, Language, Moment};

/// First placeholder of a value: a character of Unicode's private use area, which no text contains.
const FIRST_PLACE: u32 = 0xE000;

/// A value in a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Name of a person or thing.
    Name(String),
    /// An emphasized name.
    Strong(String),
    /// Words in the language of the phrase.
    Words(String),
    /// Another phrase with its own values.
    Phrase(Box<Phrase>),
    /// A number, which also chooses between singular and plural.
    Number(usize),
    /// A day or time.
    Moment(Moment),
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(number)
    }
}

impl From<Phrase> for Value {
    fn from(phrase: Phrase) -> Self {
        Self::Phrase(Box::new(phrase))
    }
}

impl From<Moment> for Value {
    fn from(moment: Moment) -> Self {
        Self::Moment(moment)
    }
}

/// A phrase in a language, or a verbatim text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    language: Language,
    source: Source,
    values: Vec<(&'static str, Value)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Key(&'static str),
    Text(String),
}

impl Phrase {
    pub(crate) fn new(language: Language, key: &'static str) -> Self {
        Self { language, source: Source::Key(key), values: Vec::new() }
    }

    /// Creates a phrase that shows a text unchanged.
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self { language: Language::default(), source: Source::Text(text.into()), values: Vec::new() }
    }

    /// Adds the value for a name.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    /// Plain text, for titles, scripts and screen readers.
    pub fn plain(&self) -> String {
        let mut text = String::new();
        // In a right-to-left sentence a left-to-right name would reorder its neighbours (Unicode TR 9).
        let isolated = self.language.direction() == Direction::Rtl;
        self.each(|part| match part {
            Ok(letter) => text.push(letter),
            Err(Value::Name(name) | Value::Strong(name)) if isolated => {
                text.push('\u{2068}');
                text.push_str(name);
                text.push('\u{2069}');
            }
            Err(Value::Name(words) | Value::Strong(words) | Value::Words(words)) => text.push_str(words),
            Err(Value::Phrase(phrase)) => text.push_str(&phrase.plain()),
            Err(Value::Moment(moment)) => text.push_str(&moment.text),
            Err(Value::Number(_)) => {}
        });
        text
    }

    /// HTML with all text escaped.
    pub fn html(&self) -> String {
        let mut html = String::new();
        if let Source::Text(text) = &self.source {
            wrapped(&mut html, "<bdi>", text, "</bdi>");
            return html;
        }
        self.each(|part| match part {
            Ok(letter) => escape(&mut html, letter),
            Err(Value::Name(name)) => wrapped(&mut html, "<bdi>", name, "</bdi>"),
            Err(Value::Strong(name)) => wrapped(&mut html, "<b><bdi>", name, "</bdi></b>"),
            Err(Value::Words(words)) => wrapped(&mut html, "", words, ""),
            Err(Value::Phrase(phrase)) => html.push_str(&phrase.html()),
            Err(Value::Moment(moment)) => {
                let ends = if moment.is_time { "\" data-clock>" } else { "\">" };
                wrapped(&mut html, "<time datetime=\"", &moment.datetime, ends);
                wrapped(&mut html, "", &moment.text, "</time>");
            }
            Err(Value::Number(_)) => {}
        });
        html
    }

    fn each(&self, mut write: impl FnMut(Result<char, &Value>)) {
        let mut values = FluentArgs::with_capacity(self.values.len());
        for (place, (name, value)) in (FIRST_PLACE..).zip(&self.values) {
            let stands = match value {
                Value::Number(number) => FluentValue::from(*number),
                _ => FluentValue::from(char::from_u32(place).unwrap_or_default().to_string()),
            };
            values.set(*name, stands);
        }
        let text = match &self.source {
            Source::Text(text) => text.clone(),
            // A test checks that pages use only existing phrases.
            Source::Key(key) => self.language.text(key, &values).unwrap_or_else(|| format!("[{key}]")),
        };
        for letter in text.chars() {
            let place = u32::from(letter).checked_sub(FIRST_PLACE).and_then(|place| usize::try_from(place).ok());
            match place.and_then(|place| self.values.get(place)) {
                Some((_, value)) => write(Err(value)),
                None => write(Ok(letter)),
            }
        }
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.html())
    }
}

fn wrapped(html: &mut String, before: &str, text: &str, after: &str) {
    html.push_str(before);
    text.chars().for_each(|letter| escape(html, letter));
    html.push_str(after);
}

fn escape(html: &mut String, letter: char) {
    match letter {
        '&' | '<' | '>' | '"' | '\'' => {
            // Writing to a string cannot fail.
            let _ = write!(html, "&#{};", u32::from(letter));
        }
        _ => html.push(letter),
    }
}
