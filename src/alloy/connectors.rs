//! The account's apps, and the ways to sign in to each.

use serde_json::Value;

use super::{
    AlloyClient, AlloyError,
    call::ActAs,
    convert::{self, AuthenticationMethod, ListedConnector},
    wire,
};
use crate::domain::connector::ConnectorId;

/// Maximum number of apps of a catalogue that are read.
const MOST_CONNECTORS: usize = 2000;
/// Maximum number of ways of signing in to one app that are read.
const MOST_METHODS: usize = 20;

impl AlloyClient {
    /// Every app of the account, in the vendor's order and words (`GET /connectors`).
    pub(crate) async fn connectors(&self) -> Result<Vec<ListedConnector>, AlloyError> {
        let listed: wire::Connectors = self.get_large(&["connectors"]).await?.read()?;
        Ok(read_each(at_most(&listed.connectors, MOST_CONNECTORS, "connectors"), "connectors", convert::connector))
    }

    /// Every way of signing in to an app (`GET /connectors/{id}/credentials/metadata`).
    pub(crate) async fn metadata(&self, connector: &ConnectorId) -> Result<Vec<AuthenticationMethod>, AlloyError> {
        let path = ["connectors", connector.as_str(), "credentials", "metadata"];
        let listed: wire::Metadata = self.get(&path, ActAs::Account).await?.read()?;
        Ok(read_each(at_most(&listed.metadata, MOST_METHODS, "metadata"), "metadata", convert::authentication_method))
    }
}

/// The first entries of a list, and a warning if it has more.
fn at_most<'a>(entries: &'a [Value], most: usize, what: &'static str) -> &'a [Value] {
    if entries.len() > most {
        tracing::warn!(what, most, entries = entries.len(), "Alloy lists more entries than are read");
    }
    entries.get(..most).unwrap_or(entries)
}

/// Reads the entries that can be read, and says how many cannot.
pub(crate) fn read_each<T>(entries: &[Value], what: &'static str, read: impl Fn(&Value) -> Option<T>) -> Vec<T> {
    let good: Vec<T> = entries.iter().filter_map(read).collect();
    let left_out = entries.len() - good.len();
    if left_out > 0 {
        tracing::warn!(what, left_out, "Alloy lists entries that cannot be read");
    }
    good
}
