//! What goes on after the browser returned from a link that a note or the assistant began.

use actix_web::{HttpResponse, http::header::LOCATION};

use super::{
    accounts::User,
    alloy::Alloy,
    assistant,
    desk::{Desk, NoticeButton, Then},
    gangway::{Gangway, LinkAttempt},
    notes,
    outcome::Outcome,
    share::{self, SlackSite},
};

/// `None` if nothing waits for the attempt's session.
pub(crate) async fn resume(
    user: &User,
    attempt: &LinkAttempt,
    gangway: &Gangway,
    alloy: &Alloy,
    slack: &SlackSite,
    desk: &Desk,
) -> Option<HttpResponse> {
    let waiting = desk.waiting(user, &attempt.session_id)?;
    let note = notes::find(user, &waiting.note)?;
    let linked = attempt.state == "linked";
    if !linked {
        let outcome = Outcome::of_attempt(attempt);
        if let Then::Assistant { .. } = waiting.then {
            assistant::give_up(user, &outcome, desk);
            return Some(to_assistant());
        }
        desk.notify(user, outcome, None);
        return Some(share::to_notice());
    }
    if !desk.stop_waiting(user, &attempt.session_id) {
        return Some(share::to_notice());
    }
    let credential = attempt.credential_id.as_deref();
    remove_refused(user, attempt, gangway).await;
    match waiting.then {
        Then::Offer => {
            let label = format!("Share “{}”", note.title);
            let button = NoticeButton { label, note: note.id.clone(), reconnect: None };
            desk.notify(user, Outcome::of_attempt(attempt), Some(button));
            Some(share::to_notice())
        }
        Then::Share => {
            let shared = share::post(user, note, credential, gangway, alloy, slack).await;
            share::report(user, note, shared, desk);
            Some(share::to_notice())
        }
        Then::Assistant { elicitation } => {
            assistant::go_on(user, note, &elicitation, credential, gangway, alloy, slack, desk).await;
            Some(to_assistant())
        }
    }
}

/// Removes the connection that the app refused and that this attempt replaces.
pub(crate) async fn remove_refused(user: &User, attempt: &LinkAttempt, gangway: &Gangway) {
    let credential = attempt.credential_id.as_deref();
    if let Some(refused) = attempt.replaces.as_deref().filter(|id| Some(*id) != credential) {
        // If this fails, the user can disconnect it.
        let _ = gangway.remove(user, refused).await;
    }
}

fn to_assistant() -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, "/#assistant")).finish()
}
