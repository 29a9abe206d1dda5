//! Whether the database is one that this release can work on.

use secrecy::ExposeSecret as _;

use crate::{
    config::{Finding, Settings, redact},
    store,
};

pub(crate) async fn judge(settings: &Settings) -> Option<Finding> {
    let error = store::judge(&settings.store.url).await.err()?;
    let seen = redact::text(settings.store.url.expose_secret());
    Some(Finding::error("store.url", seen, error.to_string()))
}
