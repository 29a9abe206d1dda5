//! A good answer of Alloy's.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use tokio::sync::OwnedSemaphorePermit;

use super::AlloyError;

/// A good answer.
pub(super) struct AlloyResponse {
    pub(super) body: Bytes,
    /// False if only the beginning of the body was read.
    pub(super) whole: bool,
    /// The vendor's own clock.
    pub(super) answered_at: Option<OffsetDateTime>,
    /// Held while a long body is in memory.
    pub(super) _permit: Option<OwnedSemaphorePermit>,
}

impl AlloyResponse {
    /// Reads the body. The parser's own words are left out: they repeat what was in it.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, AlloyError> {
        serde_json::from_slice(&self.body).map_err(|_| AlloyError::Malformed("a body that is not as documented"))
    }
}
