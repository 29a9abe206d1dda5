//! Numbers as people type them: digits of any script, and the marks of the request's language. No digit changes.

use icu_properties::{CodePointMapData, props::GeneralCategory};
use serde_json::Number;

use super::FieldError;

/// The mark before the decimals in the request's language. The other one groups thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DecimalMark {
    #[default]
    Point,
    Comma,
}

impl DecimalMark {
    fn character(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }
}

/// A decimal number: `0.digits` times ten to the power of `point`, without zeros at either end of the digits.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Decimal {
    negative: bool,
    digits: String,
    point: i64,
}

/// A thousands mark of any language: spaces, apostrophes and the Arabic mark.
const GROUP: char = '\'';

pub(super) fn whole(typed: &str, mark: DecimalMark) -> Result<Number, FieldError> {
    let plain = plain(typed, mark, true).ok_or(FieldError::NotANumber)?;
    let decimal = Decimal::parse(&plain).filter(|_| !plain.contains('e')).ok_or(FieldError::NotANumber)?;
    decimal.whole().ok_or(FieldError::NotANumber)?
}

pub(super) fn any(typed: &str, mark: DecimalMark) -> Result<Number, FieldError> {
    let plain = plain(typed, mark, false).ok_or(FieldError::NotANumber)?;
    let decimal = Decimal::parse(&plain).ok_or(FieldError::NotANumber)?;
    if let Some(whole) = decimal.whole() {
        return whole;
    }
    let number = plain.parse().ok().and_then(Number::from_f64).ok_or(FieldError::NotANumber)?;
    let is_exact = Decimal::parse(&number.to_string()).is_some_and(|sent| sent == decimal);
    if is_exact { Ok(number) } else { Err(FieldError::TooManyDigits) }
}

impl Decimal {
    /// Parses digits with at most one point and an exponent.
    fn parse(plain: &str) -> Option<Self> {
        let (mantissa, exponent) = plain.split_once(['e', 'E']).unwrap_or((plain, "0"));
        let unsigned = mantissa.trim_start_matches(['-', '+']);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all: String = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let exponent: i32 = exponent.parse().ok()?;
        let digits = all.trim_start_matches('0');
        let leading = all.len() - digits.len();
        let digits = digits.trim_end_matches('0').to_owned();
        let point = i64::try_from(whole.len()).ok()? - i64::try_from(leading).ok()? + i64::from(exponent);
        let point = if digits.is_empty() { 0 } else { point };
        Some(Self { negative: mantissa.starts_with('-') && !digits.is_empty(), digits, point })
    }

    /// Returns `None` if it has decimals, and an error if it cannot be sent with all its digits.
    fn whole(&self) -> Option<Result<Number, FieldError>> {
        let length = i64::try_from(self.digits.len()).unwrap_or(i64::MAX);
        if self.point < length {
            return None;
        }
        // No number of JSON that we send has more digits.
        let digits = usize::try_from(self.point).ok().filter(|point| *point <= 20);
        let number = digits.and_then(|width| {
            let digits = format!("{:0<width$}", self.digits);
            let digits = if digits.is_empty() { "0" } else { &digits };
            if self.negative {
                format!("-{digits}").parse::<i64>().ok().map(Number::from)
            } else {
                digits.parse::<u64>().ok().map(Number::from)
            }
        });
        Some(number.ok_or(FieldError::TooManyDigits))
    }
}

/// With ASCII digits, `.` before the decimals and no marks between thousands. Returns `None` if it is no number, or
/// could be two: `1.500` where the comma is the decimal mark, unless the number is whole.
fn plain(typed: &str, mark: DecimalMark, is_whole: bool) -> Option<String> {
    let typed: String = typed.chars().filter_map(ascii).collect();
    let (sign, unsigned) = match typed.strip_prefix(['-', '+']) {
        Some(rest) => (if typed.starts_with('-') { "-" } else { "" }, rest),
        None => ("", typed.as_str()),
    };
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(place) => unsigned.split_at(place),
        None => (unsigned, ""),
    };
    let decimal = decimal_mark(mantissa, mark, is_whole)?;
    let (whole, fraction) = decimal.and_then(|mark| mantissa.rsplit_once(mark)).unwrap_or((mantissa, ""));
    let is_plain = fraction.bytes().all(|byte| byte.is_ascii_digit());
    let is_grouped = whole.bytes().all(|byte| byte.is_ascii_digit()) || are_groups(whole);
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let fraction = if fraction.is_empty() { String::new() } else { format!(".{fraction}") };
    (is_plain && is_grouped).then(|| format!("{sign}{whole}{fraction}{}", exponent.to_ascii_lowercase()))
}

/// Which mark stands before the decimals, if any.
fn decimal_mark(mantissa: &str, mark: DecimalMark, is_whole: bool) -> Option<Option<char>> {
    let marks: Vec<char> = mantissa.chars().filter(|character| matches!(*character, '.' | ',' | ARABIC_MARK)).collect();
    let last = marks.last().copied();
    let count = marks.iter().filter(|mark| Some(**mark) == last).count();
    match (last, count) {
        (None, _) => Some(None),
        (Some(ARABIC_MARK), 1) => Some(last),
        (Some(ARABIC_MARK), _) => None,
        // Two different marks: the last is for the decimals. The same one several times groups thousands.
        (Some(_), 1) if marks.len() > 1 => Some(last),
        (Some(_), 2..) => Some(None),
        (Some(only), _) if only == mark.character() => Some(last),
        (Some(_), _) if !are_groups(mantissa) => Some(last),
        // A point is written before decimals everywhere, by programs at least.
        (Some('.'), _) if !is_whole => None,
        (Some(_), _) => Some(None),
    }
}

