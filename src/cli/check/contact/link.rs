//! `gangway check --link`: one link by the operator's own browser, from the button to the deletion.

use std::{
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::SecretString;
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::{Instant, sleep, timeout},
};
use url::Url;

use super::{
    client,
    listener::{self, Desk, Return, Visit},
    report::Report,
    seen,
    throw_away::ThrowAway,
};
use crate::{
    alloy::{AlloyClient, AlloyError, Created, NewCredential, first_contact::ListedForm},
    catalogue::diagnosis::diagnose,
    cli::{Check, Terminal, check::report::Outcome},
    config::Settings,
    domain::{
        clock::{Entropy, random_32},
        connector::{AuthenticationType, ConnectorId},
        form::FormValues,
        session::{AlloyUserId, StartCode},
    },
    server::CommandStop,
    web::routes,
};

/// Alloy's authorization links live one hour.
const LONGEST_VISIT: Duration = Duration::from_secs(15 * 60);
pub(super) const LONGEST_LAG: Duration = Duration::from_secs(60);
/// After a refusal nothing is expected to be listed.
pub(super) const AFTER_REFUSAL: Duration = Duration::from_secs(5);
pub(super) const LEAKING_LIST: &str =
    "DANGER: a new user has credentials already, so Alloy lists those of others. Do not go live.";
pub(super) const POLL_INTERVAL: Duration = Duration::from_millis(500);

pub(super) async fn run(
    arguments: &Check,
    app: &ConnectorId,
    settings: &Settings,
    entropy: &dyn Entropy,
    terminal: &mut Terminal<'_>,
    report: &mut Report,
) -> anyhow::Result<Outcome> {
    let bind = settings.server.bind;
    let socket = TcpListener::bind(bind).with_context(|| {
        format!("server.bind: {bind} cannot be had. Stop `gangway serve` for this check: the browser returns to that address")
    })?;
    let (client, mut stop) = (client(settings)?, CommandStop::listen());
    terminal.complain("Making the user …");
    let user = ThrowAway::create(settings, entropy, &client, report).await;
    let may_come = Arc::default();
    let stay = Stay { arguments, app, settings, client: &client, entropy, may_come: &may_come };
    let lists_its_own = match user.id() {
        Some(id) => stay.lists_nothing(id, report).await,
        None => false,
    };
    let complete = match user.id().filter(|_| lists_its_own) {
        Some(id) => tokio::select! {
            complete = stay.link(id, socket, terminal, report) => complete?,
            () = stop.next() => {
                report.remark("Stopped before the end: what follows is missing.");
                false
            }
        },
        None => {
            report.remark("Without a user and a list of its own nothing was linked.");
            false
        }
    };
    terminal.complain("Cleaning up …");
    if let (Some(id), Ok(client)) = (user.id().filter(|_| lists_its_own), &super::client(settings)) {
        Stay { client, ..stay }.delete_all(id, user.username(), report, terminal, &mut stop).await;
    }
    let is_clean = user.remove(settings, &mut stop, report, terminal).await;
    Ok(if complete && is_clean { Outcome::Fit } else { Outcome::Unfit })
}

/// One link of one user.
pub(super) struct Stay<'a> {
    arguments: &'a Check,
    pub(super) app: &'a ConnectorId,
    settings: &'a Settings,
    pub(super) client: &'a AlloyClient,
    entropy: &'a dyn Entropy,
    /// Whether the link was opened and neither a refusal nor a credential has come.
    pub(super) may_come: &'a Arc<AtomicBool>,
}

