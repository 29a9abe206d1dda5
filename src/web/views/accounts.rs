//! The connected accounts of an app, as pages show them.

use crate::{
    domain::{
        attempt::Proof,
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
        is_refused: known.proof == Some(Proof::Refused),
        reconnect_url: Some(routes::reconnect(&connector.id, &known.credential.id)),
        disconnect_url: Some(routes::disconnect(&known.credential.id)),
    };
    connections.iter().map(account).collect()
}

pub(crate) fn labelled(site: &Site, connector: &ConnectorId, account: &str) -> pages::Sentence {
    match site.account_label(connector) {
        Some(label) => format!("{label}: {account}").into(),
        None => account.into(),
    }
}
