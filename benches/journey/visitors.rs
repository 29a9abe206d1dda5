//! The people who press: users at the sandbox, each with a live session at Gangway.

use std::net::SocketAddr;

use anyhow::Context as _;
use gangway::{sandbox::API_KEY, web::routes};
use reqwest::{
    Client, RequestBuilder, Response, StatusCode,
    header::{CONTENT_TYPE, LOCATION, ORIGIN, SET_COOKIE},
    redirect::Policy,
};
use serde_json::{Value, json};

use crate::process::{HOST_KEY, HOST_ORIGIN, RETURN_URL};

const FORM: &str = "application/x-www-form-urlencoded";

/// What makes visitors.
pub(crate) struct Host {
    http: Client,
    upstream: SocketAddr,
    gangway: SocketAddr,
}

/// One browser with a live session.
pub(crate) struct Visitor {
    cookie: String,
    form_token: String,
    origin: String,
}

impl Host {
    pub(crate) fn new(upstream: SocketAddr, gangway: SocketAddr) -> anyhow::Result<Self> {
        let http = Client::builder().no_proxy().redirect(Policy::none()).build()?;
        Ok(Self { http, upstream, gangway })
    }

    /// A new user of Alloy who has two accounts connected already; gives Alloy's id.
    pub(crate) async fn user(&self, name: &str) -> anyhow::Result<String> {
        let user = self.upstream("/users", &json!({ "username": name, "fullName": "Jane Doe" })).await?;
        let id = text(&user, "userId")?;
        for (connector, kind, data) in [
            ("shippo", "bearer", json!({ "token": "a-token" })),
            ("trello", "apiKey", json!({ "apiKey": "a-key", "token": "a-token" })),
        ] {
            let body = json!({ "userId": id, "authenticationType": kind, "data": data });
            self.upstream(&format!("/connectors/{connector}/credentials"), &body).await?;
        }
        Ok(id)
    }

    async fn upstream(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let call = self.http.post(format!("http://{}{path}", self.upstream)).header("x-api-version", "2025-09");
        Ok(call.bearer_auth(API_KEY).json(body).send().await?.error_for_status()?.json().await?)
    }

    /// The browser of that user: a session for these apps (all, if none is named), redeemed, and one look at an app.
    pub(crate) async fn visitor(&self, user: &str, connectors: &[&str]) -> anyhow::Result<Visitor> {
        let wanted = json!({
            "user": { "id": user, "name": "Jane Doe", "email": "jane@acme.test", "alloy_user_id": user },
            "connectors": connectors,
            "return_url": RETURN_URL,
        });
        let made = self.gangway_post("/api/v1/connect-sessions").bearer_auth(HOST_KEY).json(&wanted).send().await?;
        let code = text(&made.error_for_status()?.json().await?, "start_code")?;
        let start = self.gangway_post(routes::START).header(ORIGIN, HOST_ORIGIN).header(CONTENT_TYPE, FORM);
        let arrived = start.body(format!("code={code}")).send().await?;
        let cookie = arrived.headers().get(SET_COOKIE).context("no cookie")?.to_str()?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let origin = format!("http://localhost:{}", self.gangway.port());
        let mut visitor = Visitor { cookie, origin, form_token: String::new() };
        let page = self.gangway_get("/connectors/slack", &visitor, "").await?.text().await?;
        let token = page.split_once("name=\"form_token\" value=\"").and_then(|(_, rest)| rest.split_once('"'));
        token.context("no form token")?.0.clone_into(&mut visitor.form_token);
        Ok(visitor)
    }

    fn gangway_post(&self, path: &str) -> RequestBuilder {
        self.http.post(format!("http://{}{path}", self.gangway))
    }

    /// A page as Gangway sends it to a browser with these encodings.
    pub(crate) async fn gangway_get(&self, path: &str, by: &Visitor, encodings: &str) -> anyhow::Result<Response> {
        let request = self.http.get(format!("http://{}{path}", self.gangway));
        let answer = request.header("cookie", &by.cookie).header("accept-encoding", encodings).send().await?;
        let (status, location) = (answer.status(), answer.headers().get(LOCATION));
        anyhow::ensure!(status == StatusCode::OK, "{path} gives {status} {location:?}");
        Ok(answer)
    }
}

impl Visitor {
    /// The list page, asked for as a browser does.
    pub(crate) fn lists(&self) -> Vec<u8> {
        format!(
            "GET {} HTTP/1.1\r\nhost: localhost\r\ncookie: {}\r\naccept: text/html\r\naccept-encoding: gzip, br\r\n\
             sec-fetch-site: same-origin\r\nsec-fetch-mode: navigate\r\nsec-fetch-dest: document\r\n\r\n",
            routes::CONNECTORS,
            self.cookie
        )
        .into_bytes()
    }

    /// The button of an app's page.
    pub(crate) fn starts(&self, connector: &str) -> Vec<u8> {
        self.sends(connector, "&method=oauth2")
    }

    /// The form of an app that is given a key.
    pub(crate) fn saves_a_key(&self, connector: &str) -> Vec<u8> {
        self.sends(connector, "&data.apiKey=a-key&data.token=a-token")
    }

    fn sends(&self, connector: &str, fields: &str) -> Vec<u8> {
        let body = format!("form_token={}{fields}", self.form_token);
        format!(
            "POST /connectors/{connector}/link HTTP/1.1\r\nhost: localhost\r\ncookie: {}\r\norigin: {}\r\n\
             accept: text/html\r\naccept-encoding: gzip, br\r\nsec-fetch-site: same-origin\r\n\
             sec-fetch-mode: navigate\r\nsec-fetch-dest: document\r\ncontent-type: {FORM}\r\n\
             content-length: {}\r\n\r\n{body}",
            self.cookie,
            self.origin,
            body.len()
        )
        .into_bytes()
    }
}

fn text(answer: &Value, field: &str) -> anyhow::Result<String> {
    Ok(answer.get(field).and_then(Value::as_str).with_context(|| format!("no {field} in {answer}"))?.to_owned())
}
