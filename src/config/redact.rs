//! Redaction: secrets are shown by their length only.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use url::Url;

pub(crate) fn length(text: &str) -> String {
    match text.chars().count() {
        0 => "not set".to_owned(),
        1 => "\"…\" (1 character)".to_owned(),
        count => format!("\"…\" ({count} characters)"),
    }
}

pub(crate) fn secret(secret: &SecretString) -> String {
    length(secret.expose_secret())
}

pub(crate) fn secrets(secrets: &[SecretString]) -> String {
    if secrets.is_empty() {
        return "not set".to_owned();
    }
    secrets.iter().map(secret).collect::<Vec<_>>().join(", ")
}

/// Parts of the names of query parameters that may be secret.
const SECRET_PARAMETERS: [&str; 8] = ["user", "pass", "pwd", "secret", "token", "key", "auth", "sig"];

pub(crate) fn url(url: &Url) -> String {
    let mut shown = url.clone();
    let is_secret = |key: &str| SECRET_PARAMETERS.iter().any(|secret| key.to_ascii_lowercase().contains(secret));
    if url.query_pairs().any(|(key, _)| is_secret(&key)) {
        let rest: Vec<_> = url.query_pairs().filter(|(key, _)| !is_secret(key)).collect();
        shown.set_query(None);
        if !rest.is_empty() {
            shown.query_pairs_mut().extend_pairs(rest);
        }
    }
    if url.path().contains('@') {
        shown.set_path("/...");
    }
    if url.path().contains('@') || url.fragment().is_some_and(|fragment| fragment.contains('@')) {
        shown.set_fragment(None);
    }
    if !url.username().is_empty() || url.password().is_some() {
        // Both calls fail only for URLs that cannot have a login.
        let _ = shown.set_username("");
        let _ = shown.set_password(None);
    }
    shown.to_string()
}

/// Whether an `@` stands behind the host: a `/`, `?` or `#` of a password that is not encoded ends it too early, so that
/// the rest of the password looks like a path.
pub(crate) fn may_show_password(text: &str) -> bool {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    rest.find(['/', '?', '#']).and_then(|end| rest.get(end..)).is_some_and(|behind| behind.contains('@'))
}

/// Quotes a text; a possible URL with a password is shown by its length.
pub(crate) fn text(text: &str) -> String {
    match Url::parse(text) {
        _ if may_show_password(text) => length(text),
        Ok(parsed) if parsed.has_host() || text.contains("://") => format!("\"{}\"", url(&parsed)),
        _ if text.is_empty() => "not set".to_owned(),
        _ if text.contains('@') => length(text),
        _ => format!("{text:?}"),
    }
}

pub(crate) fn value(value: &Value, secret: bool) -> String {
    match value {
        Value::String(content) if secret => length(content),
        Value::String(content) => text(content),
        Value::Array(values) if secret => format!("a list of {}", values.len()),
        Value::Array(values) => {
            format!("[{}]", values.iter().map(|one| self::value(one, false)).collect::<Vec<_>>().join(", "))
        }
        Value::Object(_) => "a table".to_owned(),
        _ if secret => "not a text".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_show_their_length_and_urls_no_password() {
        assert_eq!(length(&"k".repeat(32)), "\"…\" (32 characters)");
        assert_eq!(secrets(&["ab".into(), "".into()]), "\"…\" (2 characters), not set");
        assert_eq!(text("postgres://me:canary@db/gangway"), "\"postgres://db/gangway\"");
        assert_eq!(text("postgres://db/x?sslmode=require&password=canary"), "\"postgres://db/x?sslmode=require\"");
        assert_eq!(text("postgres://db/x?p%61ssword=canary&User=canary"), "\"postgres://db/x\"");
        assert_eq!(text("postgres:///x?password=canary"), "\"postgres:///x\"");
        assert_eq!(text("postgres//me:canary@db"), "\"…\" (22 characters)");
        for unencoded in [
            "postgres://me:2468/canary?x=1@db/gangway",
            "postgres://me:24?canary@db/gangway",
            "postgres://me:24#canary@db/gangway",
            "postgres://me:p@ss/canary@db/gangway",
            "postgres://me:word/canary@db/gangway",
        ] {
            assert!(text(unencoded).ends_with("characters)"), "{unencoded}: {}", text(unencoded));
        }
        assert_eq!(url(&"https://me:2468/canary@hooks.test/x#canary".parse().unwrap()), "https://me:2468/...");
        assert_eq!(text("10 minutes"), "\"10 minutes\"");
        assert_eq!(url(&"https://me:canary@a.test/x".parse().unwrap()), "https://a.test/x");
    }
}
