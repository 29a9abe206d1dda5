//! How every call goes out of here, whoever it goes to.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use reqwest::{Client, ClientBuilder, Response, redirect};

/// A client that goes where it is told and nowhere else: no redirects, no proxy of the environment. It repeats nothing by
/// itself: its own repetitions know no pause, no `Retry-After`, and nothing of a body that breaks off. How long it may take is
/// the caller's to say.
pub(crate) fn client() -> ClientBuilder {
    Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .retry(reqwest::retry::never())
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent(concat!("gangway/", env!("CARGO_PKG_VERSION")))
}

/// Why a body is not there.
#[derive(Debug)]
pub(crate) enum NoBody {
    /// It is larger than allowed.
    TooLarge,
    /// It broke off, or took too long.
    BrokeOff(reqwest::Error),
}

/// The body, as long as it is not larger than allowed: nothing beyond that is kept in memory.
///
/// # Errors
/// When it is larger, or does not come.
pub(crate) async fn body_of(response: Response, largest: usize) -> Result<Bytes, NoBody> {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
    if announced > largest {
        return Err(NoBody::TooLarge);
    }
    let mut body = BytesMut::with_capacity(announced);
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(NoBody::BrokeOff)?;
        if body.len() + piece.len() > largest {
            return Err(NoBody::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}
