//! All that the vendor, Alloy's Connectivity API, says, and only here: its addresses, its field names and its ways to
//! fail. What leaves this folder are the program's own nouns.

mod actions;
mod answer;
mod authorization;
mod breaker;
mod call_name;
mod catalogue;
mod category;
mod client;
mod connector_of;
mod credentials;
mod error;
mod field_texts;
mod hosts;
mod icons;
mod in_time;
mod kept;
mod key_alarm;
mod list_body;
mod made;
mod merge;
mod metadata;
pub(crate) mod probe;
mod repetition;
mod schema;
mod slots;
mod slowdown;
mod surrogates;
mod tile;
mod transport;
mod users;
mod wire;
mod words;

pub use actions::Trial;
pub use authorization::{AuthorizationUrl, LinkRules, UnsafeLink};
pub use catalogue::{Catalogue, Offer};
pub use client::AlloyClient;
pub use credentials::{Created, NewCredential};
pub use error::{AlloyError, Refusal};
pub use icons::{Icon, Icons};
pub use transport::{Patience, Unusable};
pub use users::Users;

#[cfg(test)]
mod tests {
    mod vendor_json;
}
