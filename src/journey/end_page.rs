//! The pages of an attempt: linked, not linked, and not known yet.

use std::time::Duration;

use actix_web::{HttpResponse, http::StatusCode};

use crate::{
    connection::{Connection, CredentialId},
    connector::Connector,
    gangway::Gangway,
    link::{LinkAttempt, Reason, State, UserAnswer},
    pages::{self, Cause, Checking, How, Linked, NotLinked, Phase},
    problem::Problem,
    routes,
    session::After,
};

use super::{
    connect_page::{Opened, way},
    hand_over::{to_complete, with_result},
    look::look,
    shown::{answer, app, choose_url, connector_of, frame, see_other},
    visitor::Visitor,
};

/// After this, the page asks what the user saw.
const ASK_AFTER: Duration = Duration::from_secs(15);

/// The page for where the attempt stands; with `after: return` a link goes straight back to the host.
///
/// # Errors
/// When the store fails.
pub(super) async fn answer_for(
    gangway: &Gangway,
    visitor: &Visitor,
    attempt: LinkAttempt,
) -> Result<HttpResponse, Problem> {
    let host_url = gangway.return_url(Some(&visitor.session));
    if let (Some(url), true) = (&host_url, is_completed_by(visitor, &attempt)) {
        return to_complete(gangway, attempt, url).await;
    }
    let return_url = host_url.map(|url| with_result(&url, &attempt));
    let mut frame = frame(gangway, &visitor.session);
    frame.return_url = return_url.clone();
    let connector = connector_of(gangway, &attempt).await;
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
pub(super) fn is_decided(visitor: &Visitor, attempt: &LinkAttempt) -> bool {
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
    let connections = look(gangway, &session.user).await?.connected().unwrap_or_default();
    let find = |id: &Option<CredentialId>| -> Option<&Connection> {
        connections.iter().find(|known| Some(&known.credential.id) == id.as_ref())
    };
    let how = match attempt.reason {
        Some(Reason::Renewed) => How::Renewed,
        Some(Reason::KeySaved) => {
            let method = Some(attempt.authentication_type.as_str());
            let opened = Opened::of(gangway, session, connector, method).await.ok();
            match opened.as_ref().and_then(Opened::form).map(way) {
                Some(pages::Way::Details) => How::DetailsSaved,
                _ => How::KeySaved,
            }
        }
        _ => How::New,
    };
    Ok(Linked {
        frame,
        app: app(connector),
        how,
        account: find(&attempt.credential).map(|known| known.credential.name.as_str().into()),
        earlier_kept: attempt.replaces != attempt.credential && find(&attempt.replaces).is_some(),
        app_url: routes::connector(&connector.id),
        choose_url: choose_url(gangway, session).await,
    })
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
        again_url: match &attempt.replaces {
            Some(replaces) => routes::reconnect(&connector.id, replaces),
            None => routes::another(&connector.id),
        },
        choose_url,
        consent_name: connector.consent_name.as_ref().map(Into::into),
        revoke_url: connector.revoke_url.clone(),
        reference: attempt.id.reference().to_string(),
    }
}

/// Whether it is time to ask what the user saw: at once if nobody came back; else after a little while, and again after
/// `link.patience` if they said that they allowed it. Of a key there is nothing that they could have seen.
pub(super) fn phase(gangway: &Gangway, attempt: &LinkAttempt) -> Phase {
    let now = gangway.clock.now();
    let allowed = attempt.answer == Some(UserAnswer::Allowed);
    let patience = if allowed { gangway.settings.link.patience.max(ASK_AFTER) } else { ASK_AFTER };
    match attempt.returned_at {
        None if attempt.by_key => Phase::Waiting,
        Some(returned_at) if now < returned_at + patience => Phase::Waiting,
        _ => Phase::Asking,
    }
}
