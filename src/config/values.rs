//! Deserializers of values in TOML, or in text from the environment. Each error completes a sentence after "wanted:".

use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf, time::Duration};

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize as _, Deserializer, de::Error as _};
use serde_json::Value;
use url::Url;

use crate::{domain::text, runtime::net::is_private_use};

const DURATION: &str = "a duration such as 20s, 10m or 4h";
const RATE: &str = "a rate such as 10/s, 600/m or 5000/h";
const ADDRESS: &str = "an IP address and a port, such as 127.0.0.1:3000";
const URL: &str = "a whole address, such as https://app.acme.com";
const URLS: &str = "a list of whole addresses, such as [\"https://app.acme.com\"]";
const RETURN_URLS: &str = "a list of whole addresses, such as [\"https://app.acme.com/apps\"], or of an app's own, such as com.acme.app:/connected";
const TEXT: &str = "a text";
const TEXTS: &str = "a list of texts, such as [\"one\", \"two\"]";
const FLAG: &str = "true or false";
const COUNT: &str = "a whole number from 1, such as 50";

fn one<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    expected: &'static str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    value.as_str().and_then(|text| read(text.trim())).ok_or_else(|| D::Error::custom(expected))
}

fn many<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    expected: &'static str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, D::Error> {
    let entries = match Value::deserialize(deserializer)? {
        Value::String(text) => text.split(',').map(bare).filter(|entry| !entry.is_empty()).map(&read).collect(),
        Value::Array(values) => values.iter().map(|value| value.as_str().and_then(&read)).collect(),
        _ => None,
    };
    entries.ok_or_else(|| D::Error::custom(expected))
}

/// An entry of a list in the environment, without blanks and quotation marks around it.
fn bare(entry: &str) -> &str {
    let entry = entry.trim();
    let inner = ['"', '\''].iter().find_map(|quote| entry.strip_prefix(*quote)?.strip_suffix(*quote));
    inner.unwrap_or(entry)
}

pub(crate) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NonZeroU32, D::Error> {
    let number = match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.and_then(NonZeroU32::new).ok_or_else(|| D::Error::custom(COUNT))
}

fn unless_empty<T>(read: impl Fn(&str) -> Option<T>) -> impl Fn(&str) -> Option<Option<T>> {
    move |text| if text.is_empty() { Some(None) } else { read(text).map(Some) }
}

fn owned(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// The URL parser would drop tabs and line ends, and encode invisible characters.
fn printable_url(text: &str) -> Option<Url> {
    let odd = |character: char| character.is_whitespace() || text::is_unprintable(character);
    Url::parse(text).ok().filter(|_| !text.contains(odd))
}

fn parsed_url(text: &str) -> Option<Url> {
    printable_url(text).filter(Url::has_host)
}

fn return_url(text: &str) -> Option<Url> {
    printable_url(text).filter(|url| url.has_host() || is_private_use(url))
}

/// Parses `20s`, `10m`, `4h`, `500ms` and `2d`.
pub(crate) fn read_duration(text: &str) -> Option<Duration> {
    let digits = text.find(|character: char| !character.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(digits)?;
    let number: u64 = number.parse().ok()?;
    let seconds = match unit {
        "ms" => return Some(Duration::from_millis(number)),
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return None,
    };
    number.checked_mul(seconds).map(Duration::from_secs)
}

/// A number of requests per period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Maximum number of requests.
    pub requests: u32,
    /// Length of the period.
    pub per: Duration,
}

fn read_rate(text: &str) -> Option<Rate> {
    let (requests, unit) = text.split_once('/')?;
    let per = read_duration(&format!("1{}", unit.trim()))?;
    Some(Rate { requests: requests.trim().parse().ok()?, per })
}

pub(crate) fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    one(deserializer, DURATION, read_duration)
}

/// Empty: none.
pub(crate) fn optional_duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    one(deserializer, DURATION, unless_empty(read_duration))
}

pub(crate) fn rate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Rate, D::Error> {
    one(deserializer, RATE, read_rate)
}

pub(crate) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    one(deserializer, ADDRESS, |text| text.parse().ok())
}

pub(crate) fn url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    one(deserializer, URL, parsed_url)
}

pub(crate) fn optional_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    one(deserializer, URL, unless_empty(parsed_url))
}

pub(crate) fn urls<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Url>, D::Error> {
    many(deserializer, URLS, parsed_url)
}

/// URLs with a host, and URLs of private-use schemes, which may have none.
pub(crate) fn return_urls<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Url>, D::Error> {
    many(deserializer, RETURN_URLS, return_url)
}

pub(crate) fn optional_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    one(deserializer, TEXT, unless_empty(owned))
}

pub(crate) fn optional_path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
    one(deserializer, TEXT, unless_empty(|text| Some(text.into())))
}

pub(crate) fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    many(deserializer, TEXTS, owned)
}

/// Surrounding spaces are not trimmed, so that `gangway check` reports them.
pub(crate) fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(text.into()),
        _ => Err(D::Error::custom(TEXT)),
    }
}

pub(crate) fn trimmed_secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    let given = secret(deserializer)?;
    Ok(given.expose_secret().trim().into())
}

pub(crate) fn secrets<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<SecretString>, D::Error> {
    many(deserializer, TEXTS, |text| Some(text.into()))
}

fn read_flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    read_flag(&Value::deserialize(deserializer)?).ok_or_else(|| D::Error::custom(FLAG))
}

pub(crate) fn optional_flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    flag(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_rates_need_units() {
        assert_eq!(read_duration("20s"), Some(Duration::from_secs(20)));
        assert_eq!(read_duration("4h"), Some(Duration::from_secs(14_400)));
        assert_eq!(read_duration("250ms"), Some(Duration::from_millis(250)));
        for wrong in ["", "20", "s", "-1s", "1.5h", "10 minutes", "99999999999999999999s", "9999999999999999999h"] {
            assert_eq!(read_duration(wrong), None, "{wrong}");
        }
        assert_eq!(read_rate("600/m"), Some(Rate { requests: 600, per: Duration::from_secs(60) }));
        for wrong in ["600", "/m", "600/", "600/week", "-1/s"] {
            assert_eq!(read_rate(wrong), None, "{wrong}");
        }
    }
}