const ARABIC_MARK: char = '\u{66B}';

/// Groups of three digits, or of two before the last three as in India, parted by one mark.
fn are_groups(whole: &str) -> bool {
    let marks: Vec<char> = whole.chars().filter(|character| !character.is_ascii_digit()).collect();
    let groups: Vec<&str> = whole.split(|character: char| !character.is_ascii_digit()).collect();
    let [first, between @ .., last] = groups.as_slice() else { return false };
    marks.iter().all(|mark| matches!(mark, '.' | ',' | &GROUP) && Some(mark) == marks.first())
        && (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && last.len() == 3
        && (between.iter().all(|group| group.len() == 3)
            || first.len() <= 2 && between.iter().all(|group| group.len() == 2))
}

/// The ASCII form of a digit, sign or mark. Marks of direction, which stand before Arabic signs, are left out.
fn ascii(character: char) -> Option<char> {
    Some(match character {
        '\u{200E}' | '\u{200F}' | '\u{61C}' => return None,
        '−' | '－' | '﹣' | '‐' | '‑' | '–' => '-',
        '＋' => '+',
        '．' => '.',
        '，' | '、' | '،' => ',',
        '\'' | '’' | '\u{66C}' | '\u{A0}' | '\u{202F}' | '\u{2009}' | ' ' => GROUP,
        other if other.is_ascii() => other,
        other => digit(other).unwrap_or(other),
    })
}

/// Decimal digits of every script stand in rows of ten, zero first (Unicode section 4.6).
fn digit(character: char) -> Option<char> {
    let is_digit = |code: u32| {
        let general = CodePointMapData::<GeneralCategory>::new();
        char::from_u32(code).is_some_and(|character| general.get(character) == GeneralCategory::DecimalNumber)
    };
    let code = u32::from(character);
    if !is_digit(code) {
        return None;
    }
    // Five such rows follow each other at most.
    let before = (1..50).take_while(|step| code.checked_sub(*step).is_some_and(is_digit)).count();
    char::from_digit(u32::try_from(before % 10).ok()?, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str, mark: DecimalMark) -> Result<String, FieldError> {
        any(typed, mark).map(|number| number.to_string())
    }

    #[test]
    fn digits_of_every_script_are_digits() {
        for typed in ["123", "１２３", "١٢٣", "۱۲۳", "१२३", "๑๒๓", "𝟏𝟐𝟑", "𝟣𝟤𝟥", "+123", "123.0", "\u{61c}123"]
        {
            assert_eq!(
                whole(typed, DecimalMark::Point).map(|number| number.to_string()).as_deref(),
                Ok("123"),
                "{typed}"
            );
        }
        for typed in ["-5", "−5", "－５", "\u{61c}-٥", "\u{200f}-۵"] {
            assert_eq!(
                whole(typed, DecimalMark::Comma).map(|number| number.to_string()).as_deref(),
                Ok("-5"),
                "{typed}"
            );
        }
        for typed in ["", "-", "many", "1.5", "1e3", "0x10", "½", "一", "1 2", "--1", "1-", "Ⅷ", "²"] {
            assert_eq!(whole(typed, DecimalMark::Point), Err(FieldError::NotANumber), "{typed}");
        }
    }

    #[test]
    fn marks_are_read_by_the_language() {
        use DecimalMark::{Comma, Point};
        for (typed, mark, number) in [
            ("1,5", Comma, "1.5"),
            ("1.5", Comma, "1.5"),
            ("1,5", Point, "1.5"),
            ("1,500", Comma, "1.5"),
            ("1.500", Point, "1.5"),
            ("1,500", Point, "1500"),
            ("1.234,5", Point, "1234.5"),
            ("1,234.5", Comma, "1234.5"),
            ("1.234.567", Comma, "1234567"),
            ("12,34,567", Point, "1234567"),
            ("1 234 567,8", Comma, "1234567.8"),
            ("1’234.5", Comma, "1234.5"),
            ("0.125", Comma, "0.125"),
            ("١٬٢٣٤٫٥", Point, "1234.5"),
            ("１，５", Comma, "1.5"),
            (".5", Point, "0.5"),
            ("5,", Comma, "5"),
            ("1e3", Point, "1000"),
            ("1.50", Point, "1.5"),
            ("-0", Point, "0"),
        ] {
            assert_eq!(read(typed, mark).as_deref(), Ok(number), "{typed} {mark:?}");
        }
        assert_eq!(whole("1.500", Comma).map(|number| number.to_string()).as_deref(), Ok("1500"));
        // 1.5 to a program, and 1500 to its reader.
        assert_eq!(read("1.500", Comma), Err(FieldError::NotANumber));
        for odd in
            ["1.2.3", "1,2,3", "1,23,4", "1.5.0,5", "1,5,0.5", "1 5", "1٫5٫0", "NaN", "inf", "1e", "e5", ".", ","]
        {
            assert_eq!(read(odd, Comma), Err(FieldError::NotANumber), "{odd}");
        }
    }

    #[test]
    fn no_digit_changes() {
        for exact in ["9007199254740993", "18446744073709551615", "-9223372036854775808", "0.1", "1234567890.12345"] {
            assert_eq!(read(exact, DecimalMark::Point).as_deref(), Ok(exact));
        }
        for long in [
            "12345678901234567890123",
            "18446744073709551616",
            "-9223372036854775809",
            "12345678901234567.5",
            "0.12345678901234567890",
            "1e400",
            "1e25",
        ] {
            assert_eq!(read(long, DecimalMark::Point), Err(FieldError::TooManyDigits), "{long}");
        }
        assert_eq!(whole("12345678901234567890", DecimalMark::Point), Ok(12_345_678_901_234_567_890_u64.into()));
    }
}
