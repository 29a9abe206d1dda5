//! Disconnect: confirmation, deletion, outcome. It is complete only once Alloy has deleted the credential.

use std::time::Duration;

use actix_web::{HttpResponse, http::StatusCode, web};
use tokio::time::Instant;

use crate::{
    attempts::Attempts,
    connections::Connections,
    domain::{
        attempt::{Actor, AttemptId},
        connection::{Connection, CredentialId},
    },
    store::Disconnection,
    web::{
        Site,
        pages::{self, Disconnect, Disconnected, Done, Remains},
        problem::Problem,
        request::visitor::{Visitor, VisitorForm},
        routes,
        views::frame::{answer, app, choose_url, connector_named, frame_of, in_words, see_other},
    },
};

/// Timeout for a deletion in progress: on a double click, the second request arrives before the first has finished.
const HOLD: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(100);

/// `GET /connections/{credential}/disconnect`: the confirmation page, or the outcome of an earlier request.
pub(crate) async fn show(
    site: web::Data<Site>,
    attempts: web::Data<Attempts>,
    connections: web::Data<Connections>,
    visitor: Visitor,
    credential: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let credential = CredentialId::parse(credential.into_inner()).map_err(|_| Problem::NotFound)?;
    match find(&site, &connections, &visitor, &credential, HOLD).await? {
        Found::Disconnecting(wanted) => {
            if wanted.done_at.is_some() {
                visitor.record_end().await;
            }
            answer(StatusCode::OK, &outcome(&site, &attempts, &visitor, &wanted).await?)
        }
        Found::Connected(known) => answer(StatusCode::OK, &question(&site, &attempts, &visitor, &known).await?),
    }
}

/// `POST /connections/{credential}/disconnect`. Redirects to the page of `attempt` if it replaced the connection.
pub(crate) async fn disconnect(
    site: web::Data<Site>,
    attempts: web::Data<Attempts>,
    connections: web::Data<Connections>,
    credential: web::Path<String>,
    VisitorForm { visitor, body }: VisitorForm,
) -> Result<HttpResponse, Problem> {
    let credential = CredentialId::parse(credential.into_inner()).map_err(|_| Problem::NotFound)?;
    if let Found::Connected(known) = find(&site, &connections, &visitor, &credential, Duration::ZERO).await? {
        connections.disconnect(Actor::User, &visitor.session.user, known.into()).await?;
    }
    let onwards = successor(&attempts, &connections, &visitor, &credential, body.get("attempt")).await?;
    Ok(see_other(onwards.unwrap_or_else(|| routes::disconnect(&credential))))
}

enum Found {
    Disconnecting(Disconnection),
    Connected(Connection),
}

/// Finds the user's connection or disconnection. Waits for a deletion in progress.
async fn find(
    site: &Site,
    connections: &Connections,
    visitor: &Visitor,
    credential: &CredentialId,
    hold: Duration,
) -> Result<Found, Problem> {
    if let Some(disconnection) = find_disconnection(site, connections, visitor, credential, hold).await? {
        return Ok(Found::Disconnecting(disconnection));
    }
    match own(connections, visitor, credential).await {
        // It may have been disconnected meanwhile.
        Err(Problem::NotFound) => {
            let disconnection = find_disconnection(site, connections, visitor, credential, hold).await?;
            disconnection.map(Found::Disconnecting).ok_or(Problem::NotFound)
        }
        connection => connection.map(Found::Connected),
    }
}

async fn find_disconnection(
    site: &Site,
    connections: &Connections,
    visitor: &Visitor,
    credential: &CredentialId,
    hold: Duration,
) -> Result<Option<Disconnection>, Problem> {
    let session = &visitor.session;
    let until = Instant::now() + hold;
    loop {
        let disconnection = connections.find_disconnection(&session.user.external_id, credential).await?;
        let tried = disconnection.as_ref().is_some_and(|disconnection| disconnection.is_leased(site.clock.now()));
        if !tried || Instant::now() >= until {
            return Ok(disconnection.filter(|disconnection| session.allows(&disconnection.connector)));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn own(connections: &Connections, visitor: &Visitor, credential: &CredentialId) -> Result<Connection, Problem> {
    let session = &visitor.session;
    let connections = connections.load(Actor::User, &session.user).await?.connected()?;
    let found = connections.into_iter().find(|known| known.credential.id == *credential);
    found.filter(|known| session.allows(&known.credential.connector)).ok_or(Problem::NotFound)
}

async fn successor(
    attempts: &Attempts,
    connections: &Connections,
    visitor: &Visitor,
    credential: &CredentialId,
    attempt: Option<&str>,
) -> Result<Option<String>, Problem> {
    let Some(id) = attempt.and_then(|id| AttemptId::parse(id).ok()) else { return Ok(None) };
    let user = &visitor.session.user.external_id;
    let disconnection = connections.find_disconnection(user, credential).await?;
    if disconnection.is_none_or(|disconnection| disconnection.done_at.is_none()) {
        return Ok(None);
    }
    let attempt = attempts.find(id).await?;
    let took_its_place = attempt.filter(|next| next.user == *user && next.replaces.as_ref() == Some(credential));
    Ok(took_its_place.map(|next| routes::attempt(next.id)))
}

async fn question(
    site: &Site,
    attempts: &Attempts,
    visitor: &Visitor,
    connection: &Connection,
) -> Result<Disconnect, Problem> {
    let Connection { credential, attempt, .. } = connection;
    let connector = connector_named(site, &credential.connector).await;
    let connector = in_words(&visitor.locale.language, &connector);
    let target = pages::Form::new(routes::disconnect(&credential.id));
    Ok(Disconnect {
        frame: frame_of(site, &visitor.locale, &visitor.session),
        app: app(&connector),
        account: credential.name.as_str().into(),
        remains: remains(attempts, *attempt, connector.consent_name.as_deref()).await?,
        form: target.with("form_token", visitor.form_token(site)),
        keep_url: routes::connector(&connector.id),
    })
}

async fn outcome(
    site: &Site,
    attempts: &Attempts,
    visitor: &Visitor,
    wanted: &Disconnection,
) -> Result<Disconnected, Problem> {
    let connector = connector_named(site, &wanted.connector).await;
    let connector = in_words(&visitor.locale.language, &connector);
    Ok(Disconnected {
        frame: frame_of(site, &visitor.locale, &visitor.session),
        app: app(&connector),
        done: if wanted.done_at.is_some() { Done::Gone } else { Done::NotYet },
        remains: remains(attempts, wanted.attempt, connector.consent_name.as_deref()).await?,
        revoke_url: connector.revoke_url.clone(),
        again_url: routes::disconnect(&wanted.credential),
        app_url: routes::connector(&connector.id),
        choose_url: choose_url(site, &visitor.session).await,
    })
}

/// What remains at the provider. External connections count as apps, because a key cannot be told from them.
async fn remains(
    attempts: &Attempts,
    attempt: Option<AttemptId>,
    consent_name: Option<&str>,
) -> Result<Remains, Problem> {
    let made_by = match attempt {
        Some(attempt) => attempts.find(attempt).await?,
        None => None,
    };
    let by_key = made_by.is_some_and(|attempt| attempt.is_api_key);
    Ok(if by_key { Remains::Key } else { Remains::App(consent_name.map(Into::into)) })
}
