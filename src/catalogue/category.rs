//! Display names of categories.

use crate::domain::text;

const CAPITALS: &[&str] =
    &["ai", "api", "ats", "bi", "cdp", "cms", "crm", "erp", "hr", "hris", "it", "pos", "seo", "sms"];

/// `crm` is "CRM", `marketing-automation` is "Marketing automation".
pub(super) fn for_people(category: &str) -> Option<String> {
    let category = text::tidy(category, 40);
    // The only hyphen that remains.
    if category.eq_ignore_ascii_case("e-commerce") {
        return Some("E-commerce".to_owned());
    }
    let words = category.split(['-', '_', ' ']).filter(|word| !word.is_empty());
    let words: Vec<String> = words.enumerate().map(|(place, word)| for_place(place, word)).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn for_place(place: usize, word: &str) -> String {
    if CAPITALS.iter().any(|capital| capital.eq_ignore_ascii_case(word)) {
        return word.to_uppercase();
    }
    if place == 0 { text::capitalized(word) } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_words() {
        for (category, words) in [
            ("crm", "CRM"),
            ("marketing-automation", "Marketing automation"),
            ("e-commerce", "E-commerce"),
            ("HR_tools", "HR tools"),
        ] {
            assert_eq!(for_people(category).as_deref(), Some(words));
        }
        for hostile in [" - ", "", "\u{202e}", "\u{0}"] {
            assert_eq!(for_people(hostile), None, "{hostile:?}");
        }
        assert!(for_people(&"long ".repeat(100)).unwrap().chars().count() <= 40);
    }
}
