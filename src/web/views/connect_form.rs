//! The page of one app, for several steps: before the session, in the session, and with errors.

use std::{num::NonZeroU32, sync::Arc};

use actix_web::{HttpResponse, http::StatusCode};

use crate::{
    domain::{
        attempt::{Reason, Reference},
        connection::{Connection, CredentialId},
        connector::Connector,
        form::{self, FieldError, FieldKind, FormErrors, Wording},
        session::ConnectSession,
    },
    i18n::{Language, Phrase, Value},
    web::{
        Site,
        pages::{self, Cause, Choice, Connect, Input, Method, NotLinked, OpenInBrowser, Way},
        problem::Problem,
        routes::{self, ConnectOptions},
    },
};

use super::{
    accounts::accounts,
    frame::{answer, app, choose_url, frame_of},
};
use crate::web::request::{form_body::FormBody, locale::RequestLocale, visitor::Visitor};

pub(crate) struct ConnectForm<'a> {
    pub session: &'a ConnectSession,
    locale: &'a RequestLocale,
    pub connector: &'a Connector,
    forms: Arc<[form::Form]>,
    chosen: usize,
    choose_url: Option<String>,
}

#[derive(Default)]
pub(crate) struct FormState<'a> {
    pub connections: &'a [Connection],
    pub replaces: Option<&'a CredentialId>,
    /// The user asked for another account.
    pub another: bool,
    pub mistakes: Option<(&'a FormBody, &'a FormErrors)>,
    pub full: Option<NonZeroU32>,
    pub in_app_browser: bool,
}

impl<'a> FormState<'a> {
    fn options(&self, method: &'a str) -> ConnectOptions<'a> {
        ConnectOptions { method: Some(method), replaces: self.replaces, another: self.another }
    }
}

impl<'a> ConnectForm<'a> {
    /// Selects the named method, else the first that is set up. Returns `Upstream` if the vendor does not answer.
    pub(crate) async fn of(
        site: &Site,
        visitor: &'a Visitor,
        connector: &'a Connector,
        method: Option<&str>,
    ) -> Result<Self, Problem> {
        Self::before(site, &visitor.locale, &visitor.session, connector, method).await
    }

    pub(crate) async fn before(
        site: &Site,
        locale: &'a RequestLocale,
        session: &'a ConnectSession,
        connector: &'a Connector,
        method: Option<&str>,
    ) -> Result<Self, Problem> {
        let forms = site.catalogue.methods(&connector.id).await?;
        let named = forms.iter().position(|form| Some(form.method.as_str()) == method);
        let ready = forms.iter().position(|form| !form.lacks_auth_config());
        let chosen = named.or(ready).unwrap_or_default();
        let choose_url = choose_url(site, session).await;
        Ok(Self { session, locale, connector, forms, chosen, choose_url })
    }

    /// The selected form; `None` if the host has to set up the app first.
    pub(crate) fn form(&self) -> Option<&form::Form> {
        self.forms.get(self.chosen).filter(|form| !form.lacks_auth_config())
    }

    /// The page. Its form is posted to `target`, which holds the hidden fields.
    pub(crate) fn page(&self, site: &Site, form: &form::Form, target: pages::Form, now: &FormState<'_>) -> Connect {
        let target = target.with("method", form.method.as_str());
        let target = match now.replaces {
            Some(replaces) => target.with("replaces", replaces.as_str()),
            None if now.another => target.with("another", "1"),
            None => target,
        };
        // An API key needs no page of the provider, so any browser can submit it.
        let opens_browser = now.in_app_browser && form.wants_redirect;
        let target = if opens_browser { target.with("connector", self.connector.id.as_str()) } else { target };
        let submitted = now.mistakes.map(|(body, _)| body.fields()).unwrap_or_default();
        let target = form.left_empty(submitted).fold(target, |target, field| target.with(form::LEFT_EMPTY, field));
        let replaced = now.connections.iter().find(|known| Some(&known.credential.id) == now.replaces);
        let frame = frame_of(site, self.locale, self.session);
        Connect {
            app: app(self.connector),
            way: way(form),
            methods: self.methods(now),
            permissions: self.connector.permissions.iter().map(Into::into).collect(),
            consent_name: self.connector.consent_name.as_ref().map(Into::into),
            accounts: accounts(site, self.locale, self.connector, now.connections),
            reconnects: replaced.map(|known| known.credential.name.as_str().into()),
            host_asks: now.replaces.is_some() && self.session.reconnect.as_ref() == now.replaces,
            full: now.full,
            fields: form.fields.iter().map(|field| shown(&self.locale.language, field, now)).collect(),
            form: target,
            by_link: false,
            docs_url: self.connector.docs_url.clone(),
            cancel_url: self.choose_url.clone().or_else(|| site.return_url(Some(self.session))),
            choose_url: self.choose_url.clone().filter(|_| self.locale.window.is_some() && !self.is_named()),
            open_in_browser: opens_browser.then(|| OpenInBrowser::Post(routes::SESSION_BROWSER.to_owned())),
            opened_url: (frame.is_framed() && form.wants_redirect)
                .then(|| routes::opened(&self.connector.id, site.clock.now())),
            frame,
        }
    }

