//! A 2xx response of Alloy.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use tokio::sync::OwnedSemaphorePermit;

use super::AlloyError;

pub(super) struct AlloyResponse {
    pub(super) body: Bytes,
    /// False if only the beginning of the body was read.
    pub(super) whole: bool,
    /// By the vendor's clock.
    pub(super) answered_at: Option<OffsetDateTime>,
    /// Held while a long body is in memory.
    pub(super) _permit: Option<OwnedSemaphorePermit>,
}

impl AlloyResponse {
    /// Omits the parser's message, which repeats the body.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, AlloyError> {
        serde_json::from_slice(&self.body).map_err(|_| AlloyError::Malformed("a body that is not as documented"))
    }
}
