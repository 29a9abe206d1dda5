//! Acme Notes as a browser sees it, with a mock of Gangway.

mod apps;
mod arrivals;
mod assistant;
mod completion;
mod drawer;
mod events;
mod product;
mod returns;
mod sharing;

use std::net::TcpListener;

use reqwest::{
    Client, Method, RequestBuilder, Response,
    header::{COOKIE, ORIGIN, SET_COOKIE},
    redirect::Policy,
};
use scraper::{Html, Selector};
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path},
};

use super::{Acme, Options};

const API_KEY: &str = "host-key-of-this-test";
const SESSION: &str = "0190c0de-0000-7000-8000-000000000001";
const ALLOY_KEY: &str = "alloy-key-of-this-test";
const WEBHOOK_SECRET: &str = "whsec_YWNtZS1ub3Rlcy1zZWNyZXQtYWNtZS1ub3Rlcy0=";
const ALLOY_USER: &str = "5eba51a03fe9631316668514";
const START_CODE: &str = "one-time-start-code";
const WATCH: &str = "ticket-for-the-outcome";

/// A browser, Acme Notes, and a mock of Gangway.
struct World {
    gangway: MockServer,
    acme: String,
    http: Client,
    cookie: Option<String>,
}

impl World {
    /// Starts Acme Notes. The mock has no responses yet.
    async fn start() -> Self {
        let gangway = MockServer::start().await;
        let url = gangway.uri();
        Self::asking(gangway, &url)
    }

    /// Starts Acme Notes without Gangway: nothing listens on port 1.
    async fn without_gangway() -> Self {
        Self::asking(MockServer::start().await, "http://127.0.0.1:1")
    }

    fn asking(gangway: MockServer, gangway_url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let acme = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let options = Options {
            gangway_url: gangway_url.parse().unwrap(),
            gangway_public_url: "https://connect.acme.test".parse().unwrap(),
            host_api_key: API_KEY.into(),
            webhook_secret: WEBHOOK_SECRET.into(),
            public_url: acme.parse().unwrap(),
            alloy_url: format!("{}/alloy", gangway.uri()).parse().unwrap(),
            alloy_api_key: ALLOY_KEY.into(),
            slack_url: "https://slack.test".parse().unwrap(),
        };
        let running = Acme::start(listener, options).unwrap();
        actix_web::rt::spawn(running.run_until_stopped());
        let http = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        Self { gangway, acme, http, cookie: None }
    }

    /// Sets the response to a call that has the right key.
    async fn gangway_says(&self, verb: &str, at: &str, status: u16, body: Value) {
        Mock::given(method(verb))
            .and(path(format!("/api/v1{at}")))
            .and(header("authorization", format!("Bearer {API_KEY}")))
            .respond_with(ResponseTemplate::new(status).set_body_json(body))
            .mount(&self.gangway)
            .await;
    }

    async fn gangway_makes_sessions(&self) {
        let session = json!({
            "id": SESSION,
            "url": format!("https://connect.acme.test/start?code={START_CODE}"),
            "start_code": START_CODE,
            "watch": WATCH,
            "expires_at": "2026-03-03T14:05:00Z",
        });
        self.gangway_says("POST", "/connect-sessions", 201, session).await;
    }

    async fn gangway_offers(&self, connectors: &[&str]) {
        let app = |id: &&str| {
            json!({
                "id": id, "name": format!("The {id}"), "description": "Team chat", "category": null, "permissions": [],
                "icon_url": format!("https://connect.acme.test/icons/{id}"), "enabled": *id != "off",
            })
        };
        let connectors: Vec<Value> = connectors.iter().map(app).collect();
        self.gangway_says("GET", "/connectors", 200, json!({ "connectors": connectors, "stale": false })).await;
    }

    async fn gangway_lists(&self, user: &str, connections: Value) {
        let at = format!("/users/{user}/connections");
        self.gangway_says("GET", &at, 200, json!({ "connections": connections })).await;
    }

    /// Sets the response of Alloy to the action, if the call names Jane's Alloy user.
    async fn alloy_answers(&self, answer: ResponseTemplate) {
        Mock::given(method("POST"))
            .and(path("/alloy/connectors/slack/actions/chat_postMessage/execute"))
            .and(header("authorization", format!("Bearer {ALLOY_KEY}")))
            .and(header("x-api-version", "2025-09"))
            .and(header("x-alloy-userid", ALLOY_USER))
            .respond_with(answer)
            .mount(&self.gangway)
            .await;
    }

