//! Formats of days, times and numbers (CLDR, through ICU4X).

use fluent_bundle::FluentValue;
use icu_datetime::{
    DateTimeFormatter, NoCalendarFormatter,
    fieldsets::{MD, T, YMD},
    input::{Date, Time},
};
use icu_decimal::{DecimalFormatter, input::Decimal};
use icu_locale_core::Locale;
use intl_memoizer::{Memoizable, concurrent::IntlLangMemoizer};
use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};
use unic_langid::LanguageIdentifier;

use crate::domain::form::DecimalMark;

/// A readable day or time, with the exact one for machines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// RFC 3339 in UTC; the page's script uses it to show the day or time of the browser's zone.
    pub datetime: String,
    /// *3 March*, *3 March 2024* if it is not this year, *14:05*; in UTC.
    pub text: String,
    /// Whether it is a time of the day.
    pub is_time: bool,
}

/// Formats of one language. Without CLDR data the exact form is shown.
pub(crate) struct Formats {
    day: Option<DateTimeFormatter<MD>>,
    day_and_year: Option<DateTimeFormatter<YMD>>,
    time: Option<NoCalendarFormatter<T>>,
    number: Option<DecimalFormatter>,
}

impl Formats {
    pub(crate) fn of(tag: &LanguageIdentifier) -> Self {
        let locale = locale(tag);
        Self {
            day: DateTimeFormatter::try_new((&locale).into(), MD::long()).ok(),
            day_and_year: DateTimeFormatter::try_new((&locale).into(), YMD::long()).ok(),
            time: NoCalendarFormatter::try_new((&locale).into(), T::hm()).ok(),
            number: DecimalFormatter::try_new((&locale).into(), Default::default()).ok(),
        }
    }

    pub(crate) fn number(&self, number: usize) -> String {
        let decimal = Decimal::from(number);
        self.number.as_ref().map_or_else(|| number.to_string(), |format| format.format(&decimal).to_string())
    }

    /// Arabic has a mark of its own, which is read in every language.
    pub(crate) fn decimal_mark(&self) -> DecimalMark {
        let mut half = Decimal::from(5);
        half.multiply_pow10(-1);
        let shown = self.number.as_ref().map(|format| format.format(&half).to_string());
        if shown.is_some_and(|shown| shown.contains(',')) { DecimalMark::Comma } else { DecimalMark::Point }
    }

    pub(crate) fn day(&self, at: OffsetDateTime, now: OffsetDateTime) -> Moment {
        let (at, now) = (at.to_offset(UtcOffset::UTC), now.to_offset(UtcOffset::UTC));
        let datetime = at.format(&Rfc3339).unwrap_or_default();
        let date = Date::try_new_iso(at.year(), at.month().into(), at.day()).ok();
        let text = date.and_then(|date| {
            if at.year() == now.year() {
                Some(self.day.as_ref()?.format(&date).to_string())
            } else {
                Some(self.day_and_year.as_ref()?.format(&date).to_string())
            }
        });
        Moment { text: text.unwrap_or_else(|| at.date().to_string()), datetime, is_time: false }
    }

    pub(crate) fn time(&self, at: OffsetDateTime) -> Moment {
        let at = at.to_offset(UtcOffset::UTC);
        let time = Time::try_new(at.hour(), at.minute(), 0, 0).ok();
        let text = time.and_then(|time| Some(self.time.as_ref()?.format(&time).to_string()));
        let text = text.unwrap_or_else(|| format!("{:02}:{:02}", at.hour(), at.minute()));
        Moment { datetime: at.format(&Rfc3339).unwrap_or_default(), text, is_time: true }
    }
}

/// English uses 3 March and 14:05, as most English-speaking regions do.
fn locale(tag: &LanguageIdentifier) -> Locale {
    let tag = tag.to_string();
    let tag = if tag == "en" { "en-GB" } else { tag.as_str() };
    tag.parse().unwrap_or(Locale::UNKNOWN)
}

pub(crate) fn number(value: &FluentValue<'_>, memory: &IntlLangMemoizer) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let decimal: Decimal = number.value.to_string().parse().ok()?;
    memory.with_try_get::<Numbers, _, _>((), |numbers| numbers.0.format(&decimal).to_string()).ok()
}

struct Numbers(DecimalFormatter);

impl Memoizable for Numbers {
    type Args = ();
    type Error = ();

    fn construct(tag: LanguageIdentifier, (): ()) -> Result<Self, ()> {
        DecimalFormatter::try_new((&locale(&tag)).into(), Default::default()).map(Self).map_err(|_| ())
    }
}
