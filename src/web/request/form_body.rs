//! Form bodies and query values, read leniently: repeated and unknown fields are allowed.

use std::time::Duration;

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    web::{Bytes, BytesMut},
};
use futures_util::{StreamExt as _, future::LocalBoxFuture};
use url::form_urlencoded;

use crate::web::{problem::Problem, routes};

/// Maximum size of a form in bytes.
const LIMIT: usize = 8 * 1024;
/// The same for the form of an app, which may hold a chain of certificates. The start page of a link for one app has it.
const LINK_LIMIT: usize = 32 * 1024;

pub(crate) struct FormBody(Vec<(String, String)>);

impl FormBody {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn fields(&self) -> &[(String, String)] {
        &self.0
    }
}

impl FromRequest for FormBody {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let typed = has_media_type(request, "application/x-www-form-urlencoded");
        let is_of_app = matches!(request.match_pattern().as_deref(), Some(routes::LINK | routes::START));
        let limit = if is_of_app { LINK_LIMIT } else { LIMIT };
        let mut payload = payload.take();
        Box::pin(async move {
            if !typed {
                return Err(Problem::UnsupportedType);
            }
            let body = read_body(&mut payload, limit).await?;
            Ok(Self(form_urlencoded::parse(&body).into_owned().collect()))
        })
    }
}

/// Compares the type of the body, whose case does not matter (RFC 9110 section 8.3.1), without its parameters.
pub(crate) fn has_media_type(request: &HttpRequest, expected: &str) -> bool {
    request.content_type().trim().eq_ignore_ascii_case(expected)
}

pub(crate) fn query_parameter(request: &HttpRequest, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(request.query_string().as_bytes());
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

const PATIENCE: Duration = Duration::from_secs(8);

/// Reads a body up to a limit. Returns an error if it is larger, is cut off, or takes too long.
pub(crate) async fn read_body(payload: &mut Payload, limit: usize) -> Result<Bytes, Problem> {
    tokio::time::timeout(PATIENCE, read_all(payload, limit)).await.unwrap_or(Err(Problem::TooSlow))
}

async fn read_all(payload: &mut Payload, limit: usize) -> Result<Bytes, Problem> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::Malformed)?;
        if body.len() + chunk.len() > limit {
            return Err(Problem::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
