//! The host's receiver of events: it keeps what it gets, and answers as a test says.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use gangway::{
    config::Settings,
    domain::{
        attempt::{AttemptId, Begin, LinkAttempt, Observation, Reason, SiblingAttempts},
        clock::{Clock as _, SystemClock, SystemEntropy, time_sorted_uuid},
        connector::{AuthenticationType, ConnectorId},
        keys::Digest,
        session::{ExternalId, SessionId},
    },
};
use serde_json::Value;
use time::OffsetDateTime;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::app::TestApp;

/// With these events are signed, the first as long as the second is not gone.
pub(crate) const SECRETS: [&str; 2] =
    ["whsec_bmV3LXNlY3JldC1uZXctc2VjcmV0LW5ldyE=", "whsec_b2xkLXNlY3JldC1vbGQtc2VjcmV0LW9sZCE="];

/// What came in one request.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub headers: BTreeMap<String, String>,
    pub body: String,
    pub at: OffsetDateTime,
}

impl Got {
    /// Which event it is.
    pub(crate) fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    /// Its body.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Whose it is.
    pub(crate) fn user(&self) -> String {
        self.json()["data"]["user_id"].as_str().unwrap_or_default().to_owned()
    }

    /// Its number among its user's; 0 for a test event.
    pub(crate) fn sequence(&self) -> i64 {
        self.json()["data"]["sequence"].as_i64().unwrap_or_default()
    }
}

/// What happens to a request.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    /// It gets this status.
    Status(u16),
    /// It gets this status, and this header.
    With(u16, String),
    /// It gets 200 after that time.
    Late(Duration),
    /// It gets nothing, for ever.
    Hangs,
    /// It gets 200 and a body without an end, a byte now and then.
    Trickles,
    /// The connection is closed.
    Closes,
}

type Script = Arc<dyn Fn(&Got) -> Deed + Send + Sync>;

/// A receiver on this machine.
#[derive(Clone)]
pub(crate) struct Receiver {
    pub url: String,
    script: Arc<Mutex<Script>>,
    got: Arc<Mutex<Vec<Got>>>,
    under_way: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Receiver {
    /// One that takes everything.
    pub(crate) fn listen() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let listener = TcpListener::from_std(listener).unwrap();
        let takes: Script = Arc::new(|_: &Got| Deed::Status(204));
        let receiver = Self {
            url: format!("http://{}/hooks", listener.local_addr().unwrap()),
            script: Arc::new(Mutex::new(takes)),
            got: Arc::default(),
            under_way: Arc::default(),
            most: Arc::default(),
        };
        let serving = receiver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        receiver
    }

    /// A Gangway that sends its events there.
    pub(crate) async fn with_app(&self) -> TestApp {
        TestApp::spawn_with(|settings| self.is_of(settings)).await
    }

    /// Settings that name it.
    pub(crate) fn is_of(&self, settings: &mut Settings) {
        settings.webhook.url = Some(self.url.parse().unwrap());
        settings.webhook.secrets = SECRETS.map(Into::into).to_vec();
        settings.webhook.allow_private = true;
    }

    /// From now on it does that.
    pub(crate) fn does(&self, script: impl Fn(&Got) -> Deed + Send + Sync + 'static) {
        *self.script.lock().unwrap() = Arc::new(script);
    }

    /// All that came, in order.
    pub(crate) fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// What came for that user, by number, in order.
    pub(crate) fn sequences(&self, user: &str) -> Vec<i64> {
        self.got().iter().filter(|got| got.user() == user).map(Got::sequence).collect()
    }

    /// How many requests were under way at once, at the most.
    pub(crate) fn most_at_once(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut bytes = Vec::new();
        while let Some(got) = next_request(&mut stream, &mut bytes).await {
            let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            let script = Arc::clone(&self.script.lock().unwrap());
            let deed = script(&got);
            self.got.lock().unwrap().push(got);
            let goes_on = answer(&mut stream, deed).await;
            self.under_way.fetch_sub(1, Ordering::SeqCst);
            if goes_on.is_none() {
                return;
            }
        }
    }
}

async fn answer(stream: &mut TcpStream, deed: Deed) -> Option<()> {
    let (status, header) = match deed {
        Deed::Status(status) => (status, String::new()),
        Deed::With(status, header) => (status, format!("{header}\r\n")),
        Deed::Late(time) => {
            tokio::time::sleep(time).await;
            (200, String::new())
        }
        Deed::Hangs => {
            // Until the other side has had enough of it.
            stream.read_u8().await.ok();
            return None;
        }
        Deed::Trickles => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await.ok()?;
            loop {
                stream.write_all(b"1\r\n.\r\n").await.ok()?;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        Deed::Closes => return None,
    };
    let text = format!("HTTP/1.1 {status} Said\r\n{header}content-length: 0\r\n\r\n");
    stream.write_all(text.as_bytes()).await.ok()
}

async fn next_request(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<Got> {
    loop {
        if let Some((got, length)) = whole(bytes) {
            bytes.drain(..length);
            return Some(got);
        }
        if stream.read_buf(bytes).await.ok()? == 0 {
            return None;
        }
    }
}

fn whole(bytes: &[u8]) -> Option<(Got, usize)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let headers: BTreeMap<String, String> = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = end + headers.get("content-length").map_or(0, |length| length.parse::<usize>().unwrap());
    let body = String::from_utf8(bytes.get(end..length)?.to_vec()).unwrap();
    Some((Got { headers, body, at: SystemClock.now() }, length))
}

impl TestApp {
    /// Something happens to that user of which the host is told: one event, `link_attempt.ended`.
    pub(crate) async fn happens_to(&self, user: &str) {
        let fresh = || time_sorted_uuid(&*self.clock, &SystemEntropy);
        let id = AttemptId::from_uuid(fresh());
        let began = LinkAttempt::begin(Begin {
            id,
            session_id: SessionId::from_uuid(fresh()),
            user: ExternalId::parse(user).unwrap(),
            connector: ConnectorId::parse("slack").unwrap(),
            authentication_type: AuthenticationType::parse("oauth2").unwrap(),
            is_api_key: false,
            input: Digest::of(b"input"),
            state_digest: Digest::of(id.uuid().as_bytes()),
            snapshot: None,
            replaces: None,
            needs_completion: false,
            deletes_unreturned: false,
            at: self.clock.now(),
            deadline: self.clock.now() + time::Duration::hours(1),
        });
        self.store.begin(&began).await.unwrap();
        let ends = Observation::NotBegun(Reason::NotConfigured);
        self.store.commit(&began.observe(&ends, &SiblingAttempts::default(), self.clock.now()).unwrap()).await.unwrap();
    }

    /// What the host's server learns of its events, the newest first.
    pub(crate) async fn deliveries(&self, query: &str) -> Vec<Value> {
        let (status, answer) = self.api("GET", &format!("/webhook-deliveries{query}"), None).await;
        assert_eq!(status, 200, "{answer}");
        answer["webhook_deliveries"].as_array().unwrap().clone()
    }

    /// What the receiver asked for.
    pub(crate) async fn asked_for(&self) -> Value {
        self.api("GET", "/webhook-deliveries", None).await.1["receiver"].clone()
    }
}
