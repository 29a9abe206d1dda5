//! Choose: the catalogue, connected apps first.

use std::{borrow::Cow, collections::BTreeMap};

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};

use crate::{
    connections::Connections,
    domain::{attempt::Actor, connection::Connection, connector::Connector},
    i18n::Language,
    web::{
        Site,
        pages::{Category, Choose, ConnectedApp, ListedApp},
        problem::Problem,
        request::{form_body::query_parameter, visitor::Visitor},
        routes,
        views::frame::{answer, app, frame_of, in_words, see_other},
    },
};

const MANY: usize = 12;

pub(crate) async fn root() -> HttpResponse {
    see_other(routes::CONNECTORS)
}

/// `GET /connectors`: the catalogue, filtered by `?q=` and `?category=`. Redirects to the app if there is only one.
pub(crate) async fn show(
    site: web::Data<Site>,
    connections: web::Data<Connections>,
    request: HttpRequest,
    visitor: Visitor,
) -> Result<HttpResponse, Problem> {
    let session = &visitor.session;
    let offer = site.catalogue.connectors().await?;
    let offered: Vec<&Connector> = offer.to(session).collect();
    if let [only] = offered.as_slice() {
        return Ok(see_other(routes::connector(&only.id)));
    }
    let language = &visitor.locale.language;
    let offered: Vec<Cow<'_, Connector>> = offered.into_iter().map(|connector| in_words(language, connector)).collect();
    let connections = connections.load(Actor::User, &session.user).await?.connected().ok();
    let query = query_parameter(&request, "q").unwrap_or_default();
    let category = query_parameter(&request, "category").filter(|category| !category.is_empty());
    let words = query.to_lowercase();
    let words: Vec<&str> = words.split_whitespace().collect();
    let matching: Vec<&Connector> = offered
        .iter()
        .map(Cow::as_ref)
        .filter(|connector| category.is_none() || connector.category == category)
        .filter(|connector| matches(connector, &words))
        .collect();
    let page = Choose {
        frame: frame_of(&site, &visitor.locale, session),
        all_url: routes::CONNECTORS.to_owned(),
        query: query.as_str().into(),
        categories: categories(&offered, category.as_deref()),
        connected: connected(&site, language, &matching, connections.as_deref().unwrap_or_default()),
        connected_unknown: connections.is_none(),
        apps: matching.into_iter().map(listed).collect(),
        stale: offer.stale,
    };
    answer(StatusCode::OK, &page)
}

fn matches(connector: &Connector, words: &[&str]) -> bool {
    if words.is_empty() {
        return true;
    }
    let parts = [Some(&connector.name), connector.category.as_ref(), connector.description.as_ref()];
    let text = parts.into_iter().flatten().map(|part| part.to_lowercase()).collect::<Vec<_>>().join(" ");
    words.iter().all(|word| text.contains(word))
}

fn listed(connector: &Connector) -> ListedApp {
    ListedApp {
        app: app(connector),
        url: routes::connector(&connector.id),
        line: connector.description.as_ref().or(connector.category.as_ref()).map(Into::into),
        category: connector.category.as_ref().filter(|_| connector.description.is_some()).map(Into::into),
    }
}

fn connected(
    site: &Site,
    language: &Language,
    matching: &[&Connector],
    connections: &[Connection],
) -> Vec<ConnectedApp> {
    let card = |connector: &&Connector| {
        let own = || connections.iter().filter(|known| known.credential.connector.same_as(&connector.id));
        let refused = own().find(|known| known.needs_reconnect());
        let first = &refused.or_else(|| own().next())?.credential;
        Some(ConnectedApp {
            app: app(connector),
            url: routes::connector(&connector.id),
            account: first.name.as_str().into(),
            since: first.created_at.map(|at| language.day(at, site.clock.now())),
            others: own().count().saturating_sub(1),
            needs_attention: refused.is_some(),
        })
    };
    let mut cards: Vec<ConnectedApp> = matching.iter().filter_map(card).collect();
    cards.sort_by_key(|card| !card.needs_attention);
    cards
}

fn categories(offered: &[Cow<'_, Connector>], current: Option<&str>) -> Vec<Category> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for name in offered.iter().filter_map(|connector| connector.category.as_ref()) {
        *counts.entry(name).or_default() += 1;
    }
    if offered.len() <= MANY || counts.len() < 2 {
        return Vec::new();
    }
    let category = |(name, count): (&String, usize)| Category {
        value: name.clone(),
        name: name.into(),
        url: routes::category(name),
        count,
        current: current == Some(name),
    };
    counts.into_iter().map(category).collect()
}
