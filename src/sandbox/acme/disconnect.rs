//! Disconnects an app. The page has asked before.

use actix_web::{
    HttpResponse,
    http::header::LOCATION,
    web::{Data, Form},
};
use serde::Deserialize;

use super::{accounts::Visitor, desk::Desk, gangway::Gangway, outcome::Outcome};

#[derive(Deserialize)]
pub(crate) struct Disconnect {
    connector: String,
    credential_id: String,
}

/// `POST /disconnect`: Gangway removes only connections of the signed-in user. Redirects to the notice, so that a
/// reload sends nothing again.
pub(crate) async fn disconnect(
    form: Form<Disconnect>,
    visitor: Visitor,
    gangway: Data<Gangway>,
    desk: Data<Desk>,
) -> HttpResponse {
    let removed = gangway.remove(&visitor.user, &form.credential_id).await;
    desk.notify(&visitor.user, Outcome::of_removal(&form.connector, &removed), None);
    HttpResponse::SeeOther().insert_header((LOCATION, "/connections")).finish()
}
