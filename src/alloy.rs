//! All that the vendor, Alloy's Connectivity API, says, and only here: its addresses, its field names and its ways to
//! fail. What leaves this folder are the program's own nouns.

mod authorization;
mod catalogue;
mod category;
mod client;
mod connector_of;
mod credentials;
mod error;
mod field_texts;
mod http_time;
mod icons;
mod kept;
mod merge;
mod metadata;
mod schema;
mod tile;
mod users;
mod wire;
mod words;

pub use authorization::{AuthorizationUrl, LinkRules, UnsafeLink};
pub use catalogue::{Catalogue, Offer};
pub use client::{AlloyClient, Patience, Unusable};
pub use credentials::{Created, NewCredential};
pub use error::{AlloyError, Refusal};
pub use icons::{Icon, Icons};
pub use users::Users;

#[cfg(test)]
mod tests {
    mod vendor_json;
}
