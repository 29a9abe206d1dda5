//! What a problem of the API means, for whoever builds on it. It is written in the API's own words, and in English alone as
//! they are: no user comes here.

use askama::Template;

use super::Name;

/// One kind of failure.
#[derive(Debug, Clone, Template)]
#[template(path = "explained.html", whitespace = "minimize")]
pub(crate) struct Explained {
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

impl Explained {}
