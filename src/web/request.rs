//! Extractors: the visitor of a session, form bodies, form tokens, the request locale, the address in the browser.

pub(crate) mod address;
pub(crate) mod address_warnings;
pub(crate) mod form_body;
pub(crate) mod form_token;
pub(crate) mod in_app_browser;
pub(crate) mod locale;
pub(crate) mod refusal;
pub(crate) mod visitor;
pub(crate) mod window;
