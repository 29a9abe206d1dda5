//! A receiver of events that takes no time.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::{App, HttpResponse, HttpServer, web};
use serde::Deserialize;
use time::OffsetDateTime;

/// What events are signed with.
const SECRET: &str = "whsec_bmV3LXNlY3JldC1uZXctc2VjcmV0LW5ldyE=";

/// How long after it happened each event came.
#[derive(Clone, Default)]
pub(crate) struct Receiver {
    /// What happened before does not count: it is sent again because the process before was killed.
    since: Option<OffsetDateTime>,
    after: Arc<Mutex<Vec<Duration>>>,
}

#[derive(Deserialize)]
struct Event {
    #[serde(with = "time::serde::rfc3339")]
    timestamp: OffsetDateTime,
}

#[expect(clippy::disallowed_methods, reason = "the host's own clock")]
async fn take(receiver: web::Data<Receiver>, event: web::Json<Event>) -> HttpResponse {
    let after = (OffsetDateTime::now_utc() - event.timestamp).try_into().unwrap_or_default();
    let counts = receiver.since.is_none_or(|since| event.timestamp >= since);
    if let (true, Ok(mut all)) = (counts, receiver.after.lock()) {
        all.push(after);
    }
    HttpResponse::NoContent().finish()
}

impl Receiver {
    /// One that counts what happens from now on.
    #[expect(clippy::disallowed_methods, reason = "the host's own clock")]
    pub(crate) fn from_now_on() -> Self {
        Self { since: Some(OffsetDateTime::now_utc()), ..Self::default() }
    }

    /// Listens, in a thread of its own; gives the settings that name it.
    pub(crate) fn listen(&self) -> anyhow::Result<Vec<(&'static str, String)>> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}/", listener.local_addr()?);
        let receiver = self.clone();
        let server = move || {
            let data = web::Data::new(receiver.clone());
            App::new().app_data(data).default_service(web::to(take))
        };
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(HttpServer::new(server).workers(1).listen(listener)?.run())
        });
        Ok(vec![
            ("WEBHOOK__URL", url),
            ("WEBHOOK__SECRETS", SECRET.to_owned()),
            ("WEBHOOK__ALLOW_PRIVATE", "true".to_owned()),
        ])
    }

    /// How many came.
    pub(crate) fn count(&self) -> usize {
        self.after.lock().map_or(0, |all| all.len())
    }

    /// How long each took, the shortest first.
    pub(crate) fn sorted(&self) -> Vec<Duration> {
        let mut all = self.after.lock().map_or_else(|_| Vec::new(), |all| all.clone());
        all.sort_unstable();
        all
    }
}
