//! How a value is shown where people read it: secrets by their length only.

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

/// A secret as it is shown: its length and nothing else.
pub fn length(text: &str) -> String {
    match text.chars().count() {
        0 => "not set".to_owned(),
        1 => "\"…\" (1 character)".to_owned(),
        count => format!("\"…\" ({count} characters)"),
    }
}

/// The same for a secret in its wrapping.
pub fn secret(secret: &SecretString) -> String {
    length(secret.expose_secret())
}

/// A list of secrets: how many, and the length of each.
pub fn secrets(secrets: &[SecretString]) -> String {
    if secrets.is_empty() {
        return "not set".to_owned();
    }
    secrets.iter().map(secret).collect::<Vec<_>>().join(", ")
}

/// What the names of parameters hold whose values may be secret.
const SECRET_PARAMETERS: [&str; 8] = ["user", "pass", "pwd", "secret", "token", "key", "auth", "sig"];

/// An address without the name and the password that it may hold, in its query too.
pub fn url(url: &Url) -> String {
    let mut shown = url.clone();
    let is_secret = |key: &str| SECRET_PARAMETERS.iter().any(|secret| key.to_ascii_lowercase().contains(secret));
    if url.query_pairs().any(|(key, _)| is_secret(&key)) {
        let rest: Vec<_> = url.query_pairs().filter(|(key, _)| !is_secret(key)).collect();
        shown.set_query(None);
        if !rest.is_empty() {
            shown.query_pairs_mut().extend_pairs(rest);
        }
    }
    if !url.username().is_empty() || url.password().is_some() {
        // Both calls fail only for addresses that have no place for a name, and those hold none.
        let _ = shown.set_username("");
        let _ = shown.set_password(None);
    }
    shown.to_string()
}

/// A text that may be an address with a password: such a one is shown by its length.
pub fn text(text: &str) -> String {
    match Url::parse(text) {
        Ok(parsed) if parsed.has_host() || text.contains("://") => format!("\"{}\"", url(&parsed)),
        _ if text.is_empty() => "not set".to_owned(),
        _ if text.contains('@') => length(text),
        _ => format!("{text:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lengths_are_shown_of_secrets_and_no_password_of_addresses() {
        assert_eq!(length(&"k".repeat(32)), "\"…\" (32 characters)");
        assert_eq!(secrets(&["ab".into(), "".into()]), "\"…\" (2 characters), not set");
        assert_eq!(text("postgres://me:canary@db/gangway"), "\"postgres://db/gangway\"");
        assert_eq!(text("postgres://db/x?sslmode=require&password=canary"), "\"postgres://db/x?sslmode=require\"");
        assert_eq!(text("postgres://db/x?p%61ssword=canary&User=canary"), "\"postgres://db/x\"");
        assert_eq!(text("postgres:///x?password=canary"), "\"postgres:///x\"");
        assert_eq!(text("postgres//me:canary@db"), "\"…\" (22 characters)");
        assert_eq!(text("10 minutes"), "\"10 minutes\"");
        assert_eq!(url(&"https://me:canary@a.test/x".parse().unwrap()), "https://a.test/x");
    }
}
