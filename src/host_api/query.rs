//! What stands behind the question mark: known keys only, each once, and no parser's words in the answer.

use std::{
    collections::BTreeSet,
    future::{Ready, ready},
    ops::RangeInclusive,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _},
};
use url::form_urlencoded;

use super::ApiProblem;
use crate::domain::text;

/// A query of that shape. Every address asks for one, so that a key that is misspelt is refused and not passed over.
pub(crate) struct Query<T>(pub T);

/// No key at all.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = ApiProblem;
    type Future = Ready<Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(Self))
    }
}

/// What is said of a key that is not as it should be.
const WRONG: &str = "This query key is unknown, given twice, or not of the wanted form.";

fn parse<T: DeserializeOwned>(query: &str) -> Result<T, ApiProblem> {
    let pairs = || form_urlencoded::parse(query.as_bytes());
    // The reader would put other characters for what it cannot decode.
    if let Some(broken) = query.split('&').find(|pair| !text::is_decodable(pair)) {
        let key = form_urlencoded::parse(broken.as_bytes()).next().map(|(key, _)| key).unwrap_or_default();
        return Err(ApiProblem::field(key, WRONG));
    }
    // The reader would tell of this one without its name.
    let mut seen = BTreeSet::new();
    if let Some((twice, _)) = pairs().find(|(key, _)| !seen.insert(key.clone())) {
        return Err(ApiProblem::field(twice, WRONG));
    }
    let reader = serde_urlencoded::Deserializer::new(pairs());
    serde_path_to_error::deserialize(reader).map_err(|error| ApiProblem::field(error.path().to_string(), WRONG))
}

/// A whole number of that range, in digits alone: `+1` and `01` are none.
pub(super) fn whole_number<'de, D: Deserializer<'de>>(reader: D, range: &RangeInclusive<u16>) -> Result<u16, D::Error> {
    let text = String::deserialize(reader)?;
    let number = text.parse().ok().filter(|number: &u16| number.to_string() == text && range.contains(number));
    number.ok_or_else(|| D::Error::custom("no whole number of the range"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wanted {
        state: Option<String>,
        #[serde(default, deserialize_with = "some")]
        wait: u16,
    }

    fn some<'de, D: Deserializer<'de>>(reader: D) -> Result<u16, D::Error> {
        whole_number(reader, &(0..=60))
    }

    #[test]
    fn a_key_that_is_unknown_given_twice_or_wrong_is_named() {
        let wanted: Wanted = parse("state=open%20now&wait=60").unwrap();
        assert_eq!((wanted.state.as_deref(), wanted.wait), (Some("open now"), 60));
        assert_eq!(parse::<Wanted>("").unwrap().wait, 0);
        for query in
            ["State=x", "state=x&state=y", "state=x&x", "=", "wait=61", "wait=", "wait=-1", "wait=%2B1", "wait=01"]
        {
            let problem = parse::<Wanted>(query).unwrap_err();
            let key = query.rsplit('&').next().and_then(|pair| pair.split('=').next()).unwrap();
            assert_eq!(problem, ApiProblem::field(key, WRONG), "{query}");
        }
        for value in ["%ff", "%c0%af", "jane%", "%zz", "%2%35"] {
            let problem = parse::<Wanted>(&format!("wait=1&state={value}")).unwrap_err();
            assert_eq!(problem, ApiProblem::field("state", WRONG), "{value}");
        }
    }
}
