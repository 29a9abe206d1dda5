//! Validation of external text that becomes an id or a name.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup, VariationSelector},
};
use percent_encoding::percent_decode_str;
use thiserror::Error;

pub(crate) mod lone_surrogates;
mod nearest;
mod readable;

pub(crate) use nearest::nearest;
pub(crate) use readable::{capitalized, is_technical, readable};

/// Text that does not have the required form. The message never contains the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("malformed {0}")]
pub struct Malformed(pub &'static str);

/// Accepts `min` to `max` characters without control and invisible formatting characters.
pub fn printable(raw: &str, min: usize, max: usize) -> bool {
    let length = raw.chars().count();
    length >= min && length <= max && !raw.chars().any(is_unprintable) && raw.trim() == raw
}

/// Accepts ids in the vendor's format, which are safe in any part of a URL.
pub fn vendor_id(raw: &str) -> bool {
    url_safe(raw, 64)
}

/// Accepts 1 to `max` ASCII letters, digits, `-` and `_`.
pub fn url_safe(raw: &str, max: usize) -> bool {
    !raw.is_empty()
        && raw.len() <= max
        && raw.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Returns `true` if percent-decoding is lossless: each `%` begins a whole encoding (RFC 3986 section 2.1), and the
/// bytes are UTF-8.
pub fn is_decodable(encoded: &str) -> bool {
    let is_hex = |rest: &str| rest.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    encoded.split('%').skip(1).all(is_hex) && percent_decode_str(encoded).decode_utf8().is_ok()
}

pub fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

/// Letters, numbers and symbols by category whose glyph is blank.
const BLANK: [char; 5] = ['\u{2800}', '\u{FFFC}', '\u{13441}', '\u{13442}', '\u{1D159}'];

/// Returns `false` for text without a visible glyph: spaces, controls, fillers, tags, blank glyphs, combining marks
/// without a base, and characters for private use.
pub fn is_visible(raw: &str) -> bool {
    let glyphs = GeneralCategoryGroup::Letter
        .union(GeneralCategoryGroup::Number)
        .union(GeneralCategoryGroup::Punctuation)
        .union(GeneralCategoryGroup::Symbol);
    let shows = |character: char| {
        if character.is_ascii() {
            return character.is_ascii_graphic();
        }
        glyphs.contains(CodePointMapData::<GeneralCategory>::new().get(character))
            && !is_ignorable(character)
            && !BLANK.contains(&character)
    };
    raw.chars().any(shows)
}

/// Unicode's `Default_Ignorable_Code_Point`: renderers show nothing.
fn is_ignorable(character: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
}

/// Unprintable and ignorable characters. Variation selectors stay, because they choose the form of a letter.
fn is_hidden(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    let selects = || CodePointSetData::new::<VariationSelector>().contains(character);
    is_unprintable(character) || is_ignorable(character) && !selects()
}

/// Zero-width joiners. Between letters, marks or symbols beyond ASCII they choose a form: a Persian ending, an emoji.
fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200C}' | '\u{200D}')
}

fn takes_joiner(character: char) -> bool {
    let shaped = GeneralCategoryGroup::Letter.union(GeneralCategoryGroup::Mark).union(GeneralCategoryGroup::Symbol);
    !character.is_ascii()
        && shaped.contains(CodePointMapData::<GeneralCategory>::new().get(character))
        && !is_hidden(character)
        && !BLANK.contains(&character)
}

fn is_mark(character: char) -> bool {
    GeneralCategoryGroup::Mark.contains(CodePointMapData::<GeneralCategory>::new().get(character))
}

/// Without hidden characters, but with joiners where they shape a text. A line end or a tab becomes a space.
pub fn without_hidden(raw: &str) -> impl Iterator<Item = char> + '_ {
    let (mut characters, mut previous) = (raw.chars().peekable(), ' ');
    std::iter::from_fn(move || {
        loop {
            let mut character = characters.next()?;
            let next = characters.peek().copied();
            // Old texts in Malayalam end a word in a mark and a joiner.
            let joins = || takes_joiner(previous) && (next.is_some_and(takes_joiner) || is_mark(previous));
            if is_hidden(character) && character.is_whitespace() {
                character = ' ';
            } else if is_hidden(character) && !(is_joiner(character) && joins()) {
                continue;
            }
            previous = character;
            return Some(character);
        }
    })
}

/// Whether it has an unprintable character other than a joiner that shapes it.
pub fn has_hidden(raw: &str) -> bool {
    let joiners = |character: &char| is_joiner(*character);
    raw.chars().any(|character| is_unprintable(character) && !is_joiner(character))
        || raw.chars().filter(joiners).count() > without_hidden(raw).filter(joiners).count()
}

/// The same for a line of a text, which may have tabs.
pub fn has_hidden_in_line(line: &str) -> bool {
    line.split('\t').any(has_hidden)
}

/// Removes hidden characters and cuts after `max` characters with an ellipsis. Empty if nothing is visible.
pub fn tidy(raw: &str, max: usize) -> String {
    let shown = without_hidden(raw).skip_while(|character| character.is_whitespace());
    let mut clean: String = shown.take(max + 1).collect();
    let is_cut = clean.chars().count() > max;
    if is_cut {
        clean = clean.chars().take(max.saturating_sub(1)).collect();
    }
    if !is_visible(&clean) {
        return String::new();
    }
    if is_cut {
        clean.push('…');
    }
    clean.trim().to_owned()
}

