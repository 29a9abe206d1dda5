//! Readable forms of identifiers and codes.

use super::tidy;

const TECHNICAL_TERMS: &[&str] =
    &["connector", "credential", "oauth", "callback", "upstream", "token", "session", "gangway", "alloy"];

const ABBREVIATIONS: &[&str] = &["api", "crm", "id", "ip", "sms", "sso", "uri", "url", "us", "eu", "uk"];

/// `apiKey` becomes "API key", `shop_name` "Shop name". Returns `None` if no displayable word remains.
pub(crate) fn readable(identifier: &str) -> Option<String> {
    let mut spaced = String::new();
    let mut previous = ' ';
    for letter in tidy(identifier, 60).chars() {
        if letter.is_uppercase() && (previous.is_lowercase() || previous.is_ascii_digit()) {
            spaced.push(' ');
        }
        spaced.push(if letter.is_alphanumeric() { letter } else { ' ' });
        previous = letter;
    }
    let words: Vec<String> = spaced.split_whitespace().filter_map(|word| readable_word(word.to_lowercase())).collect();
    (!words.is_empty()).then(|| capitalized(&words.join(" ")))
}

fn readable_word(word: String) -> Option<String> {
    match word.as_str() {
        "token" => Some("key".to_owned()),
        "connector" => Some("app".to_owned()),
        "oauth2" => None,
        term if TECHNICAL_TERMS.contains(&term.trim_end_matches('s')) => None,
        abbreviation if ABBREVIATIONS.contains(&abbreviation) => Some(word.to_uppercase()),
        _ => Some(word),
    }
}

pub(crate) fn is_technical(text: &str) -> bool {
    let lower = text.to_lowercase();
    TECHNICAL_TERMS.iter().any(|term| lower.contains(term))
}

pub(crate) fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
