//! Connect: one app, its form, and its connected accounts.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};

use crate::{
    attempts::Attempts,
    connections::Connections,
    domain::{
        attempt::{Actor, LinkAttempt, State},
        connection::{Connection, CredentialId},
        connector::Connector,
        session::ExternalId,
    },
    web::{
        Site,
        middleware::request_id::reference,
        pages::{self, Manage},
        problem::Problem,
        request::{form_body::query_parameter, in_app_browser::is_in_app_browser, visitor::Visitor},
        return_url::with_outcome,
        routes::{self, ConnectOptions},
        views::{
            accounts::accounts,
            connect_form::{ConnectForm, FormState, not_set_up, of_connector, offered},
            frame::{answer, app, choose_url, frame_of, in_words},
        },
    },
};

/// `GET /connectors/{connector}`. `?method=` selects a sign-in method; `?replaces=` and `?another=` an account.
pub(crate) async fn show(
    site: web::Data<Site>,
    connections: web::Data<Connections>,
    attempts: web::Data<Attempts>,
    request: HttpRequest,
    visitor: Visitor,
    connector: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let session = &visitor.session;
    let connector = offered(&site, session, &connector).await?;
    let connector = in_words(&visitor.locale.language, &connector);
    let method = query_parameter(&request, "method");
    let (opened, seen) = futures_util::join!(
        ConnectForm::of(&site, &visitor, &connector, method.as_deref()),
        connections.load(Actor::User, &session.user)
    );
    let (opened, connections) = (opened?, of_connector(seen?.connected().unwrap_or_default(), &connector));
    let replaces = query_parameter(&request, "replaces").and_then(|id| CredentialId::parse(id).ok());
    let replaces = replaces.filter(|id| connections.iter().any(|known| known.credential.id == *id));
    let another = query_parameter(&request, "another").is_some();
    let goes_on = replaces.is_some() || method.is_some() || another;
    if !connections.is_empty() && !goes_on {
        return answer(StatusCode::OK, &manage(&site, &attempts, &visitor, &connector, &connections).await?);
    }
    let Some(form) = opened.form() else {
        let options = ConnectOptions { method: method.as_deref(), replaces: replaces.as_ref(), another };
        return not_set_up(&site, &visitor, &connector, options, reference(&request)).await;
    };
    let target = pages::Form::new(routes::link(&connector.id)).with("form_token", visitor.form_token(&site));
    let in_app_browser = is_in_app_browser(&request);
    let now = FormState {
        connections: &connections,
        replaces: replaces.as_ref(),
        another,
        in_app_browser,
        ..FormState::default()
    };
    answer(StatusCode::OK, &opened.page(&site, form, target, &now))
}

/// The page of a connected app. A host that sent the user here for this app gets the attempt that connected it back.
async fn manage(
    site: &Site,
    attempts: &Attempts,
    visitor: &Visitor,
    connector: &Connector,
    connections: &[Connection],
) -> Result<Manage, Problem> {
    let (locale, session) = (&visitor.locale, &visitor.session);
    let mut frame = frame_of(site, locale, session);
    if session.connector.as_ref().is_some_and(|named| named.same_as(&connector.id))
        && let Some(attempt) = newest_link(attempts, &session.user.external_id, connections).await?
    {
        frame.return_url = frame.return_url.map(|url| with_outcome(&url, &attempt));
    }
    Ok(Manage {
        frame,
        app: app(connector),
        accounts: accounts(site, locale, connector, connections),
        permissions: connector.permissions.iter().map(Into::into).collect(),
        another_url: routes::another(&connector.id),
        choose_url: choose_url(site, session).await,
    })
}

/// The linked attempt of the newest usable connection; `None` if it was not made here, or too long ago.
async fn newest_link(
    attempts: &Attempts,
    user: &ExternalId,
    connections: &[Connection],
) -> Result<Option<LinkAttempt>, Problem> {
    let newest = connections.iter().rev().find(|connection| !connection.needs_reconnect());
    let Some(id) = newest.and_then(|newest| newest.attempt) else { return Ok(None) };
    Ok(attempts.find(id).await?.filter(|attempt| attempt.state() == State::Linked && attempt.user == *user))
}
