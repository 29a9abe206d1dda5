//! Which apps can be linked, and how: what the vendor says, kept for a while, with the host's settings over it.

mod category;
mod derived_cache;
mod field_table;
mod field_wording;
mod form_schema;
mod icons;
mod merge;
mod stale_while_revalidate;
mod tile;

use std::sync::Arc;

use tokio::sync::watch;

use crate::{
    alloy::{AlloyClient, AlloyError, AuthenticationMethod, ListedConnector},
    catalogue::{
        derived_cache::DerivedCache, field_wording::Wordings, form_schema::NotSupported,
        stale_while_revalidate::StaleWhileRevalidate,
    },
};
use crate::{
    config::{ConnectorSettings, Connectors},
    domain::{
        clock::SharedClock,
        connector::{AuthenticationType, Connector, ConnectorId},
        form::Form,
        session::ConnectSession,
    },
};

pub use icons::Icons;

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

/// What the vendor lists, or that it does not serve such a list.
type Served<T> = Option<Vec<T>>;

/// The catalogue. Answers are kept for five minutes, and longer through an outage; the settings over them may change at any
/// time.
#[derive(Debug)]
pub struct Catalogue {
    client: Arc<AlloyClient>,
    settings: watch::Sender<Arc<Connectors>>,
    connectors: StaleWhileRevalidate<(), Arc<Served<Connector>>>,
    metadata: StaleWhileRevalidate<ConnectorId, Arc<Served<AuthenticationMethod>>>,
    offer: DerivedCache<(), Served<Connector>, Offer>,
    methods: DerivedCache<ConnectorId, Served<AuthenticationMethod>, Arc<[Form]>>,
}

impl Catalogue {
    /// An empty catalogue; the vendor is asked when somebody asks us.
    pub fn new(client: Arc<AlloyClient>, settings: Connectors, clock: SharedClock) -> Self {
        Self {
            client,
            settings: watch::Sender::new(Arc::new(settings)),
            connectors: StaleWhileRevalidate::new(1, SharedClock::clone(&clock)),
            metadata: StaleWhileRevalidate::new(1024, clock),
            offer: DerivedCache::default(),
            methods: DerivedCache::default(),
        }
    }

    /// What the settings say of apps.
    pub fn settings(&self) -> Arc<Connectors> {
        Arc::clone(&self.settings.borrow())
    }

    /// From now on they say this.
    pub fn update_settings(&self, settings: Connectors) {
        self.settings.send_replace(Arc::new(settings));
    }

    /// All apps that may be linked.
    ///
    /// # Errors
    /// When the vendor gives no usable answer and never gave one.
    pub async fn connectors(&self) -> Result<Offer, AlloyError> {
        let client = Arc::clone(&self.client);
        let (said, stale) = self.connectors.get((), fetch(client)).await?;
        Ok(Offer { stale, ..self.offer.get_or_derive((), &said, &self.settings(), offer) })
    }

    /// The app of that id, which may come from anywhere and in any case. The vendor never sees an id that is not its
    /// own.
    ///
    /// # Errors
    /// As [`Catalogue::connectors`].
    pub async fn connector(&self, id: &str) -> Result<Option<Connector>, AlloyError> {
        let Ok(id) = ConnectorId::parse(id) else { return Ok(None) };
        Ok(of_id(&self.connectors().await?.connectors, &id).cloned())
    }

    /// The app of that id in the words that there are for it, whether it may be linked any more or not.
    ///
    /// # Errors
    /// As [`Catalogue::connectors`].
    pub async fn described(&self, id: &ConnectorId) -> Result<Option<Connector>, AlloyError> {
        let client = Arc::clone(&self.client);
        let (said, _) = self.connectors.get((), fetch(client)).await?;
        let settings = self.settings();
        let all = said.as_ref().clone().unwrap_or_else(|| merge::stand_in(&settings));
        Ok(of_id(&all, id).map(|connector| merge::in_words(connector, &settings)))
    }

