//! Query strings: known keys only, each once. Error texts never repeat those of the parser.

use std::{
    collections::BTreeSet,
    future::{Ready, ready},
    ops::RangeInclusive,
    str::FromStr,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _},
};
use url::form_urlencoded;

use super::ApiProblem;
use crate::domain::text;

/// A query of type `T`. Every handler has one, so that a misspelt key is refused.
pub(crate) struct Query<T>(pub T);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoParameters {}

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = ApiProblem;
    type Future = Ready<Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(Self))
    }
}

const WRONG: &str = "This query key is unknown, given twice, or not of the wanted form.";

fn parse<T: DeserializeOwned>(query: &str) -> Result<T, ApiProblem> {
    let pairs = || form_urlencoded::parse(query.as_bytes());
    // The parser would replace bytes that it cannot decode.
    if let Some(broken) = query.split('&').find(|pair| !text::is_decodable(pair)) {
        let key = form_urlencoded::parse(broken.as_bytes()).next().map(|(key, _)| key).unwrap_or_default();
        return Err(ApiProblem::field(key, WRONG));
    }
    // The parser's error for a repeated key does not name it.
    let mut keys = BTreeSet::new();
    if let Some((repeated, _)) = pairs().find(|(key, _)| !keys.insert(key.clone())) {
        return Err(ApiProblem::field(repeated, WRONG));
    }
    let reader = serde_urlencoded::Deserializer::new(pairs());
    serde_path_to_error::deserialize(reader).map_err(|error| ApiProblem::field(error.path().to_string(), WRONG))
}

/// Parses a whole number in the range, in canonical digits: not `+1`, not `01`.
pub(crate) fn whole_number<'de, D, N>(reader: D, range: &RangeInclusive<N>) -> Result<N, D::Error>
where
    D: Deserializer<'de>,
    N: FromStr + ToString + PartialOrd,
{
    let text = String::deserialize(reader)?;
    let number = text.parse().ok().filter(|number: &N| number.to_string() == text && range.contains(number));
    number.ok_or_else(|| D::Error::custom("no whole number of the range"))
}

/// The same without an upper end: a larger number counts as `most`.
pub(super) fn whole_number_up_to<'de, D: Deserializer<'de>>(reader: D, most: u16) -> Result<u16, D::Error> {
    let text = String::deserialize(reader)?;
    let is_canonical = text == "0" || !text.starts_with('0');
    if text.is_empty() || !is_canonical || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(D::Error::custom("no whole number"));
    }
    Ok(text.parse().map_or(most, |number: u16| number.min(most)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Parameters {
        state: Option<String>,
        #[serde(default, deserialize_with = "some")]
        wait: u16,
        #[serde(default, deserialize_with = "some_and_more")]
        cut: u16,
    }

    fn some_and_more<'de, D: Deserializer<'de>>(reader: D) -> Result<u16, D::Error> {
        whole_number_up_to(reader, 50)
    }

    #[test]
    fn larger_number_is_cut() {
        for (text, expected) in [("0", 0), ("1", 1), ("50", 50), ("51", 50), ("65536", 50), (&"9".repeat(30), 50)] {
            assert_eq!(parse::<Parameters>(&format!("cut={text}")).unwrap().cut, expected, "{text}");
        }
        for text in ["", "00", "01", "-1", "%2B1", "1s", "1.5", "1e3", "%201", "\u{661}"] {
            assert_eq!(parse::<Parameters>(&format!("cut={text}")).unwrap_err(), ApiProblem::field("cut", WRONG));
        }
    }

    fn some<'de, D: Deserializer<'de>>(reader: D) -> Result<u16, D::Error> {
        whole_number(reader, &(0..=60))
    }

    #[test]
    fn wrong_key_is_named() {
        let query: Parameters = parse("state=open%20now&wait=60").unwrap();
        assert_eq!((query.state.as_deref(), query.wait), (Some("open now"), 60));
        assert_eq!(parse::<Parameters>("").unwrap().wait, 0);
        for query in
            ["State=x", "state=x&state=y", "state=x&x", "=", "wait=61", "wait=", "wait=-1", "wait=%2B1", "wait=01"]
        {
            let problem = parse::<Parameters>(query).unwrap_err();
            let key = query.rsplit('&').next().and_then(|pair| pair.split('=').next()).unwrap();
            assert_eq!(problem, ApiProblem::field(key, WRONG), "{query}");
        }
        for value in ["%ff", "%c0%af", "jane%", "%zz", "%2%35"] {
            let problem = parse::<Parameters>(&format!("wait=1&state={value}")).unwrap_err();
            assert_eq!(problem, ApiProblem::field("state", WRONG), "{value}");
        }
    }
}
