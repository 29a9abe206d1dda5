//! The page of one app, as several steps show it: before the session, in it, and again with mistakes.

use std::sync::Arc;

use actix_web::{HttpResponse, http::StatusCode};

use crate::{
    connection::{Connection, CredentialId},
    connector::Connector,
    form::{self, Kind, Mistakes},
    gangway::Gangway,
    link::{Reason, Reference},
    pages::{self, Account, Cause, Choice, Connect, Day, Input, Method, NotLinked, Way},
    problem::Problem,
    routes,
    session::ConnectSession,
};

use super::{
    posted::Posted,
    shown::{answer, app, choose_url, frame},
};

/// An app with the ways of signing in to it, one of which is shown.
pub(super) struct Opened<'a> {
    /// In whose session.
    pub session: &'a ConnectSession,
    /// The app.
    pub connector: &'a Connector,
    forms: Arc<[form::Form]>,
    chosen: usize,
    /// Where *Cancel* leads: to the other apps, else back to the host.
    cancel_url: Option<String>,
}

/// What the page knows beside the app itself.
#[derive(Default)]
pub(super) struct Situation<'a> {
    /// The connections of this app.
    pub connections: &'a [Connection],
    /// The one that is to be made anew.
    pub replaces: Option<&'a CredentialId>,
    /// What was submitted before, and what was wrong with it.
    pub mistakes: Option<(&'a Posted, &'a Mistakes)>,
}

impl<'a> Opened<'a> {
    /// Opens the app with the way of that name, or with the first one that is set up.
    ///
    /// # Errors
    /// `Upstream` when the vendor does not say how the app is signed in to.
    pub(super) async fn of(
        gangway: &Gangway,
        session: &'a ConnectSession,
        connector: &'a Connector,
        method: Option<&str>,
    ) -> Result<Self, Problem> {
        let forms = gangway.catalogue.methods(&connector.id).await?;
        let named = forms.iter().position(|form| Some(form.authentication_type.as_str()) == method);
        let ready = forms.iter().position(|form| !form.lacks_auth_config());
        let chosen = named.or(ready).unwrap_or_default();
        let cancel_url = choose_url(gangway, session).await.or_else(|| gangway.return_url(Some(session)));
        Ok(Self { session, connector, forms, chosen, cancel_url })
    }

    /// The form that is shown; `None` if the host has to set the app up first.
    pub(super) fn form(&self) -> Option<&form::Form> {
        self.forms.get(self.chosen).filter(|form| !form.lacks_auth_config())
    }

    /// The page. Its form is posted to `target` with what every such form carries.
    pub(super) fn page(
        &self,
        gangway: &Gangway,
        form: &form::Form,
        target: pages::Form,
        now: &Situation<'_>,
    ) -> Connect {
        let target = target.with("method", form.authentication_type.as_str());
        let target = match now.replaces {
            Some(replaces) => target.with("replaces", replaces.as_str()),
            None => target,
        };
        let replaced = now.connections.iter().find(|known| Some(&known.credential.id) == now.replaces);
        Connect {
            frame: frame(gangway, self.session),
            app: app(self.connector),
            way: way(form),
            methods: self.methods(now.replaces),
            permissions: self.connector.permissions.iter().map(Into::into).collect(),
            consent_name: self.connector.consent_name.as_ref().map(Into::into),
            accounts: accounts(gangway, self.connector, now.connections),
            reconnects: replaced.map(|known| known.credential.name.as_str().into()),
            fields: form.fields.iter().map(|field| shown(field, now)).collect(),
            form: target,
            by_link: false,
            docs_url: self.connector.docs_url.clone(),
            cancel_url: self.cancel_url.clone(),
        }
    }

    fn methods(&self, replaces: Option<&CredentialId>) -> Vec<Method> {
        let ready: Vec<_> = self.forms.iter().enumerate().filter(|(_, form)| !form.lacks_auth_config()).collect();
        if ready.len() < 2 {
            return Vec::new();
        }
        let method = |(place, form): (usize, &form::Form)| Method {
            label: if form.wants_redirect {
                format!("Sign in at {}", self.connector.name).into()
            } else {
                form.asks_for().into()
            },
            url: routes::connector_by(&self.connector.id, &form.authentication_type, replaces),
            current: place == self.chosen,
        };
        ready.into_iter().map(method).collect()
    }
}

