//! The calls of a host's server to Gangway. Copy this file; only the drawer's two lines belong to the demo.

use std::{sync::Arc, time::Duration};

use actix_web::web::Bytes;
use reqwest::{Client, Request, RequestBuilder, StatusCode, redirect::Policy};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use time::{OffsetDateTime, serde::rfc3339};
use url::Url;

use super::{
    Options,
    accounts::User,
    behind_the_scenes::{Call, Drawer},
};

/// `POST /connect-sessions`: the user, and the URL to return to.
#[derive(Serialize)]
struct NewSession<'a> {
    user: NewUser<'a>,
    return_url: &'a Url,
    /// The connector to open at once; without it the user chooses.
    #[serde(skip_serializing_if = "Option::is_none")]
    connector: Option<&'a str>,
    /// The credential to replace.
    #[serde(skip_serializing_if = "Option::is_none")]
    reconnect: Option<&'a str>,
    /// `return` redirects straight after a link; without it Gangway's page offers what is next.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a str>,
}

/// What the user is to connect. The default lets them choose.
#[derive(Clone, Copy, Default)]
pub(crate) struct Goal<'a> {
    pub(crate) connector: Option<&'a str>,
    /// Id of the credential that the app no longer accepts.
    pub(crate) reconnect: Option<&'a str>,
}

/// Gangway stores the id and shows name and address, so that users see for whom they connect.
#[derive(Serialize)]
struct NewUser<'a> {
    id: &'a str,
    name: &'a str,
    email: &'a str,
}

/// The response. Code and link are one-time secrets for this user's browser; never log them.
#[derive(Deserialize)]
pub(crate) struct ConnectSession {
    /// An attempt names it again.
    pub(crate) id: String,
    pub(crate) start_code: SecretString,
    pub(crate) url: SecretString,
    /// With it, Gangway's script in our page reads the outcome. It opens nothing.
    pub(crate) watch: SecretString,
    #[serde(with = "rfc3339")]
    pub(crate) expires_at: OffsetDateTime,
}

/// `GET /connectors`
#[derive(Deserialize)]
struct Apps {
    connectors: Vec<App>,
}

/// An app in Gangway's words, which are those of its pages.
#[derive(Deserialize)]
pub(crate) struct App {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) icon_url: Url,
    /// False for an app that Gangway's settings switch off.
    pub(crate) enabled: bool,
}

/// `GET /link-attempts/{id}`: outcome and user.
#[derive(Deserialize)]
pub(crate) struct LinkAttempt {
    pub(crate) state: String,
    pub(crate) reason: Option<String>,
    pub(crate) connector: String,
    pub(crate) session_id: String,
    pub(crate) credential_id: Option<String>,
    /// The earlier credential, after a reconnect.
    pub(crate) replaces: Option<String>,
    user: AttemptUser,
}

/// `POST /link-attempts/complete`: the code of the browser, and the user signed in there.
#[derive(Serialize)]
struct Completion<'a> {
    completion: &'a str,
    user_id: &'a str,
}

/// The response: the attempt, and the URL to continue at.
#[derive(Deserialize)]
pub(crate) struct Completed {
    pub(crate) continue_url: String,
}

#[derive(Deserialize)]
struct AttemptUser {
    id: String,
}

/// `GET /users/{id}/connections`
#[derive(Deserialize)]
struct Connections {
    connections: Vec<Connection>,
}

/// `name` is such as "Jane's Slack", and `account` such as "Acme HQ".
#[derive(Deserialize)]
pub(crate) struct Connection {
    pub(crate) credential_id: String,
    /// With the credential's id, what a call to Alloy needs (`alloy.rs`).
    #[serde(default)]
    pub(crate) alloy_user_id: Option<String>,
    #[serde(default)]
    pub(crate) account: Option<String>,
    #[serde(default)]
    status: Option<String>,
    pub(crate) connector: String,
    pub(crate) name: String,
    #[serde(default, with = "rfc3339::option")]
    pub(crate) created_at: Option<OffsetDateTime>,
}

impl Connection {
    /// The app no longer accepts it: ask the user to connect again.
    pub(crate) fn needs_reconnect(&self) -> bool {
        self.status.as_deref() == Some("needs_reconnect")
    }
}

/// Body of every error (RFC 9457); `reference` leads to Gangway's log.
#[derive(Debug, Deserialize)]
pub(crate) struct Problem {
    pub(crate) title: String,
    pub(crate) status: u16,
    pub(crate) reference: Option<String>,
}

/// A failed call.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("Gangway does not answer")]
    Unreachable(#[from] reqwest::Error),
    #[error("Gangway refused: {} ({})", .0.title, .0.status)]
    Refused(Problem),
    #[error("Gangway's answer ({0}) is not what its API describes")]
    Unexpected(StatusCode),
    #[error("the link attempt is another user's")]
    OtherUser {
        /// The attempt ended because the completing user is not the one who began it.
        mismatch: bool,
    },
}

pub(crate) struct Gangway {
    http: Client,
    options: Options,
    return_url: Url,
    drawer: Arc<Drawer>,
}

