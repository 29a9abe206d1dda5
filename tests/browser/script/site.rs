//! A host whose pages use the script: what its server was sent, and what it answers.

use std::{
    collections::HashMap,
    net::TcpListener,
    sync::{Arc, Mutex, OnceLock},
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    http::header::{ACCEPT, CONTENT_TYPE, LOCATION},
    web::{self, Bytes, Data, Path, Query},
};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::world::{HOST_KEY, World};

/// What it answers to a script that posts the form.
#[derive(Debug, Clone, Default)]
pub(crate) enum Answer {
    #[default]
    Session,
    /// With a ticket that opens nothing.
    OtherTicket,
    /// A page, as servers have it that know nothing of scripts.
    Page,
    /// Another page, as where nobody is signed in any more.
    Redirect,
    /// A session, once it is told to.
    Later(Arc<Notify>),
}

/// A form that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub path: String,
    pub body: String,
    pub by_script: bool,
}

pub(crate) struct Site {
    port: u16,
    state: Data<State>,
}

#[derive(Default)]
struct State {
    /// Where browsers and where servers reach Gangway.
    gangway: OnceLock<(String, String)>,
    answer: Mutex<Answer>,
    sent: Mutex<Vec<Sent>>,
}

impl Site {
    pub(crate) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Data::<State>::default();
        let shared = state.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .route("/connect", web::post().to(connect))
                .route("/login", web::get().to(login))
                .route("/{file}.js", web::get().to(script))
                .route("/{page}", web::get().to(page))
        });
        tokio::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
        Self { port, state }
    }

    pub(crate) fn embeds(&self, world: &World) {
        self.state.gangway.set((world.gangway.clone(), world.api.clone())).unwrap();
    }

    /// Its origin by that name.
    pub(crate) fn origin(&self, name: &str) -> String {
        format!("http://{name}:{}", self.port)
    }

    pub(crate) fn answers(&self, answer: Answer) {
        *self.state.answer.lock().unwrap() = answer;
    }

    /// The forms that were sent since the last call.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        std::mem::take(&mut self.state.sent.lock().unwrap())
    }

    /// Returns whether none was sent since then.
    pub(crate) fn has_none(&self) -> bool {
        self.state.sent.lock().unwrap().is_empty()
    }
}

impl State {
    fn gangway(&self) -> &str {
        &self.gangway.get().unwrap().0
    }

    async fn session(&self, connector: Option<&str>) -> Value {
        let address = format!("{}/api/v1/connect-sessions", self.gangway.get().unwrap().1);
        let mut wanted = json!({ "user": { "id": "jane", "name": "Jane Doe" } });
        if let Some(connector) = connector {
            wanted["connector"] = connector.into();
        }
        let request = reqwest::Client::new().post(address).bearer_auth(HOST_KEY).json(&wanted);
        request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
    }
}

/// A page with the policies that its query names.
async fn page(state: Data<State>, page: Path<String>, query: Query<HashMap<String, String>>) -> HttpResponse {
    let text = match page.as_str() {
        "element" => include_str!("element.html"),
        "call" => include_str!("call.html"),
        "frame" => include_str!("frame.html"),
        _ => return HttpResponse::NotFound().finish(),
    };
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, "text/html; charset=utf-8"));
    for name in ["content-security-policy", "content-security-policy-report-only"] {
        if let Some(policy) = query.get(name) {
            answer.insert_header((name, policy.as_str()));
        }
    }
    answer.body(text.replace("{gangway}", state.gangway()))
}

async fn script(state: Data<State>, file: Path<String>) -> HttpResponse {
    let text = match file.as_str() {
        "told" => include_str!("told.js"),
        "call" => include_str!("call.js"),
        _ => return HttpResponse::NotFound().finish(),
    };
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/javascript")).body(text.replace("{gangway}", state.gangway()))
}

async fn connect(state: Data<State>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let accepts = request.headers().get(ACCEPT).and_then(|accepts| accepts.to_str().ok()).unwrap_or_default();
    let by_script = accepts.starts_with("application/json");
    let body = String::from_utf8(body.to_vec()).unwrap();
    let path = request.uri().to_string();
    state.sent.lock().unwrap().push(Sent { path, body: body.clone(), by_script });
    let html = |title: &str| {
        let page = format!("<!doctype html><title>…</title><h1>{title}</h1>");
        HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/html; charset=utf-8")).body(page)
    };
    if !by_script {
        return html("Without script");
    }
    let answer = state.answer.lock().unwrap().clone();
    let connector = body.rsplit_once("connector=").map(|(_, connector)| connector);
    let mut session = match &answer {
        Answer::Page => return html("With script"),
        Answer::Redirect => return HttpResponse::SeeOther().insert_header((LOCATION, "/login")).finish(),
        _ => state.session(connector).await,
    };
    match answer {
        Answer::OtherTicket => session["watch"] = "another".into(),
        Answer::Later(told) => told.notified().await,
        _ => {}
    }
    HttpResponse::Ok().json(session)
}

async fn login(state: Data<State>, request: HttpRequest) -> HttpResponse {
    let path = request.uri().to_string();
    state.sent.lock().unwrap().push(Sent { path, body: String::new(), by_script: false });
    HttpResponse::Ok().body("")
}
