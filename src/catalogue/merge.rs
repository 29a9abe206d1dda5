//! Combines Alloy's catalogue with the host's settings. Ids are compared without case; Alloy's spelling remains.

use crate::{
    config::{ConnectorSettings, Connectors},
    domain::{
        connector::{Connector, ConnectorId},
        text,
    },
};

/// The apps that `connectors.allowed` names, sorted by name.
pub(super) fn allowed(upstream: &[Connector], settings: &Connectors) -> Vec<Connector> {
    let allowed = |id: &ConnectorId| {
        let named = |allowed: &String| allowed.eq_ignore_ascii_case(id.as_str());
        settings.allowed.is_empty() || settings.allowed.iter().any(named)
    };
    let mut all: Vec<Connector> = upstream
        .iter()
        .filter(|connector| allowed(&connector.id))
        .map(|connector| in_words(connector, settings))
        .collect();
    all.sort_by_cached_key(|connector| (connector.name.to_lowercase(), connector.id.clone()));
    all.dedup_by(|one, other| one.id == other.id);
    all
}

pub(super) fn is_enabled(connector: &ConnectorId, settings: &Connectors) -> bool {
    settings.of(connector).is_none_or(|table| table.enabled)
}

pub(super) fn offered(upstream: &[Connector], settings: &Connectors) -> Vec<Connector> {
    let mut offered = allowed(upstream, settings);
    offered.retain(|connector| is_enabled(&connector.id, settings));
    offered
}

pub(super) fn in_words(connector: &Connector, settings: &Connectors) -> Connector {
    match settings.of(&connector.id) {
        Some(table) => with_words(connector.clone(), table),
        None => connector.clone(),
    }
}

/// The catalogue if Alloy serves none: the allowed apps, and those with a name in the settings.
pub(super) fn stand_in(settings: &Connectors) -> Vec<Connector> {
    let named = settings.each.values().filter(|table| table.name.is_some()).map(|table| &table.id);
    let mut ids: Vec<ConnectorId> = Vec::new();
    for id in settings.allowed.iter().chain(named).filter_map(|id| ConnectorId::parse(id.as_str()).ok()) {
        if !ids.iter().any(|known| known.same_as(&id)) {
            ids.push(id);
        }
    }
    ids.into_iter().map(bare).collect()
}

fn bare(id: ConnectorId) -> Connector {
    Connector { name: id.readable(), ..Connector::unknown(id) }
}

fn with_words(connector: Connector, table: &ConnectorSettings) -> Connector {
    let table = table.clone();
    let seen = |words: Option<String>| words.filter(|words| text::is_visible(words));
    Connector {
        name: seen(table.name).unwrap_or(connector.name),
        description: seen(table.description).or(connector.description),
        category: seen(table.category).or(connector.category),
        permissions: table.permissions.into_iter().filter(|sentence| text::is_visible(sentence)).collect(),
        consent_name: seen(table.consent_name),
        docs_url: table.docs_url.map(String::from),
        revoke_url: table.revoke_url.map(String::from),
        whoami: table.whoami,
        ..connector
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(allowed: &[&str], tables: &[(&str, ConnectorSettings)]) -> Connectors {
        let each = tables
            .iter()
            .map(|(id, table)| (id.to_lowercase(), ConnectorSettings { id: (*id).to_owned(), ..table.clone() }));
        Connectors { allowed: allowed.iter().map(|&id| id.to_owned()).collect(), each: each.collect() }
    }

    fn upstream(ids: &[&str]) -> Vec<Connector> {
        ids.iter().map(|&id| bare(ConnectorId::parse(id).unwrap())).collect()
    }

    fn ids(connectors: &[Connector]) -> Vec<&str> {
        connectors.iter().map(|connector| connector.id.as_str()).collect()
    }

    fn on() -> ConnectorSettings {
        ConnectorSettings { enabled: true, ..ConnectorSettings::default() }
    }

    #[test]
    fn the_list_and_the_tables_decide_and_the_vendors_spelling_stays() {
        let upstream = upstream(&["slack", "zohoCRM", "notion", "slack"]);
        assert_eq!(ids(&offered(&upstream, &settings(&[], &[]))), ["notion", "slack", "zohoCRM"]);
        let off = ConnectorSettings::default();
        assert_eq!(ids(&offered(&upstream, &settings(&["ZOHOCRM", "Slack"], &[("slack", off)]))), ["zohoCRM"]);
    }

    #[test]
    fn the_hosts_words_are_put_over_the_vendors_and_sorted_by() {
        let table = ConnectorSettings { name: Some("A chat".into()), consent_name: Some("Acme".into()), ..on() };
        let offered = offered(&upstream(&["notion", "slack"]), &settings(&[], &[("SLACK", table)]));
        assert_eq!(ids(&offered), ["slack", "notion"]);
        assert_eq!((offered[0].name.as_str(), offered[0].consent_name.as_deref()), ("A chat", Some("Acme")));
    }

    #[test]
    fn the_settings_stand_in_for_a_catalogue_that_is_not_served() {
        let named = ConnectorSettings { name: Some("Slack".into()), ..on() };
        let settings = settings(&["zohoCRM", "Slack"], &[("slack", named), ("notion", on()), ("../x", on())]);
        assert_eq!(ids(&stand_in(&settings)), ["zohoCRM", "Slack"]);
        assert_eq!(stand_in(&settings)[0].name, "Zoho CRM");
    }
}
