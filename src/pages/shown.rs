//! Values in the form in which people read them.

use std::fmt;

use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

use crate::text;

/// Text from outside, fit for a page: without marks that turn or hide text, and at most `MAX` characters long.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text<const MAX: usize>(String);

/// What somebody or something is called.
pub type Name = Text<60>;

/// A line of explanation.
pub type Sentence = Text<240>;

impl<const MAX: usize> Text<MAX> {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its first letter or digit, for a tile without a picture.
    pub fn initial(&self) -> String {
        let first = self.0.chars().find(|character| character.is_alphanumeric());
        first.map_or_else(|| "?".to_owned(), |character| character.to_uppercase().collect())
    }
}

impl<const MAX: usize> From<&str> for Text<MAX> {
    fn from(raw: &str) -> Self {
        Self(text::tidy(raw, MAX))
    }
}

impl<const MAX: usize> From<&String> for Text<MAX> {
    fn from(raw: &String) -> Self {
        raw.as_str().into()
    }
}

impl<const MAX: usize> From<String> for Text<MAX> {
    fn from(raw: String) -> Self {
        raw.as_str().into()
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A day as people write it, with the exact time for machines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// RFC 3339 in UTC; the page's script uses it to show the day of the browser's zone.
    pub datetime: String,
    /// `3 March`, or `3 March 2024` if it is not this year; the day in UTC.
    pub text: String,
}

impl Day {
    /// The day of that time, read now.
    pub fn of(at: OffsetDateTime, now: OffsetDateTime) -> Self {
        let (at, now) = (at.to_offset(UtcOffset::UTC), now.to_offset(UtcOffset::UTC));
        let (year, month, day) = (at.year(), at.month(), at.day());
        let text = if year == now.year() { format!("{day} {month}") } else { format!("{day} {month} {year}") };
        Self { datetime: at.format(&Rfc3339).unwrap_or_default(), text }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_year_is_named_only_if_it_is_another_one() {
        let at = datetime!(2026-03-03 23:30 -2);
        let same_year = Day::of(at, datetime!(2026-11-01 0:00 UTC));
        assert_eq!((same_year.text.as_str(), same_year.datetime.as_str()), ("4 March", "2026-03-04T01:30:00Z"));
        assert_eq!(Day::of(at, datetime!(2027-01-01 0:00 UTC)).text, "4 March 2026");
    }

    #[test]
    fn marks_that_turn_text_around_are_dropped_and_long_text_is_cut() {
        assert_eq!(Name::from("Acme\u{202E}\u{0007} Notes").as_str(), "Acme Notes");
        assert_eq!(Name::from("x".repeat(10_000)).as_str().chars().count(), 60);
        assert_eq!(Name::from("  ‘émile’").initial(), "É");
        assert_eq!(Name::from("…").initial(), "?");
    }
}
