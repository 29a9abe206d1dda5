//! Which apps can be linked, and how: Alloy's cached catalogue combined with the host's settings.

mod category;
mod derived_cache;
pub(crate) mod diagnosis;
mod field_table;
mod field_wording;
mod form_schema;
mod icons;
mod json_schema;
mod merge;
mod stale_while_revalidate;
mod tile;

use std::sync::Arc;

use tokio::sync::watch;

use crate::{
    alloy::{AlloyClient, AlloyError, AuthenticationMethod, ListedConnector},
    catalogue::{derived_cache::DerivedCache, field_wording::Wordings, stale_while_revalidate::StaleWhileRevalidate},
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

/// Authentication type if neither Alloy nor the settings have one: the example in the vendor's reference.
const DOCUMENTED_EXAMPLE: &str = "oauth2";

/// The apps on offer.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The linkable apps, sorted by name.
    pub connectors: Arc<[Connector]>,
    /// The ids of all apps, which identify the app of a credential.
    pub known: Arc<[ConnectorId]>,
    /// Whether this is an earlier response, because Alloy gives no newer one.
    pub stale: bool,
}

impl Offer {
    /// The apps that this session may link, sorted by name.
    pub fn to<'a>(&'a self, session: &'a ConnectSession) -> impl Iterator<Item = &'a Connector> {
        self.connectors.iter().filter(|connector| session.allows(&connector.id))
    }
}

/// `None` if Alloy does not serve the list.
type Served<T> = Option<Vec<T>>;

/// The catalogue. Responses are cached for five minutes, and longer during an outage; the settings may change.
pub struct Catalogue {
    client: Arc<AlloyClient>,
    settings: watch::Sender<Arc<Connectors>>,
    connectors: StaleWhileRevalidate<(), Arc<Served<Connector>>>,
    metadata: StaleWhileRevalidate<ConnectorId, Arc<Served<AuthenticationMethod>>>,
    offer: DerivedCache<(), Served<Connector>, Offer>,
    methods: DerivedCache<ConnectorId, Served<AuthenticationMethod>, Arc<[Form]>>,
}

impl Catalogue {
    /// Makes no call.
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

    /// The connector settings.
    pub fn settings(&self) -> Arc<Connectors> {
        Arc::clone(&self.settings.borrow())
    }

    /// Replaces the connector settings.
    pub fn update_settings(&self, settings: Connectors) {
        self.settings.send_replace(Arc::new(settings));
    }

    /// All linkable apps. Returns an error if Alloy gives no usable response and none is cached.
    pub async fn connectors(&self) -> Result<Offer, AlloyError> {
        let client = Arc::clone(&self.client);
        let (said, stale) = self.connectors.get((), fetch(client)).await?;
        Ok(Offer { stale, ..self.offer.get_or_derive((), &said, &self.settings(), offer) })
    }

    /// The allowed apps, each with whether it is switched on, and whether this is an earlier response. Errors:
    /// [`Self::connectors`].
    pub(crate) async fn allowed(&self) -> Result<(Vec<(Connector, bool)>, bool), AlloyError> {
        let client = Arc::clone(&self.client);
        let (said, stale) = self.connectors.get((), fetch(client)).await?;
        let settings = self.settings();
        let all = said.as_ref().clone().unwrap_or_else(|| merge::stand_in(&settings));
        let all = merge::allowed(&all, &settings).into_iter();
        let with_switch = all.map(|connector| (merge::is_enabled(&connector.id, &settings), connector));
        Ok((with_switch.map(|(enabled, connector)| (connector, enabled)).collect(), stale))
    }

    /// The linkable app of an untrusted id in any case; an unknown id is not sent. Errors: [`Self::connectors`].
    pub async fn connector(&self, id: &str) -> Result<Option<Connector>, AlloyError> {
        let Ok(id) = ConnectorId::parse(id) else { return Ok(None) };
        Ok(of_id(&self.connectors().await?.connectors, &id).cloned())
    }

