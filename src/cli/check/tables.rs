//! Checks whether this release can use the database.

use secrecy::ExposeSecret as _;

use crate::{
    config::{Finding, Settings, redact},
    store,
};

pub(crate) async fn check(settings: &Settings) -> Option<Finding> {
    let error = store::judge(&settings.store.url).await.err()?;
    let current = redact::text(settings.store.url.expose_secret());
    Some(Finding::error("store.url", current, error.to_string()))
}