macro_rules! newtype {
    ($name:ident, $what:literal, $rule:expr) => {
        impl $name {
            #[doc = concat!("Takes the text if it has the form of a ", $what, ".")]
            pub fn parse(raw: impl Into<String>) -> Result<Self, $crate::domain::text::Malformed> {
                let raw = raw.into();
                let rule: fn(&str) -> bool = $rule;
                if rule(&raw) { Ok(Self(raw)) } else { Err($crate::domain::text::Malformed($what)) }
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::domain::text::Malformed;

            fn try_from(raw: String) -> Result<Self, Self::Error> {
                Self::parse(raw)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(out, "{:?}", self.0)
            }
        }
    };
}

pub(crate) use newtype;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_a_glyph_is_not_visible() {
        let ranges = [
            '\u{0}'..='\u{20}',
            '\u{7f}'..='\u{a0}',
            '\u{ad}'..='\u{ad}',
            '\u{300}'..='\u{36f}',
            '\u{61c}'..='\u{61c}',
            '\u{115f}'..='\u{1160}',
            '\u{17b4}'..='\u{17b5}',
            '\u{180b}'..='\u{180f}',
            '\u{2000}'..='\u{200f}',
            '\u{2028}'..='\u{202f}',
            '\u{205f}'..='\u{206f}',
            '\u{20d0}'..='\u{20f0}',
            '\u{2800}'..='\u{2800}',
            '\u{3000}'..='\u{3000}',
            '\u{3164}'..='\u{3164}',
            '\u{e000}'..='\u{f8ff}',
            '\u{fe00}'..='\u{fe0f}',
            '\u{feff}'..='\u{feff}',
            '\u{ffa0}'..='\u{ffa0}',
            '\u{fff0}'..='\u{fffc}',
            '\u{13441}'..='\u{13442}',
            '\u{1bca0}'..='\u{1bca3}',
            '\u{1d159}'..='\u{1d159}',
            '\u{1d173}'..='\u{1d17a}',
            '\u{e0000}'..='\u{e0fff}',
            '\u{f0000}'..='\u{10ffff}',
        ];
        for character in ranges.into_iter().flatten() {
            assert!(!is_visible(&character.to_string()), "{character:?}");
            assert_eq!(tidy(&character.to_string(), 60), "", "{character:?}");
        }
        let all: String = ['\u{3164}', ' ', '\u{301}', '\u{2800}', '\u{e0041}', '\u{202e}'].repeat(50).iter().collect();
        assert!(!is_visible("") && !is_visible(&all));
        assert_eq!(tidy(&all, 60), "");
        assert_eq!(tidy(&format!("{}Jane", "\u{301}".repeat(60)), 60), "");
        assert_eq!(tidy(&format!("{}Jane", " ".repeat(60)), 60), "Jane");
    }

    #[test]
    fn names_of_every_script_are_visible() {
        for name in [
            "Jane",
            "é",
            "e\u{301}",
            "李",
            "محمد",
            "अनिता",
            "ᐃᓄᒃ",
            "1",
            "!",
            "…",
            "€",
            "☕",
            "❤\u{fe0f}",
            "👩🏽",
            "\u{fffd}",
        ] {
            assert!(is_visible(name), "{name}");
            assert_eq!(tidy(name, 60), name);
        }
    }

    #[test]
    fn hidden_characters_are_cut_out_of_a_visible_name() {
        assert_eq!(tidy("Ja\u{ad}ne\u{3164} D\u{e0041}o\u{61c}e\u{2066}", 60), "Jane Doe");
        // An ideographic variation sequence is another form of the same name.
        assert_eq!(tidy("葛\u{e0100}城", 60), "葛\u{e0100}城");
    }

    #[test]
    fn joiners_stay_where_they_shape_a_name() {
        let family = "👨\u{200d}👩\u{200d}👧";
        for name in ["فاطمه\u{200c}سادات", "ශ\u{dca}\u{200d}රී", "രമേശന\u{d4d}\u{200d}", family, "❤\u{fe0f}\u{200d}🔥"]
        {
            assert_eq!(tidy(name, 60), name);
        }
        for (name, shown) in
            [("Ja\u{200c}ne\u{200d}", "Jane"), ("\u{200d}فاطمه\u{200c}", "فاطمه"), ("Jane\tDoe\r\n", "Jane Doe")]
        {
            assert_eq!(tidy(name, 60).split_whitespace().collect::<Vec<_>>().join(" "), shown, "{name:?}");
        }
    }

    #[test]
    fn a_path_is_decodable_without_loss_or_refused() {
        for path in ["", "/", "/users/jane%2fdoe", "/users/%C3%A9mile", "/users/100%25", "/users/%252f", "/a+b/%00"] {
            assert!(is_decodable(path), "{path}");
        }
        for path in ["/%", "/%2", "/%zz", "/%2%35", "/a%", "/%ff", "/%c0%af", "/%ed%a0%80", "/%C3/%A9"] {
            assert!(!is_decodable(path), "{path}");
        }
    }
}
