//! Start: an attempt begins, and the browser goes to the provider, or a key is stored.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, http::header, web};

use crate::{
    alloy::{AlloyError, Created, NewCredential},
    config::WithoutReturn,
    domain::{
        attempt::{Actor, AttemptId, Begin, LinkAttempt, Observation, Reason},
        clock::time_sorted_uuid,
        connection::{CredentialId, Listing},
        connector::Connector,
        error::Error,
        form::{Answers, Form},
        keys::{Digest, Purpose},
        session::AlloyUserId,
    },
    gangway::Gangway,
    runtime::metrics::Step,
    store::Begun,
    web::{
        middleware::request_id::reference,
        pages,
        problem::{Problem, log},
        routes,
    },
};

use crate::{
    attempts::{
        commit::record,
        quota::{count_attempt, is_full},
    },
    connections::load::{list, look, seen, try_list},
    web::{
        request::{form_body::Posted, in_app_browser::is_built_in, visitor::Visitor},
        views::{
            attempt_page::attempt_page,
            connect_form::{Opened, Situation, not_set_up, of_connector, offered, unavailable},
            frame::{answer, in_words, see_other},
        },
    },
};

/// Somebody else may begin or end an attempt at the same app meanwhile; this often in a row it is a mistake of ours.
const TRIES: usize = 5;

/// `POST /connectors/{connector}/link`: 303 to the provider, or to the attempt's page; 422 with the same form when an
/// answer cannot be read; 503 with a way to try again while the vendor does not answer.
pub(crate) async fn begin(
    gangway: web::Data<Gangway>,
    request: HttpRequest,
    visitor: Visitor,
    connector: web::Path<String>,
    posted: Posted,
) -> Result<HttpResponse, Problem> {
    visitor.check(&gangway, &posted)?;
    let connector = offered(&gangway.site, &visitor.session, &connector).await?;
    let connector = in_words(&visitor.reader.language, &connector);
    match press(&gangway, &request, &visitor, &connector, &posted).await {
        Err(Problem::Failed(error)) if error.is_upstream() => {
            log(&error);
            unavailable(&gangway.site, &visitor, &connector, reference(&request)).await
        }
        answer => answer,
    }
}

async fn press(
    gangway: &Gangway,
    request: &HttpRequest,
    visitor: &Visitor,
    connector: &Connector,
    posted: &Posted,
) -> Result<HttpResponse, Problem> {
    let session = &visitor.session;
    let opened = Opened::of(&gangway.site, visitor, connector, posted.get("method")).await?;
    let Some(form) = opened.form() else {
        return not_set_up(&gangway.site, visitor, connector, reference(request)).await;
    };
    let replaces = posted.get("replaces").and_then(|id| CredentialId::parse(id).ok());
    let answers = match form.read(posted.fields()) {
        Ok(answers) => answers,
        Err(mistakes) => {
            let now =
                Situation { replaces: replaces.as_ref(), mistakes: Some((posted, &mistakes)), ..Situation::default() };
            return again(gangway, request, visitor, &opened, form, now).await;
        }
    };
    let inputs = inputs(gangway, form, &answers, replaces.as_ref());
    let counted = count_attempt(gangway, session, &connector.id, &inputs).await?;
    let load = async |user: AlloyUserId| try_list(gangway, &gangway.alloy, &user, Some(&connector.id)).await;
    let (user, listing) = gangway.alloy_user_with(&session.user, load).await?;
    let snapshot = match listing {
        // Nothing that begins now could ever be proved.
        Err(AlloyError::TooLarge) => return Err(Problem::ConnectionsUnknown),
        listing => listing.ok(),
    };
    if !form.wants_redirect
        && counted
        && let Some(most) = is_full(gangway, snapshot.as_ref(), connector)
    {
        let now = Situation { replaces: replaces.as_ref(), full: Some(most), ..Situation::default() };
        return again(gangway, request, visitor, &opened, form, now).await;
    }
    let replaces = replaces.filter(|id| snapshot.as_ref().is_some_and(|listing| listing.has(id, &connector.id)));
    let link = Link { gangway, visitor, user, connector, form, answers: &answers, replaces };
    match link.begin(snapshot.as_ref(), counted).await? {
        Beginning::Fresh(attempt) => link.go(*attempt).await,
        Beginning::Sent(attempt) => Ok(see_other(routes::attempt(attempt))),
    }
}

