//! The steps of a link, in the user's order. Each ends in a page or a redirect, and no step calls another.

pub(crate) mod arrive;
pub(crate) mod callback;
pub(crate) mod choose;
pub(crate) mod confirm;
pub(crate) mod connect;
pub(crate) mod disconnect;
pub(crate) mod extend;
pub(crate) mod leave;
pub(crate) mod open_in_browser;
pub(crate) mod opened;
pub(crate) mod start;
pub(crate) mod window;