impl Gangway {
    pub(crate) fn new(options: Options, return_url: Url, drawer: Arc<Drawer>) -> Result<Self, reqwest::Error> {
        let http = Client::builder()
            .connect_timeout(Duration::from_secs(2))
            .timeout(Duration::from_secs(10))
            .redirect(Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self { http, options, return_url, drawer })
    }

    /// The URL that takes a start code from a form of ours.
    pub(crate) fn start_url(&self) -> Url {
        at(&self.options.gangway_public_url, &["start"])
    }

    /// Gangway's script for pages, which opens the window.
    pub(crate) fn script_url(&self) -> Url {
        at(&self.options.gangway_public_url, &["embed", "v1.js"])
    }

    /// Origin of this host.
    pub(crate) fn host_url(&self) -> &Url {
        &self.options.public_url
    }

    /// Creates a session in which this user can connect apps.
    pub(crate) async fn connect_session(&self, user: &User, goal: Goal<'_>) -> Result<ConnectSession, Failure> {
        let session = NewSession {
            user: NewUser { id: user.id, name: user.name, email: user.email },
            return_url: &self.return_url,
            connector: goal.connector,
            reconnect: goal.reconnect,
            after: goal.connector.map(|_| "return"),
        };
        self.send(user, self.http.post(self.api(&["connect-sessions"])).json(&session)).await
    }

    /// Reads an attempt. Its id came from a browser, so the attempt must be this user's.
    pub(crate) async fn link_attempt(&self, user: &User, id: &str) -> Result<LinkAttempt, Failure> {
        let attempt: LinkAttempt = self.send(user, self.http.get(self.api(&["link-attempts", id]))).await?;
        let mismatch = attempt.reason.as_deref() == Some("completion_mismatch");
        if attempt.user.id == user.id { Ok(attempt) } else { Err(Failure::OtherUser { mismatch }) }
    }

    /// Completes an attempt for the signed-in user. Our session decides, not the browser.
    pub(crate) async fn complete(&self, user: &User, code: &str) -> Result<Completed, Failure> {
        let said = Completion { completion: code, user_id: user.id };
        self.send(user, self.http.post(self.api(&["link-attempts", "complete"])).json(&said)).await
    }

    /// The apps that can be connected, for all users.
    pub(crate) async fn apps(&self, user: &User) -> Result<Vec<App>, Failure> {
        let answer: Apps = self.send(user, self.http.get(self.api(&["connectors"]))).await?;
        Ok(answer.connectors)
    }

    /// The user's connections.
    pub(crate) async fn connections(&self, user: &User) -> Result<Vec<Connection>, Failure> {
        let url = self.api(&["users", user.id, "connections"]);
        let answer: Connections = self.send(user, self.http.get(url)).await?;
        Ok(answer.connections)
    }

    /// Reports that the app refused the credential: Gangway then shows that the connection needs attention.
    pub(crate) async fn refused(&self, user: &User, credential_id: &str) -> Result<(), Failure> {
        let url = self.api(&["users", user.id, "connections", credential_id, "refused"]);
        self.send_for_nothing(user, self.http.post(url).json(&serde_json::json!({}))).await
    }

    /// Removes a connection.
    pub(crate) async fn remove(&self, user: &User, credential_id: &str) -> Result<(), Failure> {
        let url = self.api(&["users", user.id, "connections", credential_id]);
        self.send_for_nothing(user, self.http.delete(url)).await
    }

    fn api(&self, path: &[&str]) -> Url {
        at(&at(&self.options.gangway_url, &["api", "v1"]), path)
    }

    async fn send<T: DeserializeOwned>(&self, user: &User, request: RequestBuilder) -> Result<T, Failure> {
        let (status, body) = self.successful(user, request).await?;
        serde_json::from_slice(&body).map_err(|_| Failure::Unexpected(status))
    }

    /// A call that answers 204.
    async fn send_for_nothing(&self, user: &User, request: RequestBuilder) -> Result<(), Failure> {
        self.successful(user, request).await.map(|_| ())
    }

    async fn successful(&self, user: &User, request: RequestBuilder) -> Result<(StatusCode, Bytes), Failure> {
        let request = request.bearer_auth(self.options.host_api_key.expose_secret()).build()?;
        let call = Call::begin(&request, "GANGWAY_API_KEY");
        let answer = self.answer(request).await;
        self.drawer.add(user, call.end(&answer));
        understood(answer).inspect_err(|failure| tracing::warn!(%failure, "a call to Gangway failed"))
    }

    async fn answer(&self, request: Request) -> Result<(StatusCode, Bytes), reqwest::Error> {
        let response = self.http.execute(request).await?;
        Ok((response.status(), response.bytes().await?))
    }
}

/// The response, or its problem.
fn understood(answer: Result<(StatusCode, Bytes), reqwest::Error>) -> Result<(StatusCode, Bytes), Failure> {
    let (status, body) = answer?;
    if status.is_success() {
        Ok((status, body))
    } else {
        Err(serde_json::from_slice(&body).map_or(Failure::Unexpected(status), Failure::Refused))
    }
}

/// A path below the base URL, each segment escaped.
pub(crate) fn at(base: &Url, path: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}
