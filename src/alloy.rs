//! All that the vendor, Alloy's Connectivity API, says, and only here: its addresses, its field names and its ways to
//! fail. What leaves this folder are the program's own nouns.

mod actions;
mod authorization;
mod call;
pub(crate) mod client;
mod connector_of;
mod connectors;
pub(crate) mod convert;
mod credential_list;
mod credentials;
mod error;
pub(crate) mod hosts;
mod key_alarm;
mod lone_surrogates;
pub(crate) mod probe;
mod request_deadline;
mod resilience;
mod response;
pub(crate) mod transport;
mod users;
mod wire;

pub use actions::Trial;
pub use authorization::{AuthorizationUrl, LinkRules, UnsafeLink};
pub use client::AlloyClient;
pub(crate) use convert::{AuthenticationMethod, ListedConnector, Redirect};
pub use credentials::{Created, NewCredential};
pub use error::{AlloyError, Refusal};
pub use transport::{Patience, Unusable};
pub use users::Users;

#[cfg(test)]
mod tests {
    mod vendor_json;
}