    /// The calls to that path, with their bodies.
    async fn calls(&self, verb: &str, end: &str) -> Vec<Value> {
        let requests = self.gangway.received_requests().await.unwrap();
        let called = requests.iter().filter(|call| call.method == verb && call.url.path().ends_with(end));
        called.map(|call| call.body_json().unwrap_or_default()).collect()
    }

    async fn open(&mut self, at: &str) -> Page {
        self.send(self.http.get(format!("{}{at}", self.acme))).await
    }

    /// Submits a form of our own page.
    async fn press(&mut self, at: &str, form: &str) -> Page {
        self.send(self.form(at, form).header(ORIGIN, &self.acme)).await
    }

    fn form(&self, at: &str, form: &str) -> RequestBuilder {
        let request = self.http.request(Method::POST, format!("{}{at}", self.acme));
        request.header("content-type", "application/x-www-form-urlencoded").body(form.to_owned())
    }

    async fn send(&mut self, request: RequestBuilder) -> Page {
        let request = match &self.cookie {
            Some(cookie) => request.header(COOKIE, cookie),
            None => request,
        };
        let response = request.send().await.unwrap();
        if let Some(set) = header_of(&response, SET_COOKIE.as_str()) {
            self.cookie = set.split(';').next().map(str::to_owned);
        }
        Page::of(response).await
    }

    async fn posted(&self) -> Vec<Value> {
        let requests = self.gangway.received_requests().await.unwrap();
        requests.iter().filter(|call| call.method == "POST").map(|call| call.body_json().unwrap()).collect()
    }
}

struct Page {
    status: u16,
    location: Option<String>,
    set_cookie: Option<String>,
    policy: Option<String>,
    html: String,
}

impl Page {
    async fn of(response: Response) -> Self {
        Self {
            status: response.status().as_u16(),
            location: header_of(&response, "location"),
            set_cookie: header_of(&response, "set-cookie"),
            policy: header_of(&response, "content-security-policy"),
            html: response.text().await.unwrap(),
        }
    }

    /// The texts of all elements that the selector finds.
    fn texts(&self, selector: &str) -> Vec<String> {
        let html = Html::parse_document(&self.html);
        let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        html.select(&Selector::parse(selector).unwrap()).map(|found| words(found.text().collect())).collect()
    }

    fn text(&self, selector: &str) -> String {
        self.texts(selector).join(" ")
    }

    /// One attribute of the first element that the selector finds.
    fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        self.attributes(selector, name).into_iter().next()
    }

    /// One attribute of every element that the selector finds and that has it.
    fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let html = Html::parse_document(&self.html);
        html.select(&Selector::parse(selector).unwrap())
            .filter_map(|found| found.attr(name))
            .map(str::to_owned)
            .collect()
    }
}

fn header_of(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
}

/// A connection of Jane's Slack as the API describes it.
fn slack(credential: &str, status: &str) -> Value {
    json!({
        "credential_id": credential, "connector": "slack", "name": format!("Jane's Slack {credential}"), "origin": "linked",
        "attempt_id": "a1", "alloy_user_id": ALLOY_USER, "status": status, "account": "Acme HQ",
        "created_at": "2026-03-03T14:00:00Z", "updated_at": null,
    })
}

/// A message as Alloy says that it was posted.
fn posted() -> ResponseTemplate {
    let message = json!({"text": "Spring release", "team": "T1"});
    let data = json!({"ok": true, "channel": "C1", "ts": "1.000000", "message": message});
    ResponseTemplate::new(200).set_body_json(json!({"responseData": data, "status": "success"}))
}

/// A link attempt as the API describes it.
fn attempt(user: &str, state: &str, reason: Option<&str>) -> Value {
    json!({
        "id": "a1", "state": state, "reason": reason, "connector": "slack", "credential_id": null, "replaces": null,
        "user": {"id": user}, "session_id": SESSION, "reference": "K7F3-92QD", "created_at": "2026-03-03T14:00:00Z",
        "settled_at": null, "timeline": [],
    })
}
