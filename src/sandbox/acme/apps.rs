//! The apps of Gangway beside the user's connections of each.

use super::{
    gangway::{App, Connection},
    outcome::app_name,
};

/// Notes are shared there, so it comes first.
const FIRST: &str = "slack";

/// The apps of the page.
#[derive(Default)]
pub(crate) struct Apps {
    pub(crate) connected: Vec<ConnectedApp>,
    /// The apps that the user can connect.
    pub(crate) others: Vec<App>,
}

/// An app with at least one connection.
pub(crate) struct ConnectedApp {
    pub(crate) name: String,
    /// `None` for an app that Gangway does not list.
    pub(crate) app: Option<App>,
    pub(crate) connections: Vec<Connection>,
}

/// An app that Gangway no longer offers is shown while it is connected, so that the user can disconnect it.
pub(crate) fn of(listed: Vec<App>, connections: Vec<Connection>) -> Apps {
    let mut apps = Apps { connected: Vec::new(), others: listed };
    for connection in connections {
        let id = connection.connector.clone();
        let known = |connected: &&mut ConnectedApp| {
            connected.connections.first().is_some_and(|first| first.connector.eq_ignore_ascii_case(&id))
        };
        if let Some(connected) = apps.connected.iter_mut().find(known) {
            connected.connections.push(connection);
            continue;
        }
        let place = apps.others.iter().position(|app| app.id.eq_ignore_ascii_case(&id));
        let app = place.map(|place| apps.others.remove(place));
        let name = app.as_ref().map_or_else(|| app_name(&id), |app| app.name.clone());
        apps.connected.push(ConnectedApp { name, app, connections: vec![connection] });
    }
    apps.others.retain(|app| app.enabled);
    apps.others.sort_by_key(|app| app.id != FIRST);
    apps.connected.sort_by_key(|connected| !connected.connections.iter().any(Connection::needs_reconnect));
    apps
}
