//! Finds the app of a credential. Its `type` is `{connectorId}-{authenticationType}`, formerly the bare connector id;
//! both parts may contain hyphens, so the known ids decide.

use crate::domain::connector::ConnectorId;

/// Returns the longest known id with which the type begins; if none is known, the part before the last hyphen.
pub(super) fn connector_of(credential_type: &str, known: &[ConnectorId]) -> Option<ConnectorId> {
    let fits = |id: &&ConnectorId| match credential_type.split_at_checked(id.as_str().len()) {
        Some((start, rest)) => start.eq_ignore_ascii_case(id.as_str()) && (rest.is_empty() || rest.starts_with('-')),
        None => false,
    };
    // Of two ids that differ in case only, the one with the spelling of the type wins.
    let rank = |id: &&ConnectorId| (id.as_str().len(), credential_type.starts_with(id.as_str()));
    if let Some(id) = known.iter().filter(fits).max_by_key(rank) {
        return Some(id.clone());
    }
    let id = credential_type.rsplit_once('-').map_or(credential_type, |(id, _)| id);
    ConnectorId::parse(id).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_known_id_wins() {
        let known = ["slack", "slack-enterprise", "zohoCRM", "monday"].map(|id| ConnectorId::parse(id).unwrap());
        for (credential_type, id) in [
            ("slack-oauth2", "slack"),
            ("slack", "slack"),
            ("slack-enterprise-oauth2", "slack-enterprise"),
            ("slack-enterprise", "slack-enterprise"),
            ("ZOHOCRM-OAuth2", "zohoCRM"),
            ("zohocrm", "zohoCRM"),
            ("slackbot-api-key", "slackbot-api"),
            ("mondays", "mondays"),
            ("klaviyo-oauth2", "klaviyo"),
        ] {
            assert_eq!(connector_of(credential_type, &known).unwrap().as_str(), id, "{credential_type}");
        }
        for nonsense in ["", "-", "a/b-oauth2", "ä-oauth2"] {
            assert_eq!(connector_of(nonsense, &known), None, "{nonsense}");
        }
    }
}