    /// The metric label of an app. Hosts and browsers may name any app, so that unknown ones share a label.
    pub(crate) async fn metric_label(&self, connector: Option<&ConnectorId>) -> String {
        match connector {
            None => "none".to_owned(),
            Some(named) => self.known(named).await.map_or_else(|| "other".to_owned(), |known| known.to_string()),
        }
    }

    /// The app of that id in its own spelling, as far as is known without asking anybody.
    pub async fn known(&self, id: &ConnectorId) -> Option<ConnectorId> {
        let said = self.connectors.cached(&()).await?;
        let offer = self.offer.get_or_derive((), &said, &self.settings(), offer);
        offer.known.iter().find(|known| known.same_as(id)).cloned()
    }

    /// The ways of signing in to an app, in the vendor's order. None at all means that the app cannot be linked with
    /// this program; the log says why.
    ///
    /// # Errors
    /// When the vendor gives no usable answer and never gave one.
    pub async fn methods(&self, connector: &ConnectorId) -> Result<Arc<[Form]>, AlloyError> {
        let (client, id) = (Arc::clone(&self.client), connector.clone());
        let fetch = async move { kept(client.metadata(&id).await) };
        let (said, _) = self.metadata.get(connector.clone(), fetch).await?;
        let make = |said: &Served<AuthenticationMethod>, settings: &Connectors| {
            methods(said, settings.of(connector), connector)
        };
        Ok(self.methods.get_or_derive(connector.clone(), &said, &self.settings(), make))
    }
}

/// The app of that id: in its own spelling rather than in another.
fn of_id<'a>(connectors: &'a [Connector], id: &ConnectorId) -> Option<&'a Connector> {
    let exact = connectors.iter().find(|connector| connector.id == *id);
    exact.or_else(|| connectors.iter().find(|connector| connector.id.same_as(id)))
}

async fn fetch(client: Arc<AlloyClient>) -> Result<Arc<Served<Connector>>, AlloyError> {
    kept(client.connectors().await.map(|listed| listed.into_iter().map(unconfigured).collect()))
}

/// An app before the settings are applied.
fn unconfigured(listed: ListedConnector) -> Connector {
    Connector {
        name: listed.name.unwrap_or_else(|| listed.id.readable()),
        icon: listed.icon,
        category: listed.category.as_deref().and_then(category::for_people),
        ..Connector::unknown(listed.id)
    }
}

/// That a call is not served is an answer too.
fn kept<T>(answer: Result<Vec<T>, AlloyError>) -> Result<Arc<Served<T>>, AlloyError> {
    match answer {
        Ok(listed) => Ok(Arc::new(Some(listed))),
        Err(AlloyError::NotServed) => Ok(Arc::new(None)),
        Err(error) => Err(error),
    }
}

fn offer(said: &Served<Connector>, settings: &Connectors) -> Offer {
    let stand_in = || merge::stand_in(settings);
    let all = said.clone().unwrap_or_else(stand_in);
    let known = all.iter().map(|connector| connector.id.clone()).collect();
    Offer { connectors: merge::offered(&all, settings).into(), known, stale: false }
}

fn methods(
    said: &Served<AuthenticationMethod>,
    table: Option<&ConnectorSettings>,
    connector: &ConnectorId,
) -> Arc<[Form]> {
    let Some(methods) = said else { return unserved(table).into_iter().collect() };
    let words = Wordings::new(connector, table);
    let read = |method: &AuthenticationMethod| match form(method, &words, table) {
        Ok(form) => Some(form),
        Err(reason) => {
            let authentication_type = &method.authentication_type;
            tracing::warn!(%connector, %authentication_type, %reason, "an app cannot be linked in this way");
            None
        }
    };
    methods.iter().filter_map(read).collect()
}

fn form(
    method: &AuthenticationMethod,
    words: &Wordings<'_>,
    table: Option<&ConnectorSettings>,
) -> Result<Form, NotSupported> {
    let form = form_schema::form(method, words)?;
    // The host's own OAuth app belongs to the ways that lead to the provider's page, asked for or not.
    let sent = form.needs_auth_config || (form.wants_redirect && method.accepts_auth_config);
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
