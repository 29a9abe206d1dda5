//! The connected accounts of an app, as pages show them.

use crate::{
    domain::{
        connection::Connection,
        connector::{Connector, ConnectorId},
    },
    web::{
        Site,
        pages::{self, Account},
        routes,
    },
};

use crate::web::request::locale::RequestLocale;

/// Those that need attention first.
pub(crate) fn accounts(
    site: &Site,
    locale: &RequestLocale,
    connector: &Connector,
    connections: &[Connection],
) -> Vec<Account> {
    let account = |known: &Connection| Account {
        name: known.credential.name.as_str().into(),
        label: known.account.as_ref().map(|account| labelled(site, &connector.id, account)),
        since: known.credential.created_at.map(|at| locale.language.day(at, site.clock.now())),
        needs_attention: known.needs_reconnect(),
        reconnect_url: Some(routes::reconnect(&connector.id, &known.credential.id)),
        disconnect_url: Some(routes::disconnect(&known.credential.id)),
    };
    let mut accounts: Vec<Account> = connections.iter().map(account).collect();
    accounts.sort_by_key(|account| !account.needs_attention);
    accounts
}

pub(crate) fn labelled(site: &Site, connector: &ConnectorId, account: &str) -> pages::Sentence {
    match site.account_label(connector) {
        Some(label) => format!("{label}: {account}").into(),
        None => account.into(),
    }
}