/// The same form again, with what keeps it from being sent.
async fn again(
    gangway: &Gangway,
    request: &HttpRequest,
    visitor: &Visitor,
    opened: &Opened<'_>,
    form: &Form,
    now: Situation<'_>,
) -> Result<HttpResponse, Problem> {
    let connections = look(gangway, Actor::User, &visitor.session.user).await?.connected().unwrap_or_default();
    let connections = of_connector(connections, opened.connector);
    let now = Situation { connections: &connections, built_in: is_built_in(request), ..now };
    let token = visitor.form_token(&gangway.site);
    let target = pages::Form::new(routes::link(&opened.connector.id)).with("form_token", token);
    answer(StatusCode::UNPROCESSABLE_ENTITY, &opened.page(&gangway.site, form, target, &now))
}

/// What came of a press.
enum Beginning {
    /// The vendor has to be asked.
    Fresh(Box<LinkAttempt>),
    /// The same key was sent a moment ago: each time that it is sent would store one more.
    Sent(AttemptId),
}

/// What is to be linked, and how.
struct Link<'a> {
    gangway: &'a Gangway,
    visitor: &'a Visitor,
    user: AlloyUserId,
    connector: &'a Connector,
    form: &'a Form,
    answers: &'a Answers,
    replaces: Option<CredentialId>,
}

