//! A product that embeds Gangway, with response headers of the test's choice: `/{policy}/{page}?user=…&connector=…`.

use std::{
    collections::HashMap,
    net::TcpListener,
    sync::{Mutex, OnceLock},
    time::Duration,
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    cookie::Cookie,
    http::header::{CONTENT_TYPE, LOCATION},
    web::{self, Data, Json, Path, Query},
};
use gangway::config::Settings;
use serde_json::{Value, json};

use super::policy::Policy;
use crate::world::{HOST_KEY, World};

/// How long the server takes for a session where the page asks for a slow one: longer than WebKit lets pages open windows
/// after a press.
const SLOW: Duration = Duration::from_millis(1_500);

/// The site.
pub(crate) struct HostSite {
    origin: String,
    state: Data<State>,
}

#[derive(Default)]
struct State {
    /// Where browsers and where servers reach Gangway.
    gangway: OnceLock<(String, String)>,
    /// The sessions of each user, oldest first.
    sessions: Mutex<HashMap<String, Vec<Value>>>,
    events: Mutex<Vec<Value>>,
}

type Fields = Query<HashMap<String, String>>;

impl HostSite {
    /// Listens on that name.
    pub(crate) fn named(name: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{name}:{}", listener.local_addr().unwrap().port());
        let state = Data::<State>::default();
        let shared = state.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .route("/sessions", web::post().to(session))
                .route("/webhooks", web::post().to(event))
                .route("/returned", web::get().to(returned))
                .route("/{file}.js", web::get().to(script))
                .route("/{policy}/{page}", web::get().to(page))
        });
        tokio::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
        Self { origin, state }
    }

    /// Settings that name it as the host.
    pub(crate) fn is_of(&self, settings: &mut Settings) {
        settings.host.origins = vec![self.origin.parse().unwrap()];
        settings.host.return_urls = vec![format!("{}/returned", self.origin).parse().unwrap()];
        // Servers find this name without a name server.
        let port = settings.host.origins[0].port().unwrap();
        settings.webhook.url = Some(format!("http://localhost:{port}/webhooks").parse().unwrap());
        settings.webhook.secrets = vec!["whsec_ZW1iZWRkaW5nLWhvc3Qtc2VjcmV0LWhvc3QtMQ==".into()];
        settings.webhook.allow_private = true;
    }

    /// Tells it where Gangway is.
    pub(crate) fn embeds(&self, world: &World) {
        self.state.gangway.set((world.gangway.clone(), world.api.clone())).unwrap();
    }

    /// The address of a page for that user.
    pub(crate) fn page(&self, policy: Policy, page: &str, user: &str, more: &str) -> String {
        format!("{}/{policy}/{page}?user={user}{more}", self.origin)
    }

    /// The user's sessions, oldest first.
    pub(crate) fn sessions(&self, user: &str) -> Vec<Value> {
        self.state.sessions.lock().unwrap().get(user).cloned().unwrap_or_default()
    }

    /// The types of the events about that attempt, in order of arrival.
    pub(crate) fn events(&self, attempt: &str) -> Vec<String> {
        let events = self.state.events.lock().unwrap();
        let of_attempt = events.iter().filter(|event| event["data"]["attempt_id"] == attempt);
        of_attempt.map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    }
}

impl State {
    fn gangway(&self) -> &str {
        &self.gangway.get().unwrap().0
    }

    async fn calls(&self, path: &str, body: &Value) -> Value {
        let address = format!("{}/api/v1{path}", self.gangway.get().unwrap().1);
        let request = reqwest::Client::new().post(address).bearer_auth(HOST_KEY).json(body);
        request.send().await.unwrap().json().await.unwrap()
    }

    async fn session(&self, fields: &HashMap<String, String>) -> Value {
        let user = &fields["user"];
        let mut wanted = json!({ "user": { "id": user, "name": "Jane Doe" } });
        for name in ["connector", "after", "locale"] {
            if let Some(value) = fields.get(name) {
                wanted[name] = value.as_str().into();
            }
        }
        let session = self.calls("/connect-sessions", &wanted).await;
        assert!(session["watch"].is_string(), "{session}");
        self.sessions.lock().unwrap().entry(user.clone()).or_default().push(session.clone());
        session
    }

    fn fill(&self, text: &str) -> String {
        text.replace("{gangway}", self.gangway()).replace("https://connect.example.com", self.gangway())
    }
}

async fn page(state: Data<State>, path: Path<(Policy, String)>, fields: Fields) -> HttpResponse {
    let (policy, page) = path.into_inner();
    let text = match page.as_str() {
        "connect" => include_str!("pages/connect.html").to_owned(),
        "frame" => include_str!("pages/frame.html").to_owned(),
        "form" => {
            let code = state.session(&fields).await["start_code"].as_str().unwrap().to_owned();
            include_str!("../../../docs/examples/embedding/window.html").replace("START_CODE", &code)
        }
        _ => return HttpResponse::NotFound().finish(),
    };
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, "text/html; charset=utf-8"));
    for header in policy.headers(state.gangway()) {
        answer.insert_header(header);
    }
    // The user is signed in here from now on.
    answer.cookie(Cookie::build("user", &fields["user"]).path("/").finish()).body(state.fill(&text))
}

async fn script(state: Data<State>, file: Path<String>) -> HttpResponse {
    let text = match file.as_str() {
        "connect" => include_str!("pages/connect.js"),
        "frame" => include_str!("pages/frame.js"),
        _ => return HttpResponse::NotFound().finish(),
    };
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/javascript")).body(state.fill(text))
}

/// Creates a session and answers as Gangway does.
async fn session(state: Data<State>, fields: Fields) -> HttpResponse {
    if fields.contains_key("slow") {
        tokio::time::sleep(SLOW).await;
    }
    HttpResponse::Ok().json(state.session(&fields).await)
}

async fn event(state: Data<State>, event: Json<Value>) -> HttpResponse {
    state.events.lock().unwrap().push(event.into_inner());
    HttpResponse::NoContent().finish()
}

/// The return URL: completes the link with the signed-in user, or shows what it got.
async fn returned(state: Data<State>, request: HttpRequest, fields: Fields) -> HttpResponse {
    let Some(code) = fields.get("gangway_completion") else {
        let text = format!("<!doctype html><title>…</title><h1>Back</h1><p>{}</p>", fields["gangway_state"]);
        return HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/html; charset=utf-8")).body(text);
    };
    let user = request.cookie("user").unwrap();
    let done = state.calls("/link-attempts/complete", &json!({ "completion": code, "user_id": user.value() })).await;
    HttpResponse::SeeOther().insert_header((LOCATION, done["continue_url"].as_str().unwrap())).finish()
}
