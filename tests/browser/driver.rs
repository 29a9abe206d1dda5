//! One driver with one browser, both of which end with the test.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::OnceLock,
    thread,
    time::Duration,
};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;

use crate::engine::{Engine, Screen};

/// How often it is looked whether the driver listens: 20 seconds in all.
const LOOKS: u32 = 1000;
const PAUSE: Duration = Duration::from_millis(20);

/// A running driver.
pub(crate) struct Driver {
    engine: Engine,
    process: Child,
    port: u16,
    /// The session whose browser ends with the driver.
    session: OnceLock<String>,
    // Ends last.
    _screen: Option<Screen>,
}

impl Driver {
    /// Starts one on a free port, which another program may take first.
    pub(crate) fn start(engine: Engine, folder: &Path) -> Self {
        (0..5).find_map(|_| Self::try_to_start(engine, folder)).unwrap_or_else(|| panic!("{engine:?}'s driver starts"))
    }

    fn try_to_start(engine: Engine, folder: &Path) -> Option<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let mut program = Command::new(engine.driver());
        program.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
        let screen = (engine == Engine::WebKit).then(Screen::start);
        if let Some(screen) = &screen {
            screen.shows(&mut program, folder);
        }
        let process = program.spawn().unwrap_or_else(|error| panic!("{program:?}: {error}; tests/run installs it"));
        let mut driver = Self { engine, process, port, session: OnceLock::new(), _screen: screen };
        driver.listens().then_some(driver)
    }

    /// Waits until it listens; `false` if it ended instead.
    fn listens(&mut self) -> bool {
        (0..LOOKS).any(|_| {
            thread::sleep(PAUSE);
            self.process.try_wait().unwrap().is_some() || TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok()
        }) && self.process.try_wait().unwrap().is_none()
    }

    /// Opens a browser that nobody has used before.
    pub(crate) async fn open(&self, profile: &str, arguments: &[&str], preferences: &Value) -> Client {
        let Value::Object(capabilities) = self.engine.capabilities(profile, arguments, preferences) else {
            panic!("an object was written");
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .unwrap();
        self.session.set(client.session_id().await.unwrap().unwrap()).unwrap();
        client
    }

    fn says(&self, method: &str, path: &str) -> Option<()> {
        let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok()?;
        let host = format!("Host: 127.0.0.1:{}\r\nConnection: close\r\nContent-Length: 0", self.port);
        connection.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        connection.write_all(format!("{method} {path} HTTP/1.1\r\n{host}\r\n\r\n").as_bytes()).ok()?;
        connection.read_to_end(&mut Vec::new()).ok().map(drop)
    }
}

impl Drop for Driver {
    /// The browser goes with its session, and with chromedriver's `/shutdown` even without one, however the test ended.
    fn drop(&mut self) {
        if self.engine == Engine::Chromium {
            self.says("GET", "/shutdown");
        } else if let Some(session) = self.session.get() {
            self.says("DELETE", &format!("/session/{session}"));
        }
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
