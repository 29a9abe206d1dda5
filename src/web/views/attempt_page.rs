//! The pages of an attempt: linked, not linked, and pending.

use std::time::Duration;

use actix_web::{HttpResponse, http::StatusCode};

use crate::{
    domain::{
        attempt::{LinkAttempt, Proof, Reason, State, UserAnswer, same_account},
        connection::{Connection, CredentialId},
        connector::Connector,
    },
    web::{
        Site,
        pages::{self, Cause, Checking, How, Linked, NotLinked, Phase, Saved, Tried},
        problem::Problem,
        request::visitor::Visitor,
        return_url::with_outcome,
        routes,
    },
};

use super::{
    accounts::labelled,
    connect_form::{ConnectForm, way},
    frame::{answer, app, choose_url, connector_of, frame_of, in_words},
};

const ASK_AFTER: Duration = Duration::from_secs(15);

/// The page for the attempt's state. `connections` are used only for a linked attempt, and `earlier_account` only for
/// one that renewed its credential in place. `is_deleted` says that the credential of an unverified one is deleted.
pub(crate) async fn attempt_page(
    site: &Site,
    visitor: &Visitor,
    attempt: &LinkAttempt,
    connections: &[Connection],
    earlier_account: Option<&str>,
    is_deleted: bool,
) -> Result<HttpResponse, Problem> {
    let mut frame = frame_of(site, &visitor.locale, &visitor.session);
    frame.return_url = frame.return_url.map(|url| with_outcome(&url, attempt));
    let connector = connector_of(site, attempt).await;
    let connector = in_words(&visitor.locale.language, &connector);
    let cause = match attempt.state() {
        State::Linked => {
            visitor.record_end().await;
            let page = linked(site, visitor, frame, &connector, attempt, connections, earlier_account).await;
            return answer(StatusCode::OK, &page);
        }
        _ if is_checked_again(site, attempt) => {
            return answer(StatusCode::OK, &checking(site, visitor, frame, &connector, attempt).await);
        }
        State::Pending if !attempt.has_foreign_return() => {
            return answer(StatusCode::OK, &checking(site, visitor, frame, &connector, attempt).await);
        }
        State::Pending => Cause::FinishedElsewhere,
        State::Denied | State::Failed | State::Expired | State::Unverified => cause(attempt, is_deleted),
    };
    visitor.record_end().await;
    let page = NotLinked {
        frame,
        app: app(&connector),
        cause,
        again_url: again_url(&connector, attempt.replaces.as_ref()),
        choose_url: choose_url(site, &visitor.session).await,
        consent_name: connector.consent_name.as_ref().map(Into::into),
        revoke_url: connector.revoke_url.clone(),
        reference: attempt.id.reference().to_string(),
    };
    answer(StatusCode::OK, &page.page())
}

async fn checking(
    site: &Site,
    visitor: &Visitor,
    mut frame: pages::Frame,
    connector: &Connector,
    attempt: &LinkAttempt,
) -> Checking {
    let is_elsewhere = visitor.is_framed() && attempt.is_open() && attempt.returned_at.is_none() && !attempt.is_api_key;
    if is_elsewhere {
        // The window that the form opened is at the provider, also if the frame is removed meanwhile.
        visitor.record_away().await;
        frame.window = frame.window.map(|window| pages::Window { page: None, ..window });
    }
    let phase = match attempt.is_open() {
        true if is_elsewhere => Phase::OtherWindow,
        true => phase(site, attempt),
        false => Phase::Waiting,
    };
    let phase_name = if phase == Phase::Waiting { "waiting" } else { "asking" };
    let status_url = if visitor.is_framed() { routes::attempt_status_in_frame } else { routes::attempt_status };
    let retry_url = || again_url(connector, attempt.replaces.as_ref());
    Checking {
        frame,
        app: app(connector),
        phase,
        again_url: routes::attempt(attempt.id),
        status_url: Some(status_url(attempt.id, phase_name)),
        retry_url: (is_elsewhere || attempt.has_reported_error()).then(retry_url),
        answer: pages::Form::new(routes::attempt_answer(attempt.id)).with("form_token", visitor.form_token(site)),
        reference: attempt.id.reference().to_string(),
    }
}

/// Returns whether a later return to an ended attempt may still link it: its list is polled, or the host has to
/// confirm it.
pub(crate) fn is_checked_again(site: &Site, attempt: &LinkAttempt) -> bool {
    let is_recent = |at| site.clock.now() < at + ASK_AFTER;
    let may_bring = !attempt.refusal.is_some_and(Reason::is_denial) && attempt.foreign_return.is_none();
    attempt.later_return().is_some_and(|at| attempt.awaits_completion() || may_bring && is_recent(at))
}

