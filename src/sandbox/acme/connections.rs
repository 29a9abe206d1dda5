//! The page with the apps and the user's connections, and the browser's return to it.

use std::collections::HashMap;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Data, Query},
};

use super::{
    accounts::Visitor,
    alloy::Alloy,
    apps,
    behind_the_scenes::Drawer,
    desk::Desk,
    gangway::Gangway,
    outcome::Outcome,
    pages::{self, ConnectionsPage, Frame, Page},
    resume::{remove_refused, resume},
    share::SlackSite,
};

/// `GET /connections`, which is also our return URL. `gangway_attempt_id` and `gangway_state` prove nothing, so the
/// server asks Gangway about the attempt. With `gangway_completion`, it confirms the signed-in user.
pub(crate) async fn show(
    query: Query<HashMap<String, String>>,
    visitor: Visitor,
    gangway: Data<Gangway>,
    alloy: Data<Alloy>,
    slack: Data<SlackSite>,
    desk: Data<Desk>,
    drawer: Data<Drawer>,
) -> HttpResponse {
    let outcome = match (query.get("gangway_completion"), query.get("gangway_attempt_id")) {
        // After the sign-in the browser returns here with the same code.
        (Some(code), _) if !visitor.is_signed_in() => return pages::sign_in_for("gangway_completion", code, visitor),
        (Some(code), _) => match gangway.complete(&visitor.user, code).await {
            // Redirects, so that the code stays neither in the address bar nor in the history.
            Ok(done) => return HttpResponse::SeeOther().insert_header((LOCATION, done.continue_url)).finish(),
            Err(failure) => Some(Outcome::of(&Err(failure))),
        },
        (None, Some(id)) => {
            let attempt = gangway.link_attempt(&visitor.user, id).await;
            if let Ok(attempt) = &attempt {
                if let Some(onward) = resume(&visitor.user, attempt, &gangway, &alloy, &slack, &desk).await {
                    return onward;
                }
                if attempt.state == "linked" && desk.take_reconnect(&visitor.user, &attempt.session_id) {
                    remove_refused(&visitor.user, attempt, &gangway).await;
                }
            }
            Some(Outcome::of(&attempt))
        }
        (None, None) => desk.take_notice(&visitor.user).map(|notice| notice.outcome),
    };
    let listed = gangway.apps(&visitor.user).await;
    let connections = gangway.connections(&visitor.user).await;
    let page = ConnectionsPage {
        outcome,
        apps_known: listed.is_ok(),
        apps: connections.ok().map(|connections| apps::of(listed.unwrap_or_default(), connections)),
        script_url: gangway.script_url(),
        frame: Frame::with_drawer(Page::Connections, &visitor, &drawer),
    };
    pages::respond(StatusCode::OK, &page, &visitor)
}
