//! The stylesheet of all pages.

use bytes::Bytes;

use crate::{
    domain::keys::Digest,
    web::{assets, pages::brand, routes},
};

/// The stylesheet with the host's colour appended, to save a request.
#[derive(Debug, Clone)]
pub struct Style {
    pub(super) hash: String,
    pub(super) css: Bytes,
}

impl Style {
    /// Builds the stylesheet for a colour `#rrggbb`; with default colours if there is none or it is malformed.
    pub fn of(color: Option<&str>) -> Self {
        let mut css = assets::named("app.css").map(|own| own.bytes.to_vec()).unwrap_or_default();
        css.extend(color.and_then(brand::css).unwrap_or_default().bytes());
        let hash = Digest::of(&css).to_text().chars().filter(char::is_ascii_alphanumeric).take(16).collect();
        Self { hash, css: css.into() }
    }

    /// Its URL, which changes with the content.
    pub fn url(&self) -> String {
        routes::style(&self.hash)
    }
}
