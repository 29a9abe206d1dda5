//! What is connected, and the browser's return.

use std::collections::HashMap;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header::LOCATION},
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
/// type both, so we take the id alone, as a question to ask. With `gangway_completion` it asks us: who is signed in here?
pub(crate) async fn show(
    query: Query<HashMap<String, String>>,
    visitor: Visitor,
    gangway: Data<Gangway>,
    drawer: Data<Drawer>,
) -> HttpResponse {
    let outcome = match (query.get("gangway_completion"), query.get("gangway_attempt_id")) {
        // Whoever signs in comes back here with the same code.
        (Some(code), _) if !visitor.is_signed_in() => return pages::sign_in(code, visitor),
        (Some(code), _) => match gangway.complete(&visitor.user, code).await {
            // On at once, so that the code stays neither in the address bar nor in the history.
            Ok(done) => return HttpResponse::SeeOther().insert_header((LOCATION, done.continue_url)).finish(),
            Err(failure) => Some(Outcome::of(&Err(failure))),
        },
        (None, Some(id)) => Some(Outcome::of(&gangway.link_attempt(&visitor.user, id).await)),
        (None, None) => None,
    };
    let connections = gangway.connections(&visitor.user).await;
    let page = ConnectionsPage {
        outcome,
        connections: connections.as_ref().map(Vec::as_slice).ok(),
        frame: Frame::with_drawer(Page::Connections, &visitor, &drawer),
    };
    pages::answer(StatusCode::OK, &page, &visitor)
}