/// The app of that id, if this session may link it.
///
/// # Errors
/// `NotFound`, whatever the reason.
pub(super) async fn offered(gangway: &Gangway, session: &ConnectSession, id: &str) -> Result<Connector, Problem> {
    let connector = gangway.catalogue.connector(id).await?.ok_or(Problem::NotFound)?;
    if session.allows(&connector.id) { Ok(connector) } else { Err(Problem::NotFound) }
}

/// Those of the connections that are this app's.
pub(super) fn of_connector(connections: Vec<Connection>, connector: &Connector) -> Vec<Connection> {
    connections.into_iter().filter(|known| known.credential.connector.same_as(&connector.id)).collect()
}

/// The page of an app that the host has to set up first.
///
/// # Errors
/// When the page cannot be written.
pub(super) async fn not_set_up(
    gangway: &Gangway,
    session: &ConnectSession,
    connector: &Connector,
    reference: Reference,
) -> Result<HttpResponse, Problem> {
    tracing::warn!(connector = %connector.id, reason = %Reason::NotConfigured, "an auth_config_id is missing");
    nothing_begun(gangway, session, connector, Cause::NotConfigured, reference).await
}

/// The page of an app with which nothing can be begun now, because the vendor does not answer.
///
/// # Errors
/// When the page cannot be written.
pub(super) async fn unavailable(
    gangway: &Gangway,
    session: &ConnectSession,
    connector: &Connector,
    reference: Reference,
) -> Result<HttpResponse, Problem> {
    nothing_begun(gangway, session, connector, Cause::ServiceDown, reference).await
}

async fn nothing_begun(
    gangway: &Gangway,
    session: &ConnectSession,
    connector: &Connector,
    cause: Cause,
    reference: Reference,
) -> Result<HttpResponse, Problem> {
    let page = NotLinked {
        frame: frame(gangway, session),
        app: app(connector),
        cause,
        again_url: routes::connector(&connector.id),
        choose_url: choose_url(gangway, session).await,
        consent_name: None,
        revoke_url: None,
        reference: reference.to_string(),
    };
    answer(StatusCode::SERVICE_UNAVAILABLE, &page.page())
}

/// The accounts of an app that are connected already.
pub(super) fn accounts(gangway: &Gangway, connector: &Connector, connections: &[Connection]) -> Vec<Account> {
    let account = |known: &Connection| Account {
        name: known.credential.name.as_str().into(),
        since: known.credential.created_at.map(|at| Day::of(at, gangway.clock.now())),
        reconnect_url: Some(routes::reconnect(&connector.id, &known.credential.id)),
    };
    connections.iter().map(account).collect()
}

/// What pressing the button does: a password makes it a sign-in, any other secret a key.
pub(crate) fn way(form: &form::Form) -> Way {
    let password = |field: &form::Field| field.is_secret() && field.label.to_lowercase().contains("password");
    match (form.wants_redirect, form.fields.iter().any(password)) {
        (true, _) => Way::SignIn,
        (false, true) => Way::Details,
        (false, false) => Way::Key,
    }
}

fn shown(field: &form::Field, now: &Situation<'_>) -> pages::Field {
    let (submitted, error) = match now.mistakes {
        Some((posted, mistakes)) => (posted.fields(), mistakes.of(&field.name)),
        None => (&[][..], None),
    };
    let value = field.shown(submitted);
    let input = match &field.kind {
        Kind::Text => Input::Text(value),
        Kind::Secret => Input::Secret,
        Kind::Email => Input::Email(value),
        Kind::Url => Input::Url(value),
        Kind::Number | Kind::Integer => Input::Number(value),
        Kind::Flag => Input::Checkbox(!matches!(value.as_str(), "" | "false")),
        Kind::Choice(choices) => {
            let choice = |choice: &form::Choice| Choice {
                value: choice.value.clone(),
                label: choice.label.as_str().into(),
                selected: choice.value == value,
            };
            Input::Select(choices.iter().map(choice).collect())
        }
    };
    pages::Field {
        name: field.name.clone(),
        label: field.label.as_str().into(),
        hint: field.hint.as_ref().map(Into::into),
        example: example(field).map(Into::into),
        help_url: field.help_url.clone(),
        required: field.required,
        error: error.map(Into::into),
        input,
    }
}

/// The example, unless the hint has it already.
fn example(field: &form::Field) -> Option<&String> {
    let hint = field.hint.as_deref().unwrap_or_default();
    field.example.as_ref().filter(|example| !hint.contains(example.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{connector::AuthenticationType, form::Field};

    #[test]
    fn only_a_password_makes_it_a_sign_in() {
        let secret = |label: &str| Field { label: label.to_owned(), kind: Kind::Secret, ..Field::default() };
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
