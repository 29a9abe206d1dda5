//! The page that explains a problem type of the API to the host's developers, in English.

use askama::Template;

use super::Name;

#[derive(Debug, Clone, Template)]
#[template(path = "explained.html", whitespace = "minimize")]
pub(crate) struct Explained {
    pub host: Name,
    pub style_url: String,
    pub status: u16,
    pub kind: &'static str,
    pub title: &'static str,
    pub happened: &'static str,
    pub advice: &'static str,
}
