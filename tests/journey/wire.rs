//! Bytes on a socket: what HTTP clients tidy up before they send it.

use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
};

use crate::app::TestApp;

/// Far more than any answer takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came back on the wire.
pub(crate) struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.get(9..12).and_then(|digits| digits.parse().ok()).unwrap_or_default();
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }
}

/// A connection to Gangway.
pub(crate) struct Wire(TcpStream);

impl Wire {
    pub(crate) async fn open(app: &TestApp) -> Self {
        Self(TcpStream::connect(app.url.trim_start_matches("http://")).await.unwrap())
    }

    /// The same with the smallest room for what comes back.
    pub(crate) async fn that_takes_little(app: &TestApp) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(1).unwrap();
        let address = app.url.trim_start_matches("http://localhost:");
        Self(socket.connect(([127, 0, 0, 1], address.parse().unwrap()).into()).await.unwrap())
    }

    /// Whether the other end goes on taking what is sent.
    pub(crate) async fn takes(&mut self, text: String) -> bool {
        tokio::time::timeout(Duration::from_secs(2), self.0.write_all(text.as_bytes()))
            .await
            .is_ok_and(|sent| sent.is_ok())
    }

    /// How long it takes until nothing can be sent because the other end is gone.
    pub(crate) async fn until_it_ends(&mut self) -> Duration {
        let began = Instant::now();
        while tokio::time::timeout(PATIENCE, self.0.write_all(b"a")).await.expect("an end").is_ok() {}
        began.elapsed()
    }

    pub(crate) async fn send(&mut self, text: impl AsRef<[u8]>) {
        self.0.write_all(text.as_ref()).await.unwrap();
    }

    /// Everything until the other end closes, and how long that took.
    pub(crate) async fn until_closed(&mut self) -> (Vec<u8>, Duration) {
        let began = Instant::now();
        let mut bytes = Vec::new();
        // A reset is an end, too.
        tokio::time::timeout(PATIENCE, self.0.read_to_end(&mut bytes)).await.expect("an end").ok();
        (bytes, began.elapsed())
    }

    /// The first answer, which has to have a `Content-Length` or no body.
    pub(crate) async fn answer(&mut self) -> Answer {
        let mut bytes = Vec::new();
        loop {
            let read = tokio::time::timeout(PATIENCE, self.0.read_buf(&mut bytes)).await.expect("an answer").unwrap();
            let answer = Answer::of(&bytes);
            let length = answer.head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let headed = bytes.windows(4).any(|four| four == b"\r\n\r\n");
            let whole = headed && length.is_some_and(|length| answer.body.len() >= length.parse::<usize>().unwrap());
            if whole || read == 0 {
                return answer;
            }
        }
    }

    /// Sends a byte every second and gives how long the other end bore it.
    pub(crate) async fn trickle(&mut self, what: &[u8]) -> Duration {
        let began = Instant::now();
        for byte in what.iter().cycle() {
            assert!(began.elapsed() < PATIENCE, "it would go on for ever");
            let mut one = [0; 4096];
            let gone = match tokio::time::timeout(Duration::from_secs(1), self.0.read(&mut one)).await {
                Ok(read) => read.is_err() || read.is_ok_and(|read| read == 0),
                Err(_) => self.0.write_all(&[*byte]).await.is_err(),
            };
            if gone {
                break;
            }
        }
        began.elapsed()
    }
}

/// One request on a connection of its own, and its answer.
pub(crate) async fn ask(app: &TestApp, request: impl AsRef<[u8]>) -> Answer {
    let mut wire = Wire::open(app).await;
    wire.send(request).await;
    wire.answer().await
}