/// What the page of an end without a link says. After a later return, it must not say that nothing was changed.
fn cause(attempt: &LinkAttempt, is_deleted: bool) -> Cause {
    if attempt.was_allowed_later() {
        return if is_deleted { Cause::AllowedAndDeleted } else { Cause::AllowedLater };
    }
    let cause = attempt.reason().and_then(|reason| Cause::of(attempt.state(), reason));
    match (attempt.later_return(), attempt.refusal) {
        (Some(_), None) => Cause::NotConfirmed,
        (Some(_), Some(Reason::UpstreamRefused)) => Cause::ErrorReported,
        _ if cause == Some(Cause::Refused) && attempt.returned_at.is_some() => Cause::ErrorReported,
        _ => cause.unwrap_or(Cause::NotConfirmed),
    }
}

async fn linked(
    site: &Site,
    visitor: &Visitor,
    frame: pages::Frame,
    connector: &Connector,
    attempt: &LinkAttempt,
    connections: &[Connection],
    earlier_account: Option<&str>,
) -> Linked {
    let find = |id: Option<&CredentialId>| -> Option<&Connection> {
        connections.iter().find(|known| Some(&known.credential.id) == id)
    };
    let how = match (attempt.reason(), &attempt.replaces) {
        (Some(Reason::Renewed), Some(_)) => How::Renewed,
        (Some(Reason::Renewed), None) => How::Same,
        _ => How::New,
    };
    let earlier = find(attempt.replaces.as_ref()).filter(|_| attempt.replaces.as_ref() != attempt.credential());
    Linked {
        frame,
        app: app(connector),
        how,
        saved: saved(site, visitor, connector, attempt).await,
        tried: tried(site, attempt),
        account: find(attempt.credential()).map(|known| known.credential.name.as_str().into()),
        earlier: earlier.map(|earlier| {
            let remove = pages::Form::new(routes::disconnect(&earlier.credential.id))
                .with("attempt", attempt.id.to_string())
                .with("form_token", visitor.form_token(site));
            (earlier.credential.name.as_str().into(), remove)
        }),
        accounts: differing_accounts(earlier.map_or(earlier_account, |earlier| earlier.account.as_deref()), attempt),
        app_url: routes::connector(&connector.id),
        again_url: again_url(connector, attempt.credential()),
        choose_url: choose_url(site, &visitor.session).await,
    }
}

/// The account before and the new one, if the new one works and they differ.
fn differing_accounts(before: Option<&str>, attempt: &LinkAttempt) -> Option<(pages::Sentence, pages::Sentence)> {
    let now = attempt.account().filter(|_| attempt.proof() == Some(Proof::Works));
    let differ = same_account(before, now) == Some(false);
    before.zip(now).filter(|_| differ).map(|(before, now)| (before.into(), now.into()))
}

fn tried(site: &Site, attempt: &LinkAttempt) -> Tried {
    match attempt.proof() {
        None => Tried::No,
        Some(Proof::Refused) => Tried::Refused,
        Some(Proof::Works) => {
            let account = attempt.account();
            Tried::Works(account.map(|account| labelled(site, &attempt.connector, account)))
        }
    }
}

/// The kind of secret that was stored; `None` if the user signed in at the provider.
async fn saved(site: &Site, visitor: &Visitor, connector: &Connector, attempt: &LinkAttempt) -> Option<Saved> {
    if !attempt.is_api_key {
        return None;
    }
    let method = Some(attempt.authentication_type.as_str());
    let opened = ConnectForm::of(site, visitor, connector, method).await.ok();
    match opened.as_ref().and_then(ConnectForm::form).map(way) {
        Some(pages::Way::Details) => Some(Saved::Details),
        _ => Some(Saved::Key),
    }
}

fn again_url(connector: &Connector, replaces: Option<&CredentialId>) -> String {
    match replaces {
        Some(replaces) => routes::reconnect(&connector.id, replaces),
        None => routes::another(&connector.id),
    }
}

/// Returns whether to ask what the user saw: at once if no browser returned; otherwise after [`ASK_AFTER`], and again
/// after `link.patience` if they said that they allowed it. API-key attempts have nothing to ask about.
pub(crate) fn phase(site: &Site, attempt: &LinkAttempt) -> Phase {
    let now = site.clock.now();
    let allowed = attempt.user_answer == Some(UserAnswer::Allowed);
    let patience = if allowed { site.link_patience.max(ASK_AFTER) } else { ASK_AFTER };
    match attempt.returned_at {
        None if attempt.is_api_key => Phase::Waiting,
        Some(returned_at) if now < returned_at + patience => Phase::Waiting,
        _ => Phase::Asking,
    }
}
