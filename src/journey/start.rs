//! Start: begins an attempt and redirects to the provider, or stores a key.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, http::header, web};

use crate::{
    attempts::{Attempts, NextStep, Submission},
    connections::Connections,
    domain::{attempt::Actor, connection::CredentialId, connector::Connector, error::Error, form::Form},
    web::{
        Site,
        middleware::{rate_limit::RateLimits, request_id::reference},
        pages::{self, Cause},
        problem::{Problem, log},
        request::{
            form_body::FormBody,
            in_app_browser::is_in_app_browser,
            visitor::{Visitor, VisitorForm},
        },
        routes::{self, ConnectOptions},
        views::{
            attempt_page::attempt_page,
            connect_form::{ConnectForm, FormState, not_set_up, nothing_begun, of_connector, offered},
            frame::{answer, in_words, see_other},
        },
    },
};

/// 303 to the provider or to the attempt's page; 422 with the form if a value is invalid; 503 if Alloy is down.
pub(crate) async fn begin(
    site: web::Data<Site>,
    attempts: web::Data<Attempts>,
    connections: web::Data<Connections>,
    limits: web::Data<RateLimits>,
    request: HttpRequest,
    connector: web::Path<String>,
    submitted: VisitorForm,
) -> Result<HttpResponse, Problem> {
    let visitor = &submitted.visitor;
    let connector = offered(&site, &visitor.session, &connector).await?;
    let connector = in_words(&visitor.locale.language, &connector);
    match press(&site, &attempts, &connections, &limits, &request, &submitted, &connector).await {
        Err(Problem::Failed(error)) if error.is_upstream() => {
            log(&error);
            let replaces = replaces(&submitted.body);
            let options = options(&submitted.body, replaces.as_ref());
            nothing_begun(&site, visitor, &connector, Cause::ServiceDown, options, reference(&request)).await
        }
        answer => answer,
    }
}

async fn press(
    site: &Site,
    attempts: &Attempts,
    connections: &Connections,
    limits: &RateLimits,
    request: &HttpRequest,
    VisitorForm { visitor, body }: &VisitorForm,
    connector: &Connector,
) -> Result<HttpResponse, Problem> {
    let opened = ConnectForm::of(site, visitor, connector, body.get("method")).await?;
    let replaces = replaces(body);
    let options = options(body, replaces.as_ref());
    let Some(form) = opened.form() else {
        return not_set_up(site, visitor, connector, options, reference(request)).await;
    };
    let another = options.another;
    let answers = match form.read(body.fields(), visitor.locale.language.decimal_mark()) {
        Ok(answers) => answers,
        Err(mistakes) => {
            let mistakes = Some((body, &mistakes));
            let now = FormState { replaces: replaces.as_ref(), another, mistakes, ..FormState::default() };
            return again(site, connections, request, visitor, &opened, form, now).await;
        }
    };
    let submission = Submission {
        session: &visitor.session,
        connector: &connector.id,
        form,
        values: &answers,
        replaces: replaces.clone(),
        another,
        count: &|| {
            let counted = limits.count_attempt(&visitor.session.user.external_id);
            counted.map(drop).map_err(|left| Error::RateLimited { seconds: left.seconds() })
        },
        callback_url: &|state| site.public(&routes::callback(state)),
    };
    match attempts.begin(submission).await? {
        NextStep::Provider(url) => {
            visitor.record_away().await;
            Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, url.expose())).finish())
        }
        NextStep::AttemptPage(attempt) => Ok(see_other(routes::attempt(attempt))),
        NextStep::Unavailable(attempt) => {
            let mut page = attempt_page(site, visitor, &attempt, &[], None, false).await?;
            *page.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            Ok(page)
        }
        NextStep::KeyLimit(limit) => {
            let now = FormState { replaces: replaces.as_ref(), another, full: Some(limit), ..FormState::default() };
            again(site, connections, request, visitor, &opened, form, now).await
        }
    }
}

fn replaces(body: &FormBody) -> Option<CredentialId> {
    body.get("replaces").and_then(|id| CredentialId::parse(id).ok())
}

fn options<'a>(body: &'a FormBody, replaces: Option<&'a CredentialId>) -> ConnectOptions<'a> {
    ConnectOptions { method: body.get("method"), replaces, another: body.get("another").is_some() }
}

async fn again(
    site: &Site,
    connections: &Connections,
    request: &HttpRequest,
    visitor: &Visitor,
    opened: &ConnectForm<'_>,
    form: &Form,
    now: FormState<'_>,
) -> Result<HttpResponse, Problem> {
    let connections = connections.load(Actor::User, &visitor.session.user).await?.connected().unwrap_or_default();
    let connections = of_connector(connections, opened.connector);
    let now = FormState { connections: &connections, in_app_browser: is_in_app_browser(request), ..now };
    let token = visitor.form_token(site);
    let target = pages::Form::new(routes::link(&opened.connector.id)).with("form_token", token);
    answer(StatusCode::UNPROCESSABLE_ENTITY, &opened.page_again(site, form, target, &now))
}
