//! What a problem of the API means, for whoever builds on it. It is written in the API's own words, and in English alone as
//! they are: no user comes here.

use askama::Template;

use super::Name;

/// One kind of failure.
#[derive(Debug, Clone, Template)]
#[template(path = "explained.html", whitespace = "minimize")]
pub struct Explained {
    /// What the host calls itself.
    pub host: Name,
    /// The stylesheet with the host's colour in it.
    pub style_url: String,
    /// The HTTP status.
    pub status: u16,
    /// Its name in addresses.
    pub kind: &'static str,
    /// What happened, in a few words.
    pub title: &'static str,
    /// What happened.
    pub happened: &'static str,
    /// What to do about it.
    pub advice: &'static str,
}

impl Explained {
    pub(in crate::web::pages) fn sample() -> Self {
        Self {
            host: "Acme Notes".into(),
            style_url: crate::web::assets::asset_url("app.css").to_owned(),
            status: 422,
            kind: "idempotency-key-reused",
            title: "This Idempotency-Key came with another body before.",
            happened: "A key stands for one request. This body is another one. Nothing was changed.",
            advice: "Make a new key for every new request.",
        }
    }
}
