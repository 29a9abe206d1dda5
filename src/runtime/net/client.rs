//! The client and body limit of every outgoing call.

use std::{error::Error, time::Duration};

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use reqwest::{Client, ClientBuilder, Response, redirect};

/// Without redirects, environment proxies and retries: reqwest's know neither backoff nor `Retry-After`.
pub(crate) fn client() -> ClientBuilder {
    Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .retry(reqwest::retry::never())
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent(concat!("gangway/", env!("CARGO_PKG_VERSION")))
}

#[derive(Debug)]
pub(crate) enum BodyError {
    TooLarge,
    BrokeOff(reqwest::Error),
}

pub(crate) fn check_client() -> Option<Client> {
    client().connect_timeout(Duration::from_secs(5)).timeout(Duration::from_secs(10)).build().ok()
}

pub(crate) fn failure_text(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer within ten seconds".to_owned();
    }
    innermost(&error.without_url()).to_string()
}

/// The innermost cause: it is more specific than "error sending request".
pub(crate) fn innermost(error: &dyn Error) -> &dyn Error {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost
}

pub(crate) async fn body_of(response: Response, max: usize) -> Result<Bytes, BodyError> {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
    if announced > max {
        return Err(BodyError::TooLarge);
    }
    let mut body = BytesMut::with_capacity(announced);
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(BodyError::BrokeOff)?;
        if body.len() + piece.len() > max {
            return Err(BodyError::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}
