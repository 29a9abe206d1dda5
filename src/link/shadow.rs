//! What is left of an attempt that was taken away because it was old.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use crate::{
    connection::{CredentialId, Listed},
    connector::ConnectorId,
};

/// When and where an attempt may have made a connection that nobody claimed. The link of an attempt may have been used by
/// anybody, and what came of it is not the user's, however long ago that was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shadow {
    /// The app.
    pub connector: ConnectorId,
    /// What was listed before the attempt began.
    pub there: BTreeSet<CredentialId>,
    /// The first moment, by the vendor's clock.
    pub from: OffsetDateTime,
    /// The last one.
    pub until: OffsetDateTime,
}

impl Shadow {
    /// As [`super::LinkAttempt::may_have_brought`] of the attempt that cast it.
    pub fn may_have_brought(&self, credential: &Listed) -> bool {
        credential.connector.same_as(&self.connector)
            && !self.there.contains(&credential.id)
            && credential.created_at.is_none_or(|made_at| (self.from..=self.until).contains(&made_at))
    }
}
