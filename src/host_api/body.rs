//! A JSON body: of the right type and size, with known fields only, and no parser's words in the answer.

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

use crate::web::{problem::Problem, request::form_body::read_body};

use super::ApiProblem;

/// The largest body, in bytes.
const LIMIT: usize = 16 * 1024;

/// A JSON body of that shape.
pub(crate) struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = ApiProblem;
    type Future = LocalBoxFuture<'static, Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let typed = request.content_type() == "application/json";
        let mut payload = payload.take();
        Box::pin(async move {
            if !typed {
                return Err(Problem::UnsupportedType.into());
            }
            parse(&read_body(&mut payload, LIMIT).await?).map(Self)
        })
    }
}

/// Text that is no JSON is malformed; JSON of another shape names the field.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiProblem> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let parsed = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let field = error.path().to_string();
        if error.inner().is_data() {
            ApiProblem::field(field, "This field is missing, unknown, given twice, or not of the wanted form.")
        } else {
            Problem::Malformed.into()
        }
    })?;
    reader.end().map_err(|_| Problem::Malformed)?;
    Ok(parsed)
}
