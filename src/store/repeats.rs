//! Sessions that the host's server may ask for once more, because the answer was lost.

use async_trait::async_trait;

use super::{
    Stored,
    database::Database,
    row::Columns,
    sessions::{self, columns, read_columns},
};
use crate::domain::{keys::Digest, session::ConnectSession};

const BY_KEY: &str = concat!("select repeat_body, ", read_columns!(), " from connect_session where repeat_key = $1");

/// By what a request is known again: only digests are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Once {
    /// Of the key that the host's server made up for it.
    pub key: Digest,
    /// Of what it asks for.
    pub body: Digest,
}

/// Sessions that are made once for a key. The key is known for as long as the session is kept.
#[async_trait]
pub trait Repeats: Send + Sync {
    /// The session that was made for that key, with the digest of what was asked for.
    async fn session_once(&self, key: &Digest) -> Stored<Option<(ConnectSession, Digest)>>;
}

#[async_trait]
impl Repeats for Database {
    async fn session_once(&self, key: &Digest) -> Stored<Option<(ConnectSession, Digest)>> {
        let query = sqlx::query(BY_KEY).bind(key.to_text());
        let row = query.fetch_optional(&mut *self.reads.turn().await?).await?;
        row.map(|row| Ok((sessions::read(&row)?, Columns(&row).read("repeat_body", Digest::from_text)?))).transpose()
    }
}
