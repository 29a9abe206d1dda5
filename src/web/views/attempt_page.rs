//! The pages of an attempt: linked, not linked, and not known yet.

use std::time::Duration;

use actix_web::{HttpResponse, http::StatusCode};

use crate::{
    domain::{
        attempt::{Actor, LinkAttempt, Proof, Reason, State, UserAnswer},
        connection::{Connection, CredentialId},
        connector::Connector,
        session::After,
    },
    gangway::Gangway,
    web::{
        pages::{self, Cause, Checking, How, Linked, NotLinked, Phase, Saved, Tried},
        problem::Problem,
        routes,
    },
};

use super::{
    accounts::labelled,
    connect_form::{Opened, way},
    frame::{answer, app, choose_url, connector_of, frame_of, in_words, see_other},
    hand_over::{to_complete, with_result},
};
use crate::web::request::visitor::Visitor;

/// After this, the page asks what the user saw.
const ASK_AFTER: Duration = Duration::from_secs(15);

/// The page for where the attempt stands; with `after: return` a link goes straight back to the host.
///
/// # Errors
/// When the store fails.
pub(crate) async fn answer_for(
    gangway: &Gangway,
    visitor: &Visitor,
    attempt: LinkAttempt,
) -> Result<HttpResponse, Problem> {
    let host_url = gangway.return_url(Some(&visitor.session));
    if let (Some(url), true) = (&host_url, is_completed_by(visitor, &attempt)) {
        return to_complete(gangway, attempt, url).await;
    }
    let return_url = host_url.map(|url| with_result(&url, &attempt));
    let mut frame = frame_of(gangway, &visitor.reader, &visitor.session);
    frame.return_url = return_url.clone();
    let connector = connector_of(gangway, &attempt).await;
    let connector = in_words(&visitor.reader.language, &connector);
    match attempt.state {
        State::Pending if attempt.finished_by_a_stranger() => {
            let choose_url = choose_url(gangway, &visitor.session).await;
            let page = not_linked(frame, choose_url, &connector, &attempt, Cause::FinishedElsewhere);
            answer(StatusCode::OK, &page.page())
        }
        State::Pending => {
            let phase = phase(gangway, &attempt);
            let shown = if phase == Phase::Waiting { "waiting" } else { "asking" };
            let page = Checking {
                frame,
                app: app(&connector),
                phase,
                again_url: routes::attempt(attempt.id),
                status_url: Some(routes::attempt_status(attempt.id, shown)),
                answer: pages::Form::new(routes::attempt_answer(attempt.id))
                    .with("form_token", visitor.form_token(gangway)),
                reference: attempt.id.reference().to_string(),
            };
            answer(StatusCode::OK, &page)
        }
        State::Linked => match return_url.filter(|_| visitor.session.after == After::Return) {
            Some(url) => Ok(see_other(url)),
            None => answer(StatusCode::OK, &linked(gangway, visitor, frame, &connector, &attempt).await?),
        },
        State::Denied | State::Failed | State::Expired | State::Unverified => {
            let choose_url = choose_url(gangway, &visitor.session).await;
            let cause = attempt.reason.and_then(|reason| Cause::of(attempt.state, reason));
            let cause = cause.unwrap_or(Cause::NotConfirmed);
            let page = not_linked(frame, choose_url, &connector, &attempt, cause);
            answer(StatusCode::OK, &page.page())
        }
    }
}

/// Whether this browser takes the code to the host: the one in which it began, and not where another one came back.
fn is_completed_by(visitor: &Visitor, attempt: &LinkAttempt) -> bool {
    attempt.awaits_completion() && attempt.foreign_at.is_none() && attempt.session_id == visitor.session.id
}

/// Whether its page has more to say to this visitor than that we are checking.
pub(crate) fn is_decided(visitor: &Visitor, attempt: &LinkAttempt) -> bool {
    attempt.state.is_end() || attempt.finished_by_a_stranger() || is_completed_by(visitor, attempt)
}