impl Stay<'_> {
    async fn link(
        &self,
        user: &AlloyUserId,
        socket: TcpListener,
        terminal: &mut Terminal<'_>,
        report: &mut Report,
    ) -> anyhow::Result<bool> {
        let Some(way) = self.way(report).await else { return Ok(false) };
        let random = || URL_SAFE_NO_PAD.encode(random_32(self.entropy));
        let (state, code) = (random(), random());
        report.hide(&state);
        report.hide(&code);
        let public = &self.settings.server.public_url;
        let redirect_uri = public.join(&routes::callback(&state))?;
        let Some(authorization_url) = self.authorize(user, &way, &redirect_uri, report).await else { return Ok(false) };
        let (visits, mut visited) = unbounded_channel();
        let code = StartCode::parse(&code)?;
        let start = public.join(&routes::start(&code))?;
        let desk = Desk {
            code,
            state,
            authorization_url,
            visits,
            pressed: Mutex::new(false),
            may_come: Arc::clone(self.may_come),
        };
        let server = listener::serve(socket, desk)?;
        terminal.complain(&format!(
            "Open this in your browser, once, and connect an account of yours:\n{start}\nWaiting …"
        ));
        let returned = timeout(LONGEST_VISIT, self.returned(user, &mut visited)).await.ok().flatten();
        let since = Instant::now();
        seen::report_return(returned.as_ref(), report);
        let longest = match &returned {
            Some(Return { refusal: Some(_), .. }) => {
                self.may_come.store(false, Ordering::Relaxed);
                AFTER_REFUSAL
            }
            _ => LONGEST_LAG,
        };
        let listed = self.appear(user, longest).await;
        seen::report_credential(listed.as_ref(), since.elapsed(), returned.is_some(), report);
        if let (Some(listed), Some(action)) = (&listed, &self.arguments.action) {
            self.act(user, listed, action, report).await;
        }
        if let Some(listed) = &listed {
            self.may_come.store(false, Ordering::Relaxed);
            self.delete(user, listed, report).await;
        }
        server.stop(false).await;
        Ok(listed.is_some())
    }

    /// The first way to sign in that needs no form.
    async fn way(&self, report: &mut Report) -> Option<AuthenticationType> {
        let table = self.settings.connectors.of(self.app);
        let entries = self.client.metadata_entries(self.app).await;
        report.call("GET /connectors/{id}/credentials/metadata", &entries, |all| format!("{} entries", all.len()));
        let Ok(entries) = entries else {
            let named = table.and_then(|table| table.authentication_type.clone());
            return AuthenticationType::parse(named.unwrap_or_else(|| "oauth2".to_owned())).ok();
        };
        let forms = diagnose(self.app, &entries, table).into_iter().filter_map(|one| one.result.ok());
        let way = forms.into_iter().find(|form| form.wants_redirect && form.fields.iter().all(|field| !field.required));
        if way.is_none() {
            report.remark(format!(
                "{} has no way to sign in without a form: link it on the pages (`gangway session create`).",
                self.app
            ));
        }
        way.map(|form| form.authentication_type)
    }

    async fn authorize(
        &self,
        user: &AlloyUserId,
        way: &AuthenticationType,
        redirect_uri: &Url,
        report: &mut Report,
    ) -> Option<SecretString> {
        let table = self.settings.connectors.of(self.app);
        let new = NewCredential {
            connector: self.app,
            user,
            authentication_type: way,
            auth_config_id: table.and_then(|table| table.auth_config_id.as_deref()),
            redirect_uri: Some(redirect_uri.as_str()),
            answers: &FormValues::default(),
        };
        let created = self.client.create_credential(new).await;
        let form = |created: &Created| match created {
            Created::Authorize(_) => "a link to the provider".to_owned(),
            Created::Saved(_) => "a credential, without a link".to_owned(),
        };
        report.call("POST /connectors/{id}/credentials", &created, form);
        let Ok(Created::Authorize(url)) = created else {
            if matches!(&created, Err(AlloyError::Refused(_))) {
                report.unknown("Redirect URI", "Alloy may accept listed ones only: look into its dashboard");
            }
            return None;
        };
        report.hide(url.expose());
        let parsed = Url::parse(url.expose()).ok()?;
        for (_, value) in parsed.query_pairs() {
            report.hide(&value);
        }
        // Without the setting every host is allowed, and a list with this app's host alone would refuse all others.
        if let Some(host) = parsed.host_str() {
            report.unknown("Hosts of authorization links", format!("{host} for {} (alloy.allowed_hosts)", self.app));
        }
        Some(url.expose().into())
    }

    /// Waits for the return. A credential that is listed long before it means that no return comes.
    async fn returned(&self, user: &AlloyUserId, visited: &mut UnboundedReceiver<Visit>) -> Option<Return> {
        let mut pressed = false;
        let mut listed_since: Option<Instant> = None;
        loop {
            match timeout(POLL_INTERVAL * 6, visited.recv()).await {
                Ok(Some(Visit::Returned(returned))) => return Some(returned),
                Ok(Some(Visit::Pressed)) => pressed = true,
                Ok(None) => return None,
                Err(_) if pressed => {
                    if matches!(self.listed(user).await, Ok(Some(_))) {
                        let since = *listed_since.get_or_insert_with(Instant::now);
                        if since.elapsed() > LONGEST_LAG {
                            return None;
                        }
                    }
                }
                Err(_) => {}
            }
        }
    }

    async fn list(&self, user: &AlloyUserId) -> Result<Vec<ListedForm>, AlloyError> {
        match self.client.listed_forms(user, None).await {
            Err(AlloyError::NotServed) => self.client.listed_forms(user, Some(self.app)).await,
            answer => answer,
        }
    }

    /// Whether the list of the new user is empty. Nothing is linked otherwise: what is listed is deleted at the end, and
    /// must not be of others.
    async fn lists_nothing(&self, user: &AlloyUserId, report: &mut Report) -> bool {
        match self.list(user).await {
            Ok(all) if all.is_empty() => return true,
            Ok(_) => report.remark(LEAKING_LIST),
            Err(error) => report.remark(format!("The user's connections cannot be listed: {error}")),
        }
        false
    }

    /// Returns an error for several credentials, which cannot come from one link.
    pub(super) async fn listed(&self, user: &AlloyUserId) -> Result<Option<ListedForm>, AlloyError> {
        let mut all = self.list(user).await?;
        if all.len() > 1 {
            return Err(AlloyError::Malformed("a list with several credentials of one link"));
        }
        Ok(all.pop())
    }

    pub(super) async fn appear(&self, user: &AlloyUserId, longest: Duration) -> Option<ListedForm> {
        let appear = async {
            loop {
                if let Ok(Some(listed)) = self.listed(user).await {
                    return listed;
                }
                sleep(POLL_INTERVAL).await;
            }
        };
        timeout(longest, appear).await.ok()
    }

    async fn act(&self, user: &AlloyUserId, listed: &ListedForm, action: &str, report: &mut Report) {
        let ran = self.client.run_action(user, self.app, action, &listed.id).await;
        report.call("POST /connectors/{id}/actions/{actionId}/execute", &ran, |(outer, texts)| {
            format!("answers with {}; texts in: {}", outer.join(", "), texts.join(", "))
        });
        if let Ok((_, texts)) = ran
            && let Some(field) = texts.first()
        {
            let (action, field) = (serde_json::Value::from(action), serde_json::Value::from(field.as_str()));
            let line = format!("whoami = {{ action = {action}, field = {field} }}");
            report.raw_setting(&format!("connectors.{}", self.app), line);
        }
    }
}
