//! Idempotent creation: a request repeated under its `Idempotency-Key` gets the same response.

use super::{CreateError, CreatedSession, InvalidField, SessionRequest, Sessions};
use crate::{
    domain::{error::Error, keys::Digest, session::ConnectSession},
    store::IdempotencyRecord,
};

impl Sessions {
    /// `check` verifies a valid request further; a repeated one gets its answer without it.
    pub(crate) async fn create_once(
        &self,
        request: SessionRequest,
        key: Digest,
        check: impl AsyncFnOnce(&ConnectSession) -> Result<(), InvalidField>,
    ) -> Result<CreatedSession, CreateError> {
        let body = serde_json::to_vec(&request).map_err(|_| Error::Internal("a request is not written as JSON"))?;
        let once = IdempotencyRecord { key, body: Digest::of(&body) };
        if let Some(earlier) = self.created_before(&once).await? {
            return Ok(earlier);
        }
        let session = self.checked(request, check).await?;
        if let Some(created) = self.store_new(session, Some(&once)).await? {
            return Ok(created);
        }
        // A concurrent request created it.
        let winner = self.created_before(&once).await?;
        Ok(winner.ok_or_else(|| Error::StoreBusy("the same request is under way".to_owned()))?)
    }

    /// The start code and the ticket are not stored: the key that derived them derives them again.
    async fn created_before(&self, once: &IdempotencyRecord) -> Result<Option<CreatedSession>, CreateError> {
        let found = self.store.idempotent_session(&once.key).await.map_err(Error::from)?;
        let Some((session, body)) = found else { return Ok(None) };
        if body != once.body {
            return Err(CreateError::IdempotencyKeyReused);
        }
        if let Some((code, watch)) = self.stored_secrets(session.id).await? {
            return Ok(Some(CreatedSession { session, code, watch }));
        }
        tracing::warn!(session = %session.id, "no key of session.keys gives the code of this session any more");
        Err(CreateError::IdempotencyKeyOutlived)
    }
}
