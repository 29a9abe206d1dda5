//! A field's name inside of an English sentence.

/// "shop name", but "API key" and "Zendesk address" as they are. `named`: whether it begins with a name.
pub(crate) fn within(label: &str, named: bool) -> String {
    if named {
        return label.to_owned();
    }
    let (first, rest) = label.split_once(' ').unwrap_or((label, ""));
    if first.chars().skip(1).any(char::is_uppercase) || first.chars().count() < 2 {
        return label.to_owned();
    }
    let space = if rest.is_empty() { "" } else { " " };
    format!("{}{space}{rest}", first.to_lowercase())
}
