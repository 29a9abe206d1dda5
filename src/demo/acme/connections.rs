//! What is connected, and the browser's return.

use std::collections::HashMap;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Query},
};

use super::{
    accounts::Visitor,
    behind_the_scenes::Drawer,
    gangway::Gangway,
    outcome::Outcome,
    pages::{self, ConnectionsPage, Frame, Page},
};

/// `GET /connections`, which is also our return URL. Gangway adds `gangway_attempt_id` and `gangway_state`; anybody can
/// type both, so we take the id alone, as a question to ask.
pub(super) async fn show(
    query: Query<HashMap<String, String>>,
    visitor: Visitor,
    gangway: Data<Gangway>,
    drawer: Data<Drawer>,
) -> HttpResponse {
    let outcome = match query.get("gangway_attempt_id") {
        Some(id) => Some(Outcome::of(&gangway.link_attempt(&visitor.user, id).await)),
        None => None,
    };
    let connections = gangway.connections(&visitor.user).await;
    let page = ConnectionsPage {
        outcome,
        connections: connections.as_ref().map(Vec::as_slice).ok(),
        frame: Frame::with_drawer(Page::Connections, &visitor, &drawer),
    };
    pages::answer(StatusCode::OK, &page, &visitor)
}
