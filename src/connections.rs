//! Use cases of what a user has connected: load it, check it, record that it was refused, disconnect one connection, erase
//! the user, delete credentials upstream.

pub(crate) mod check;
pub(crate) mod delete_upstream;
pub(crate) mod disconnect;
mod erase;
mod find;
pub(crate) mod load;
mod report_refused;

use std::sync::{Arc, Mutex};

use time::OffsetDateTime;
use tokio::sync::Notify;

use crate::{
    alloy::AlloyClient,
    attempts::{Attempts, listings::Listings},
    catalogue::Catalogue,
    domain::clock::{SharedClock, SharedEntropy},
    sessions::alloy_users::AlloyUsers,
    store::Store,
};

pub(crate) struct Connections {
    pub store: Store,
    pub alloy: Arc<AlloyClient>,
    /// For work that no request waits for: it has its own share of calls.
    pub background: AlloyClient,
    pub alloy_users: Arc<AlloyUsers>,
    pub catalogue: Arc<Catalogue>,
    pub listings: Arc<Listings>,
    pub attempts: Arc<Attempts>,
    pub clock: SharedClock,
    pub entropy: SharedEntropy,
    pub jobs_wakeup: Arc<Notify>,
    pub webhook_wakeup: Arc<Notify>,
    pub users_stay_since: Mutex<Option<OffsetDateTime>>,
}
