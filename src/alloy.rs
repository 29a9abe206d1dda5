//! Client for Alloy's Connectivity API. Only this module knows its URLs, field names and error formats.

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
pub(crate) mod first_contact;
pub(crate) mod hosts;
pub(crate) mod input_schema;
mod key_alarm;
pub(crate) mod probe;
mod request_deadline;
mod resilience;
mod response;
pub(crate) mod transport;
mod users;
mod wire;

pub use actions::WhoamiOutcome;
pub use authorization::{AuthorizationUrl, LinkRules, UnsafeLink};
pub use client::{AlloyClient, ApiAccess};
pub(crate) use convert::{AuthenticationMethod, ListedConnector, Redirect};
pub use credentials::{Created, NewCredential};
pub use error::{AlloyError, Refusal};
pub(crate) use request_deadline::{deadline, with_deadline};
pub use transport::{SetupError, Timeouts};
pub use users::Users;

#[cfg(test)]
mod tests {
    mod vendor_json;
}
