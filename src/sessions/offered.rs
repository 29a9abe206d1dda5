//! The apps that a request names, compared with the catalogue where it is known in time. A session is created without
//! that too: the pages compare again.

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;

use super::{InvalidField, Sessions};
use crate::{
    catalogue::Offer,
    domain::{connector::ConnectorId, session::ConnectSession, text::nearest},
};

/// Timeout for a catalogue that is not cached yet. Its call goes on after that, for the next request.
const CATALOGUE_TIMEOUT: Duration = Duration::from_secs(2);

impl Sessions {
    /// Returns an error if `connector` is not offered, if one of `connectors` is unknown, or if none of them is offered.
    /// One that is switched off may stay in `connectors`, so that a host need not follow the settings.
    pub(super) async fn check_connectors(&self, session: &ConnectSession) -> Result<(), InvalidField> {
        if session.connector.is_none() && session.connectors.is_empty() {
            return Ok(());
        }
        let catalogue = Arc::clone(&self.catalogue);
        let call = tokio::spawn(async move { catalogue.connectors().await });
        let offer = match timeout(CATALOGUE_TIMEOUT, call).await {
            Ok(Ok(Ok(offer))) if !offer.known.is_empty() => offer,
            _ => {
                tracing::warn!(session = %session.id, "the apps of a session are not checked: there is no catalogue");
                return Ok(());
            }
        };
        for (place, connector) in session.connectors.iter().enumerate() {
            if !is_among(&offer.known, connector) {
                return Err(InvalidField::new(format!("connectors[{place}]"), unknown(connector, &offer)));
            }
        }
        if let Some(connector) = &session.connector {
            if !is_among(&offer.known, connector) {
                return Err(InvalidField::new("connector", unknown(connector, &offer)));
            }
            if !offer.connectors.iter().any(|offered| offered.id.same_as(connector)) {
                return Err(InvalidField::new("connector", NOT_OFFERED));
            }
        }
        if offer.to(session).next().is_none() {
            return Err(InvalidField::new("connectors", NOT_OFFERED));
        }
        Ok(())
    }
}

const NOT_OFFERED: &str = "Gangway's settings do not offer it: see `connectors.allowed` and `connectors.<id>.enabled`.";

fn is_among(known: &[ConnectorId], connector: &ConnectorId) -> bool {
    known.iter().any(|known| known.same_as(connector))
}

fn unknown(connector: &ConnectorId, offer: &Offer) -> String {
    match nearest(connector.as_str(), offer.known.iter().map(ConnectorId::as_str)) {
        Some(nearest) => format!("No app has this id. Is it `{nearest}`?"),
        None => "No app has this id. `GET /api/v1/connectors` lists them.".to_owned(),
    }
}