    /// The app of that id, linkable or not. Errors: [`Self::connectors`].
    pub async fn described(&self, id: &ConnectorId) -> Result<Option<Connector>, AlloyError> {
        let client = Arc::clone(&self.client);
        let (said, _) = self.connectors.get((), fetch(client)).await?;
        let settings = self.settings();
        let all = said.as_ref().clone().unwrap_or_else(|| merge::stand_in(&settings));
        Ok(of_id(&all, id).map(|connector| merge::in_words(connector, &settings)))
    }

    /// Unknown apps share a label, because hosts and browsers may name any app.
    pub(crate) async fn metric_label(&self, connector: Option<&ConnectorId>) -> String {
        match connector {
            None => "none".to_owned(),
            Some(named) => self.known(named).await.map_or_else(|| "other".to_owned(), |known| known.to_string()),
        }
    }

    /// The known spelling of an id, without a call.
    pub async fn known(&self, id: &ConnectorId) -> Option<ConnectorId> {
        let said = self.connectors.cached(&()).await?;
        let offer = self.offer.get_or_derive((), &said, &self.settings(), offer);
        offer.known.iter().find(|known| known.same_as(id)).cloned()
    }

    /// Whether the app is known not to be on offer, without a call.
    pub(crate) async fn lacks(&self, id: &ConnectorId) -> bool {
        let Some(said) = self.connectors.cached(&()).await else { return false };
        let offer = self.offer.get_or_derive((), &said, &self.settings(), offer);
        of_id(&offer.connectors, id).is_none()
    }

    /// Authentication methods in Alloy's order. Empty if the app cannot be linked (logged). Errors:
    /// [`Self::connectors`].
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

fn of_id<'a>(connectors: &'a [Connector], id: &ConnectorId) -> Option<&'a Connector> {
    let exact = connectors.iter().find(|connector| connector.id == *id);
    exact.or_else(|| connectors.iter().find(|connector| connector.id.same_as(id)))
}

async fn fetch(client: Arc<AlloyClient>) -> Result<Arc<Served<Connector>>, AlloyError> {
    kept(client.connectors().await.map(|listed| listed.into_iter().map(unconfigured).collect()))
}

fn unconfigured(listed: ListedConnector) -> Connector {
    Connector {
        name: listed.name.unwrap_or_else(|| listed.id.readable()),
        icon: listed.icon,
        category: listed.category.as_deref().and_then(category::for_people),
        ..Connector::unknown(listed.id)
    }
}

/// That a call is not served is cached, too.
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
    let mut offered: Vec<Form> = Vec::new();
    for method in methods {
        for form in form_schema::forms(method, &words) {
            match form {
                Ok(form) => {
                    let same = offered.iter().filter(|known| known.authentication_type == form.authentication_type);
                    let name = match same.count() {
                        0 => form.method.clone(),
                        earlier => format!("{}~{}", form.method, earlier + 1),
                    };
                    let form = with_auth_config(form, method.accepts_auth_config, table);
                    offered.push(Form { method: name, ..form });
                }
                Err(reason) => {
                    let authentication_type = &method.authentication_type;
                    tracing::warn!(%connector, %authentication_type, %reason, "an app cannot be linked in this way");
                }
            }
        }
    }
    offered.into()
}

/// The host's own OAuth app is also sent where it is optional and the form leads to the provider's page.
fn with_auth_config(form: Form, accepts_auth_config: bool, table: Option<&ConnectorSettings>) -> Form {
    let sent = form.needs_auth_config || (form.wants_redirect && accepts_auth_config);
    let auth_config_id = table.and_then(|table| table.auth_config_id.clone()).filter(|_| sent);
    Form { auth_config_id, ..form }
}

/// The only method if Alloy serves no metadata: from the settings, without fields.
fn unserved(table: Option<&ConnectorSettings>) -> Option<Form> {
    let said = table.and_then(|table| table.authentication_type.as_deref()).unwrap_or(DOCUMENTED_EXAMPLE);
    let auth_config_id = table.and_then(|table| table.auth_config_id.clone());
    Some(Form { auth_config_id, ..Form::bare(AuthenticationType::parse(said).ok()?) })
}

#[cfg(test)]
mod tests;