async fn linked(
    gangway: &Gangway,
    visitor: &Visitor,
    frame: pages::Frame,
    connector: &Connector,
    attempt: &LinkAttempt,
) -> Result<Linked, Problem> {
    let session = &visitor.session;
    let connections = gangway.connections.load(Actor::User, &session.user).await?.connected().unwrap_or_default();
    let find = |id: &Option<CredentialId>| -> Option<&Connection> {
        connections.iter().find(|known| Some(&known.credential.id) == id.as_ref())
    };
    let how = if attempt.reason == Some(Reason::Renewed) { How::Renewed } else { How::New };
    let earlier = find(&attempt.replaces).filter(|_| attempt.replaces != attempt.credential);
    Ok(Linked {
        frame,
        app: app(connector),
        how,
        saved: saved(gangway, visitor, connector, attempt).await,
        tried: tried(gangway, attempt),
        account: find(&attempt.credential).map(|known| known.credential.name.as_str().into()),
        earlier: earlier.map(|earlier| {
            let form = pages::Form::new(routes::disconnect(&earlier.credential.id))
                .with("attempt", attempt.id.to_string())
                .with("form_token", visitor.form_token(gangway));
            (earlier.credential.name.as_str().into(), form)
        }),
        app_url: routes::connector(&connector.id),
        again_url: again_url(connector, attempt.credential.as_ref()),
        choose_url: choose_url(gangway, session).await,
    })
}

/// What came of trying it, and whose account it is.
fn tried(gangway: &Gangway, attempt: &LinkAttempt) -> Tried {
    match attempt.proof {
        None => Tried::No,
        Some(Proof::Refused) => Tried::Refused,
        Some(Proof::Works) => {
            let account = attempt.account.as_deref();
            Tried::Works(account.map(|account| labelled(gangway, &attempt.connector, account)))
        }
    }
}

/// What was stored, if nobody was sent to the provider.
async fn saved(gangway: &Gangway, visitor: &Visitor, connector: &Connector, attempt: &LinkAttempt) -> Option<Saved> {
    if !attempt.by_key {
        return None;
    }
    let method = Some(attempt.authentication_type.as_str());
    let opened = Opened::of(gangway, visitor, connector, method).await.ok();
    match opened.as_ref().and_then(Opened::form).map(way) {
        Some(pages::Way::Details) => Some(Saved::Details),
        _ => Some(Saved::Key),
    }
}

/// Where an app is connected once more; with what is to be replaced by it.
fn again_url(connector: &Connector, replaces: Option<&CredentialId>) -> String {
    match replaces {
        Some(replaces) => routes::reconnect(&connector.id, replaces),
        None => routes::another(&connector.id),
    }
}

fn not_linked(
    frame: pages::Frame,
    choose_url: Option<String>,
    connector: &Connector,
    attempt: &LinkAttempt,
    cause: Cause,
) -> NotLinked {
    NotLinked {
        frame,
        app: app(connector),
        cause,
        again_url: again_url(connector, attempt.replaces.as_ref()),
        choose_url,
        consent_name: connector.consent_name.as_ref().map(Into::into),
        revoke_url: connector.revoke_url.clone(),
        reference: attempt.id.reference().to_string(),
    }
}

/// Whether it is time to ask what the user saw: at once if nobody came back; else after a little while, and again after
/// `link.patience` if they said that they allowed it. Of a key there is nothing that they could have seen.
pub(crate) fn phase(gangway: &Gangway, attempt: &LinkAttempt) -> Phase {
    let now = gangway.clock.now();
    let allowed = attempt.answer == Some(UserAnswer::Allowed);
    let patience = if allowed { gangway.settings.link.patience.max(ASK_AFTER) } else { ASK_AFTER };
    match attempt.returned_at {
        None if attempt.by_key => Phase::Waiting,
        Some(returned_at) if now < returned_at + patience => Phase::Waiting,
        _ => Phase::Asking,
    }
}