impl Link<'_> {
    /// A new attempt, or the open one at the same app if it has the same input.
    async fn begin(&self, snapshot: Option<&Listing>, counted: bool) -> Result<Beginning, Problem> {
        let (gangway, by_key) = (self.gangway, !self.form.wants_redirect);
        let inputs = inputs(gangway, self.form, self.answers, self.replaces.as_ref());
        let input = *inputs.first().ok_or(Problem::Internal)?;
        let times = &gangway.settings.link;
        for turn in 0..TRIES {
            // What was to be continued has ended meanwhile.
            if turn == 1 && !counted {
                gangway.limits.count_attempt(&self.visitor.session.user.external_id)?;
            }
            let now = gangway.clock.now();
            let id = AttemptId(time_sorted_uuid(&*gangway.clock, &*gangway.entropy));
            let state = gangway.states(id).next().ok_or(Problem::Internal)?;
            let attempt = LinkAttempt::begin(Begin {
                id,
                session_id: self.visitor.session.id,
                user: self.visitor.session.user.external_id.clone(),
                connector: self.connector.id.clone(),
                authentication_type: self.form.authentication_type.clone(),
                by_key,
                input,
                state_digest: Digest::of(state.as_bytes()),
                snapshot: snapshot.cloned(),
                replaces: self.replaces.clone(),
                needs_completion: gangway.sessions.needs_completion(&self.visitor.session),
                deletes_unreturned: times.without_return == WithoutReturn::Delete,
                at: now,
                deadline: now + if by_key { times.patience } else { times.deadline },
            });
            let begun = if by_key {
                gangway.store.begin_key(&attempt, now - times.patience).await?
            } else {
                gangway.store.begin(&attempt).await?
            };
            let open = match begun {
                Begun::New => {
                    gangway.metrics.step(Step::Began, attempt.connector.as_str());
                    return Ok(Beginning::Fresh(Box::new(attempt)));
                }
                Begun::Saved(saved) => return Ok(Beginning::Sent(saved.id)),
                Begun::Open(open) => *open,
                Begun::Over => return Err(Problem::SessionOver),
            };
            // What the list shows may have ended it: a new one begins then.
            let open = record(gangway, Actor::User, open, &seen(snapshot)).await?;
            let same_browser =
                open.is_of(self.visitor.session.id, gangway.sessions.needs_completion(&self.visitor.session));
            if same_browser && inputs.iter().any(|input| open.continues_with(input, snapshot, now)) {
                if open.by_key || open.awaits_completion() {
                    return Ok(Beginning::Sent(open.id));
                }
                return Ok(Beginning::Fresh(
                    record(gangway, Actor::User, open, &Observation::BeganAgain).await?.into(),
                ));
            }
            record(gangway, Actor::User, open, &Observation::Superseded).await?;
        }
        Err(Error::StoreBusy("attempts at this app began or ended on every try".to_owned()).into())
    }

    /// Asks the vendor, and sends the browser on.
    async fn go(&self, attempt: LinkAttempt) -> Result<HttpResponse, Problem> {
        let page = see_other(routes::attempt(attempt.id));
        match self.create(&attempt).await {
            Ok(Created::Authorize(url)) => {
                let until = self.gangway.clock.now() + self.gangway.settings.link.deadline;
                record(self.gangway, Actor::User, attempt, &Observation::Sent { until }).await?;
                let leave = (header::LOCATION, url.expose());
                Ok(HttpResponse::SeeOther().insert_header(leave).finish())
            }
            Ok(Created::Saved(credential)) => {
                record(self.gangway, Actor::User, attempt, &Observation::KeySaved(credential)).await?;
                Ok(page)
            }
            Err(error) => {
                tracing::warn!(attempt = %attempt.id, connector = %self.connector.id, %error, "not begun");
                if attempt.version > 0 && self.form.wants_redirect {
                    // It goes on from an earlier press, whose link is as good as before: somebody may be on the way.
                    return Err(Error::UpstreamUnavailable.into());
                }
                self.not_begun(attempt, &error).await
            }
        }
    }

    async fn create(&self, attempt: &LinkAttempt) -> Result<Created, AlloyError> {
        let gangway = self.gangway;
        let state = gangway.states(attempt.id).find(|state| Digest::of(state.as_bytes()) == attempt.state_digest);
        let redirect_uri = gangway.site.public(&routes::callback(&state.unwrap_or_default()));
        let new = NewCredential {
            connector: &self.connector.id,
            user: &self.user,
            authentication_type: &self.form.authentication_type,
            auth_config_id: self.form.auth_config_id.as_deref(),
            redirect_uri: self.form.wants_redirect.then_some(redirect_uri.as_str()),
            answers: self.answers,
        };
        gangway.alloy.create_credential(new).await
    }

    /// Nothing was begun, as far as is known. A key is never sent twice: whether it was stored shows in the list, maybe
    /// later. Until then the attempt is open, and the same press again leads to it.
    async fn not_begun(&self, attempt: LinkAttempt, error: &AlloyError) -> Result<HttpResponse, Problem> {
        let (gangway, page) = (self.gangway, see_other(routes::attempt(attempt.id)));
        if error.perhaps_done() && !self.form.wants_redirect {
            let listing = list(gangway, &self.user, Some(&self.connector.id)).await;
            record(gangway, Actor::User, attempt, &seen(listing.as_ref())).await?;
            return Ok(page);
        }
        let attempt = record(gangway, Actor::User, attempt, &Observation::NotBegun(reason(error))).await?;
        if attempt.reason != Some(Reason::UpstreamUnavailable) {
            return Ok(page);
        }
        let mut ended = attempt_page(&gangway.site, self.visitor, &attempt, &[]).await?;
        *ended.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        Ok(ended)
    }
}

/// Tell one input of a form from another. They are keyed, because an answer may be a secret: one for each of our own keys,
/// the newest first.
fn inputs(gangway: &Gangway, form: &Form, answers: &Answers, replaces: Option<&CredentialId>) -> Vec<Digest> {
    let data = answers.data().map(|data| data.to_string()).unwrap_or_default();
    let parts = [
        form.authentication_type.as_str(),
        form.auth_config_id.as_deref().unwrap_or_default(),
        replaces.map(CredentialId::as_str).unwrap_or_default(),
        &data,
    ]
    .join("\n");
    let tags = gangway.keys.tags(Purpose::Input, parts.as_bytes());
    tags.map(|tag| Digest::of(tag.as_bytes())).collect()
}

fn reason(error: &AlloyError) -> Reason {
    match error {
        AlloyError::UnsafeLink(_) => Reason::InvalidAuthorizationUrl,
        AlloyError::Refused(_) | AlloyError::NotServed => Reason::UpstreamRefused,
        AlloyError::KeyRefused(_)
        | AlloyError::RateLimited { .. }
        | AlloyError::Unavailable { .. }
        | AlloyError::TooLarge
        | AlloyError::NoRoom
        | AlloyError::Nonsense(_)
        | AlloyError::ForeignUser => Reason::UpstreamUnavailable,
    }
}
