//! JSON bodies: of the right content type and size, with known fields only.

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload};
use futures_util::future::LocalBoxFuture;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value};

use crate::{
    domain::text::lone_surrogates::{NUL, without_lone_surrogates},
    web::{
        problem::Problem,
        request::form_body::{has_media_type, read_body},
    },
};

use super::ApiProblem;

mod explanation;

/// Maximum size of a body, in bytes.
const MAX_SIZE: usize = 16 * 1024;
const JSON: &str = "application/json";

pub(crate) struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = ApiProblem;
    type Future = LocalBoxFuture<'static, Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = has_media_type(request, JSON);
        let mut payload = payload.take();
        Box::pin(async move {
            if !is_json {
                return Err(Problem::UnsupportedType.into());
            }
            parse(&read_body(&mut payload, MAX_SIZE).await?).map(Self)
        })
    }
}

/// A body that may be left out, with its `Content-Type` or without.
pub(crate) struct OptionalBody<T>(pub Option<T>);

impl<T: DeserializeOwned + 'static> FromRequest for OptionalBody<T> {
    type Error = ApiProblem;
    type Future = LocalBoxFuture<'static, Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let can_be_json = request.content_type().is_empty() || has_media_type(request, JSON);
        let mut payload = payload.take();
        Box::pin(async move {
            let body = read_body(&mut payload, MAX_SIZE).await?;
            match body.trim_ascii() {
                b"" => Ok(Self(None)),
                // Of a list, an empty object would be read, too.
                _ if can_be_json => {
                    parse::<Option<Map<String, Value>>>(&body)?;
                    parse(&body).map(Self)
                }
                _ => Err(Problem::UnsupportedType.into()),
            }
        })
    }
}

/// Returns `Malformed` if the text is not JSON, and names the field if a value does not match. A host that cuts a name
/// may halve an emoji: the half is removed from a name, and refused in an id.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiProblem> {
    let body = without_lone_surrogates(body, NUL);
    let mut reader = serde_json::Deserializer::from_slice(&body);
    let parsed = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        // The parser takes another type in place of one of several names for malformed JSON.
        if error.inner().is_data() || serde_json::from_slice::<IgnoredAny>(&body).is_ok() {
            let (field, detail) = explanation::explain(&error.path().to_string(), &error.inner().to_string());
            ApiProblem::field(field, detail)
        } else {
            Problem::Malformed.into()
        }
    })?;
    reader.end().map_err(|_| Problem::Malformed)?;
    Ok(parsed)
}
