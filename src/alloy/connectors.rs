//! The account's apps and their authentication methods.

use serde_json::Value;

use super::{
    AlloyClient, AlloyError,
    call::{ActAs, Call},
    convert::{self, AuthenticationMethod, ListedConnector},
    wire,
};
use crate::domain::connector::ConnectorId;

/// Maximum size of the catalogue, in bytes.
pub(super) const MAX_CATALOGUE_BODY: usize = 4 * 1024 * 1024;
const MOST_CONNECTORS: usize = 2000;
const MOST_METHODS: usize = 20;

impl AlloyClient {
    pub(crate) async fn connectors(&self) -> Result<Vec<ListedConnector>, AlloyError> {
        let call = Call { max_body: MAX_CATALOGUE_BODY, ..Call::get(&["connectors"], ActAs::Account) };
        let listed: wire::Connectors = self.call(call).await?.read()?;
        Ok(read_each(at_most(&listed.connectors, MOST_CONNECTORS, "connectors"), "connectors", convert::connector))
    }

    /// `GET /connectors/{id}/credentials/metadata`
    pub(crate) async fn metadata(&self, connector: &ConnectorId) -> Result<Vec<AuthenticationMethod>, AlloyError> {
        let path = ["connectors", connector.as_str(), "credentials", "metadata"];
        let listed: wire::Metadata = self.call(Call::get(&path, ActAs::Account)).await?.read()?;
        Ok(read_each(at_most(&listed.metadata, MOST_METHODS, "metadata"), "metadata", convert::authentication_method))
    }
}

fn at_most<'a>(entries: &'a [Value], most: usize, what: &'static str) -> &'a [Value] {
    if entries.len() > most {
        tracing::warn!(what, most, entries = entries.len(), "Alloy lists more entries than are read");
    }
    entries.get(..most).unwrap_or(entries)
}

/// Skips unreadable entries and logs their number.
pub(crate) fn read_each<T>(entries: &[Value], what: &'static str, read: impl Fn(&Value) -> Option<T>) -> Vec<T> {
    let good: Vec<T> = entries.iter().filter_map(read).collect();
    let left_out = entries.len() - good.len();
    if left_out > 0 {
        tracing::warn!(what, left_out, "Alloy lists entries that cannot be read");
    }
    good
}
