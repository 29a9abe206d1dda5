//! What is wrong with a field of a body, and what to send in its place.

/// Returns the field and a sentence for the parser's message of a value that does not match.
pub(super) fn explain(path: &str, message: &str) -> (String, String) {
    // The place in the text means little to callers.
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    let quoted = |beginning: &str| message.strip_prefix(beginning)?.strip_prefix(" `")?.split('`').next();
    let (found, expected) = message.rsplit_once(", expected ").unwrap_or((message, ""));
    let detail = if let Some(name) = quoted("missing field") {
        return (below(path, name), "It is missing.".to_owned());
    } else if let Some(name) = quoted("duplicate field") {
        return (below(path, name), "It is given twice.".to_owned());
    } else if message.starts_with("unknown field") {
        "There is no such field.".to_owned()
    } else if message.starts_with("unknown variant") {
        format!("It has to be {expected}.")
    } else if let Some(found) = found.strip_prefix("invalid type: ") {
        of_other_type(found, expected)
    } else {
        of_other_form(message).to_owned()
    };
    (path.to_owned(), detail)
}

/// The field of that name below the path, which may name it already.
fn below(path: &str, name: &str) -> String {
    match path {
        "." => name.to_owned(),
        _ if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        _ => format!("{path}.{name}"),
    }
}

/// The same value in the expected type, where it can be only that one.
fn of_other_type(found: &str, expected: &str) -> String {
    let (kind, value) = found
        .split_once(['`', '"'])
        .map_or((found, ""), |(kind, rest)| (kind.trim_end(), rest.strip_suffix(['`', '"']).unwrap_or(rest)));
    let is = match kind {
        "integer" => "a number",
        "floating point" => "a number with a fraction",
        "boolean" => "true or false",
        "string" => "a string",
        "null" => "null",
        "sequence" => "a list",
        "map" => "an object",
        _ => return of_other_form("").to_owned(),
    };
    let wanted = match expected {
        "a string" => "a string",
        "a sequence" => "a list",
        _ if expected.starts_with("struct ") => "an object",
        _ if expected.starts_with('u') => "a whole number",
        _ => return of_other_form("").to_owned(),
    };
    let cure = match (kind, expected) {
        ("integer", "a string") => Some(format!("\"{value}\"")),
        ("string", "a sequence") if plain(value) => Some(format!("[\"{value}\"]")),
        ("string", _) if wanted == "a whole number" && value.parse::<u64>().is_ok() => Some(value.to_owned()),
        _ => None,
    };
    let cure = cure.map(|cure| format!(": send {cure}")).unwrap_or_default();
    format!("It is {is} and has to be {wanted}{cure}.")
}

/// Whether it is the same in quotation marks.
fn plain(value: &str) -> bool {
    !value.contains(['"', '\\'])
}

fn of_other_form(message: &str) -> &'static str {
    match message {
        "malformed user id" => {
            "It has to be 1 to 255 printable characters, without spaces at its ends, and neither `.` nor `..`."
        }
        "malformed client reference" => "It has to be 1 to 200 printable characters, without spaces at its ends.",
        _ => "It is not of the wanted form.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_types_are_named_with_the_cure() {
        for (message, detail) in [
            ("integer `42`, expected a string", "It is a number and has to be a string: send \"42\"."),
            ("integer `-1`, expected a string", "It is a number and has to be a string: send \"-1\"."),
            ("floating point `1e22`, expected a string", "It is a number with a fraction and has to be a string."),
            ("boolean `true`, expected a string", "It is true or false and has to be a string."),
            ("null, expected a string", "It is null and has to be a string."),
            ("map, expected a string", "It is an object and has to be a string."),
            ("sequence, expected a string", "It is a list and has to be a string."),
            ("string \"slack\", expected a sequence", "It is a string and has to be a list: send [\"slack\"]."),
            ("string \"a, expected b\", expected u64", "It is a string and has to be a whole number."),
            ("string \"600\", expected u64", "It is a string and has to be a whole number: send 600."),
            ("string \"jane\", expected struct RequestedUser", "It is a string and has to be an object."),
            ("newtype variant, expected a string", "It is not of the wanted form."),
        ] {
            let message = format!("invalid type: {message} at line 1 column 19");
            assert_eq!(explain("user.id", &message), ("user.id".to_owned(), detail.to_owned()), "{message}");
        }
    }

    #[test]
    fn missing_and_repeated_fields_are_named_whole() {
        for (path, message, field) in [
            (".", "missing field `user` at line 1 column 2", "user"),
            ("user", "missing field `id` at line 1 column 12", "user.id"),
            ("user", "duplicate field `id` at line 1 column 12", "user.id"),
            ("user.id", "duplicate field `id` at line 1 column 12", "user.id"),
            ("colour", "unknown field `colour`, expected one of `user`, `after` at line 1 column 9", "colour"),
        ] {
            assert_eq!(explain(path, message).0, field, "{message}");
        }
        let unknown = "unknown variant `later`, expected `stay` or `return` at line 1 column 9";
        assert_eq!(explain("after", unknown).1, "It has to be `stay` or `return`.");
    }
}