    /// As `page`, in response to a POST: its languages lead to the page of the form, with its options.
    pub(crate) fn page_again(
        &self,
        site: &Site,
        form: &form::Form,
        target: pages::Form,
        now: &FormState<'_>,
    ) -> Connect {
        let mut page = self.page(site, form, target, now);
        let mut locale = self.locale.clone();
        locale.offer(site, &routes::connector(&self.connector.id), &now.options(&form.method).query());
        page.frame.languages = locale.languages;
        page
    }

    /// The host sent the user here for this app.
    fn is_named(&self) -> bool {
        self.session.connector.as_ref().is_some_and(|named| named.same_as(&self.connector.id))
    }

    fn methods(&self, now: &FormState<'_>) -> Vec<Method> {
        let ready: Vec<_> = self.forms.iter().enumerate().filter(|(_, form)| !form.lacks_auth_config()).collect();
        if ready.len() < 2 {
            return Vec::new();
        }
        let method = |(place, form): (usize, &form::Form)| Method {
            label: self.label(form),
            url: routes::connector_with(&self.connector.id, now.options(&form.method)),
            current: place == self.chosen,
        };
        ready.into_iter().map(method).collect()
    }

    fn label(&self, form: &form::Form) -> Phrase {
        let language = &self.locale.language;
        let sign_in = || language.say("connect-way-sign-in").with("app", Value::Name(self.connector.name.clone()));
        let is_only_sign_in = self.forms.iter().filter(|other| other.wants_redirect).count() == 1;
        match &form.title {
            Some(title) => language.wording(title),
            None if form.wants_redirect && is_only_sign_in => sign_in(),
            None => language.field_list(form).unwrap_or_else(sign_in),
        }
    }
}

/// The app with that id. Returns `NotFound` if it does not exist or the session does not allow it.
pub(crate) async fn offered(site: &Site, session: &ConnectSession, id: &str) -> Result<Connector, Problem> {
    let connector = site.catalogue.connector(id).await?.ok_or(Problem::NotFound)?;
    if session.allows(&connector.id) { Ok(connector) } else { Err(Problem::NotFound) }
}

pub(crate) fn of_connector(connections: Vec<Connection>, connector: &Connector) -> Vec<Connection> {
    connections.into_iter().filter(|known| known.credential.connector.same_as(&connector.id)).collect()
}

/// The page of an app that the host has to set up first.
pub(crate) async fn not_set_up(
    site: &Site,
    visitor: &Visitor,
    connector: &Connector,
    options: ConnectOptions<'_>,
    reference: Reference,
) -> Result<HttpResponse, Problem> {
    tracing::warn!(connector = %connector.id, reason = %Reason::NotConfigured, "an auth_config_id is missing");
    nothing_begun(site, visitor, connector, Cause::NotConfigured, options, reference).await
}

pub(crate) async fn nothing_begun(
    site: &Site,
    visitor: &Visitor,
    connector: &Connector,
    cause: Cause,
    options: ConnectOptions<'_>,
    reference: Reference,
) -> Result<HttpResponse, Problem> {
    visitor.record_end().await;
    let page = NotLinked {
        frame: frame_of(site, &visitor.locale, &visitor.session),
        app: app(connector),
        cause,
        again_url: routes::connector_with(&connector.id, options),
        choose_url: choose_url(site, &visitor.session).await,
        consent_name: None,
        revoke_url: None,
        reference: reference.to_string(),
    };
    answer(StatusCode::SERVICE_UNAVAILABLE, &page.page())
}

/// The action of the button: a form with a password signs in, one with another secret stores a key.
pub(crate) fn way(form: &form::Form) -> Way {
    let english = Language::default();
    let named = |field: &form::Field| english.wording(&field.label).plain().to_lowercase();
    let password = |field: &form::Field| field.is_secret() && named(field).contains("password");
    match (form.wants_redirect, form.fields.iter().any(password)) {
        (true, _) => Way::SignIn,
        (false, true) => Way::Details,
        (false, false) => Way::Key,
    }
}

fn shown(language: &Language, field: &form::Field, now: &FormState<'_>) -> pages::Field {
    let (submitted, error) = match now.mistakes {
        Some((body, mistakes)) => (body.fields(), mistakes.get(&field.name)),
        None => (&[][..], None),
    };
    let value = field.initial_value(submitted);
    let has_lines = field.shows_lines(submitted);
    let input = match &field.kind {
        FieldKind::Text if has_lines => Input::Lines(value),
        FieldKind::Secret if has_lines => Input::SecretLines,
        FieldKind::Text => Input::Text(value),
        FieldKind::Secret => Input::Secret,
        FieldKind::Email => Input::Email(value),
        FieldKind::Url => Input::Url(value),
        FieldKind::Number | FieldKind::Integer => Input::Number(value),
        FieldKind::Flag => Input::Checkbox(!matches!(value.as_str(), "" | "false")),
        FieldKind::Choice(choices) => {
            let choice = |choice: &form::Choice| Choice {
                value: choice.value.clone(),
                label: language.wording(&choice.label),
                selected: choice.value == value,
            };
            Input::Select(choices.iter().map(choice).collect())
        }
    };
    let hint = field.hint.as_ref().map(|hint| language.wording(hint));
    // Omit the example if the hint contains it.
    let hinted = hint.as_ref().map(Phrase::plain).unwrap_or_default();
    let example = field.example.as_ref().filter(|example| !hinted.contains(example.as_str()));
    pages::Field {
        name: field.name.clone(),
        label: language.wording(&field.label),
        hint,
        example: example.map(Into::into),
        help_url: field.help_url.clone(),
        required: field.required && error != Some(FieldError::Empty),
        autocomplete: autocomplete(field),
        error: error.map(|error| language.field_error(field, error)),
        input,
    }
}

/// HTML autofill name: only for the user's own sign-in at the app. `off` if the field may hold a key.
fn autocomplete(field: &form::Field) -> &'static str {
    let name = field.path.last().map(|name| name.to_ascii_lowercase()).unwrap_or_default();
    let odd = matches!(&field.label, Wording::Phrase(key) if key.contains("mailgun") || key.contains("freshdesk"));
    match (name.as_str(), &field.kind) {
        _ if odd => "off",
        ("username" | "user" | "login", kind) if *kind != FieldKind::Secret => "username",
        ("password", FieldKind::Secret) if !matches!(field.label, Wording::Phrase("field-jira-key")) => {
            "current-password"
        }
        (_, FieldKind::Email) | ("email", FieldKind::Text) => "email",
        _ => "off",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{connector::AuthenticationType, form::Field};

    #[test]
    fn only_a_password_makes_it_a_sign_in() {
        let secret = |label: &str| Field { label: label.into(), kind: FieldKind::Secret, ..Field::default() };
        let asking = |label| form::Form {
            wants_redirect: false,
            fields: vec![Field::default(), secret(label)],
            ..form::Form::bare(AuthenticationType::parse("basic").unwrap())
        };
        assert_eq!(way(&asking("Password")), Way::Details);
        assert_eq!(way(&asking("API key")), Way::Key);
        assert_eq!(way(&form::Form { wants_redirect: true, ..asking("Password") }), Way::SignIn);
    }
}
