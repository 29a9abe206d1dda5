//! Outgoing HTTP: the client, times in headers, classes of addresses, sites, and DNS limited to public addresses.

mod client;
pub(crate) mod http_time;
mod private_use;
mod proxy_variables;
mod public_names;
mod reach;
mod site;

pub(crate) use client::{BodyError, body_of, check_client, client, failure_text, innermost};
pub(crate) use private_use::is_private_use;
pub(crate) use proxy_variables::proxy_variables;
pub(crate) use public_names::{NoAddress, PublicNames, SystemNames};
pub(crate) use reach::{
    has_login, is_local_name, is_loopback, is_origin, is_private, is_unencrypted, origin_of, over_https,
};
pub(crate) use site::is_same_site;
