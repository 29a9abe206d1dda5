//! Conversion of domain values into the structs that the pages render.

pub(crate) mod accounts;
pub(crate) mod attempt_page;
pub(crate) mod connect_form;
pub(crate) mod frame;
pub(crate) mod host_confirmation;
