//! The apps, for hosts that draw a page of their own.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    domain::{
        connector::{Connector, ConnectorId},
        error::Error,
    },
    sessions::language_tag,
    web::{
        Site,
        routes::{self, api},
        views::frame::in_words,
    },
};

use super::{ApiProblem, HostKey, Query};

/// The apps, sorted by name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Connectors)]
struct ConnectorsBody {
    /// Each app of Alloy's catalogue that `connectors.allowed` names; all if it names none.
    connectors: Vec<ConnectorBody>,
    /// Whether this is an earlier answer of Alloy, because it gives no newer one.
    stale: bool,
}

/// An app, in the words of the pages.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Connector)]
struct ConnectorBody {
    /// Its id, as `connector` of a session takes it.
    id: ConnectorId,
    /// Its name.
    name: String,
    /// What it is for.
    #[schema(required)]
    description: Option<String>,
    /// Its category.
    #[schema(required)]
    category: Option<String>,
    /// What your product does with it, one sentence each; from the settings.
    permissions: Vec<String>,
    /// Its icon: an address of Gangway's own that any page may load without a key.
    #[schema(format = "uri")]
    icon_url: String,
    /// Whether it can be connected; `connectors.<id>.enabled` switches it off.
    enabled: bool,
}

/// The language of the words.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConnectorsQuery {
    /// The language, as a BCP 47 tag, like `locale` of a session. What is no language of the pages is passed over.
    #[param(example = "pt-BR")]
    locale: Option<String>,
}

/// `GET /api/v1/connectors`: the apps, in the words of the pages.
#[utoipa::path(
    get,
    path = api::CONNECTORS,
    operation_id = "listConnectors",
    tag = "Connectors",
    summary = "The apps, in the words of the pages",
    description = "For a page of your own that shows them. While Alloy does not answer, its last answer is served (`stale`); \
                   503 if there is none.",
    params(ConnectorsQuery),
    responses((status = 200, description = "The apps", body = ConnectorsBody))
)]
pub(crate) async fn list(
    _: HostKey,
    site: web::Data<Site>,
    Query(ConnectorsQuery { locale }): Query<ConnectorsQuery>,
) -> Result<HttpResponse, ApiProblem> {
    let asked = locale.as_deref().and_then(language_tag).and_then(|tag| site.languages.find(&tag));
    let language = asked.unwrap_or(site.languages.first());
    let (all, stale) = site.catalogue.allowed().await.map_err(Error::from)?;
    let body = |(connector, enabled): (Connector, bool)| {
        let Connector { id, name, description, category, permissions, .. } =
            in_words(language, &connector).into_owned();
        let icon_url = site.public(&routes::icon(&id));
        ConnectorBody { id, name, description, category, permissions, icon_url, enabled }
    };
    Ok(HttpResponse::Ok().json(ConnectorsBody { connectors: all.into_iter().map(body).collect(), stale }))
}
