//! The URLs of an app's page for what it is opened for: another account, a connection to replace, a sign-in method.

use super::{DISPLAY, segment, start};
use crate::domain::{
    connection::CredentialId,
    connector::ConnectorId,
    session::{Display, StartCode},
};

/// What an app's page is opened for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ConnectOptions<'a> {
    /// Sign-in method.
    pub method: Option<&'a str>,
    /// The connection to replace.
    pub replaces: Option<&'a CredentialId>,
    /// Another account, unless it replaces a connection.
    pub another: bool,
}

impl ConnectOptions<'_> {
    pub fn query(&self) -> String {
        let method = self.method.map(|method| format!("method={}", segment(method)));
        let replaces = self.replaces.map(|id| format!("replaces={}", segment(id.as_str())));
        let another = (self.another && self.replaces.is_none()).then(|| "another=1".to_owned());
        [method, replaces, another].into_iter().flatten().collect::<Vec<_>>().join("&")
    }
}

/// An app's page, with options.
pub fn connector_with(connector: &ConnectorId, options: ConnectOptions<'_>) -> String {
    let (page, query) = (super::connector(connector), options.query());
    if query.is_empty() { page } else { format!("{page}?{query}") }
}

/// An app's page, to replace that connection.
pub fn reconnect(connector: &ConnectorId, replaces: &CredentialId) -> String {
    connector_with(connector, ConnectOptions { replaces: Some(replaces), ..ConnectOptions::default() })
}

/// An app's page, to connect another account.
pub fn another(connector: &ConnectorId) -> String {
    connector_with(connector, ConnectOptions { another: true, ..ConnectOptions::default() })
}

/// The start page of one app, with options. The session knows the connection to replace.
pub fn start_with(code: &StartCode, options: ConnectOptions<'_>) -> String {
    let (page, query) = (start(code), ConnectOptions { replaces: None, ..options }.query());
    if query.is_empty() { page } else { format!("{page}&{query}") }
}

/// The same in a window of the host's page.
pub fn start_in(code: &StartCode, options: ConnectOptions<'_>, display: Display) -> String {
    let page = start_with(code, options);
    if display == Display::Page { page } else { format!("{page}&{DISPLAY}={display}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_an_apps_page_are_kept_in_its_address() {
        let (slack, id) =
            (ConnectorId::parse("slack").unwrap(), CredentialId::parse("67a37f29e0aa276e50d7253a").unwrap());
        let options = ConnectOptions { method: Some("basic~2"), replaces: None, another: true };
        assert_eq!(connector_with(&slack, options), "/connectors/slack?method=basic~2&another=1");
        let options = ConnectOptions { replaces: Some(&id), ..options };
        assert_eq!(
            connector_with(&slack, options),
            "/connectors/slack?method=basic~2&replaces=67a37f29e0aa276e50d7253a"
        );
        let code = StartCode::parse("code").unwrap();
        assert_eq!(start_with(&code, options), "/start?code=code&method=basic~2&another=1");
        assert_eq!(start_in(&code, options, Display::Page), start_with(&code, options));
        let popup = start_in(&code, options, Display::Popup);
        assert_eq!(popup, "/start?code=code&method=basic~2&another=1&display=popup");
        assert_eq!(connector_with(&slack, ConnectOptions::default()), "/connectors/slack");
        assert_eq!(start_with(&code, ConnectOptions::default()), "/start?code=code");
    }
}
