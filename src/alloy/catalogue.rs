//! Which apps can be linked, and how: what the vendor says, kept for a while, with the host's settings over it.

use std::sync::Arc;

use super::{
    AlloyClient, AlloyError,
    kept::Kept,
    merge,
    schema::{self, NotSupported},
    wire::Method,
    words::Words,
};
use crate::{
    clock::SharedClock,
    connector::{AuthenticationType, Connector, ConnectorId},
    form::Form,
    session::ConnectSession,
    settings::{ConnectorSettings, Connectors},
};

/// How an app is signed in to where the vendor serves no metadata and the settings say nothing: the value in the
/// example of the vendor's reference.
const DOCUMENTED_EXAMPLE: &str = "oauth2";

/// The apps to choose from.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Those that may be linked, sorted by name.
    pub connectors: Arc<[Connector]>,
    /// The ids of all that exist: they tell which app a credential belongs to.
    pub known: Arc<[ConnectorId]>,
    /// Whether this is an earlier answer because the vendor gives no newer one.
    pub stale: bool,
}

impl Offer {
    /// Those that this session may link, sorted by name.
    pub fn to<'a>(&'a self, session: &'a ConnectSession) -> impl Iterator<Item = &'a Connector> {
        self.connectors.iter().filter(|connector| session.allows(&connector.id))
    }
}

/// The catalogue. Answers are kept for five minutes, and longer through an outage.
#[derive(Debug)]
pub struct Catalogue {
    client: Arc<AlloyClient>,
    settings: Arc<Connectors>,
    offer: Kept<(), Offer>,
    methods: Kept<ConnectorId, Arc<[Form]>>,
}

impl Catalogue {
    /// An empty catalogue; the vendor is asked when somebody asks us.
    pub fn new(client: Arc<AlloyClient>, settings: Connectors, clock: SharedClock) -> Self {
        let (offer, methods) = (Kept::new(1, SharedClock::clone(&clock)), Kept::new(1024, clock));
        Self { client, settings: Arc::new(settings), offer, methods }
    }

    /// All apps that may be linked.
    ///
    /// # Errors
    /// When the vendor gives no usable answer and never gave one.
    pub async fn connectors(&self) -> Result<Offer, AlloyError> {
        let fetch = fetch_offer(Arc::clone(&self.client), Arc::clone(&self.settings));
        let (offer, stale) = self.offer.get((), fetch).await?;
        Ok(Offer { stale, ..offer })
    }

    /// The app of that id, which may come from anywhere and in any case. The vendor never sees an id that is not its
    /// own.
    ///
    /// # Errors
    /// As [`Catalogue::connectors`].
    pub async fn connector(&self, id: &str) -> Result<Option<Connector>, AlloyError> {
        let Ok(id) = ConnectorId::parse(id) else { return Ok(None) };
        let offer = self.connectors().await?;
        let exact = offer.connectors.iter().find(|connector| connector.id == id);
        Ok(exact.or_else(|| offer.connectors.iter().find(|connector| connector.id.same_as(&id))).cloned())
    }

    /// The app of that id in its own spelling, as far as is known without asking anybody.
    pub async fn known(&self, id: &ConnectorId) -> Option<ConnectorId> {
        let offer = self.offer.now(&()).await?;
        offer.known.iter().find(|known| known.same_as(id)).cloned()
    }

    /// The ways of signing in to an app, in the vendor's order. None at all means that the app cannot be linked with
    /// this program; the log says why.
    ///
    /// # Errors
    /// When the vendor gives no usable answer and never gave one.
    pub async fn methods(&self, connector: &ConnectorId) -> Result<Arc<[Form]>, AlloyError> {
        let fetch = fetch_methods(Arc::clone(&self.client), Arc::clone(&self.settings), connector.clone());
        Ok(self.methods.get(connector.clone(), fetch).await?.0)
    }
}

async fn fetch_offer(client: Arc<AlloyClient>, settings: Arc<Connectors>) -> Result<Offer, AlloyError> {
    let all = match client.connectors().await {
        Ok(all) => all,
        Err(AlloyError::NotServed) => merge::stand_in(&settings),
        Err(error) => return Err(error),
    };
    let known = all.iter().map(|connector| connector.id.clone()).collect();
    Ok(Offer { connectors: merge::offered(&all, &settings).into(), known, stale: false })
}

async fn fetch_methods(
    client: Arc<AlloyClient>,
    settings: Arc<Connectors>,
    connector: ConnectorId,
) -> Result<Arc<[Form]>, AlloyError> {
    let table = settings.of(&connector);
    let methods = match client.metadata(&connector).await {
        Ok(methods) => methods,
        Err(AlloyError::NotServed) => return Ok(unserved(table).into_iter().collect()),
        Err(error) => return Err(error),
    };
    let words = Words::new(&connector, table);
    let read = |method: &Method| match form(method, &words, table) {
        Ok(form) => Some(form),
        Err(reason) => {
            let authentication_type = &method.authentication_type;
            tracing::warn!(%connector, %authentication_type, %reason, "an app cannot be linked in this way");
            None
        }
    };
    Ok(methods.iter().filter_map(read).collect())
}

fn form(method: &Method, words: &Words<'_>, table: Option<&ConnectorSettings>) -> Result<Form, NotSupported> {
    let form = schema::form(method, words)?;
    // The host's own OAuth app belongs to the ways that lead to the provider's page, asked for or not.
    let sent = form.needs_auth_config || (form.wants_redirect && schema::allows_auth_config(&method.input_schema));
    let auth_config_id = table.and_then(|table| table.auth_config_id.clone()).filter(|_| sent);
    Ok(Form { auth_config_id, ..form })
}

/// The one way that is left where the vendor serves no metadata: what the settings say, and nothing to ask.
fn unserved(table: Option<&ConnectorSettings>) -> Option<Form> {
    let said = table.and_then(|table| table.authentication_type.as_deref()).unwrap_or(DOCUMENTED_EXAMPLE);
    let auth_config_id = table.and_then(|table| table.auth_config_id.clone());
    Some(Form { auth_config_id, ..Form::bare(AuthenticationType::parse(said).ok()?) })
}

#[cfg(test)]
mod tests;
