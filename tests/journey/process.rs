//! Gangway as the operator runs it: the program itself, with a file of settings, beside a sandbox of its own.

use std::{
    net::TcpListener,
    os::unix::process::ExitStatusExt as _,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use gangway::sandbox::{Control, Options, Sandbox};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::app::{API_KEY, HOST_KEY, HOST_ORIGIN, RETURN_URL, SESSION_KEY};

/// The program, running.
pub(crate) struct Process {
    child: Child,
    pub url: String,
    pub place: Place,
}

/// What stays while processes come and go: the settings, the database, the ports, and the sandbox.
pub(crate) struct Place {
    pub folder: TempDir,
    pub sandbox: Control,
    public: u16,
    admin: u16,
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Place {
    /// With these lines in the settings, beside what the tests need.
    pub(crate) fn new(more: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let sandbox = Sandbox::build(listener, Options { api_key: API_KEY.to_owned(), ..Options::default() }).unwrap();
        let control = sandbox.control();
        tokio::spawn(sandbox.run_until_stopped());
        let place =
            Self { folder: tempfile::tempdir().unwrap(), sandbox: control, public: free_port(), admin: free_port() };
        place.write(more);
        place
    }

    /// The settings file.
    pub(crate) fn config(&self) -> PathBuf {
        self.folder.path().join("gangway.toml")
    }

    /// The database's file.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("gangway.db")
    }

    /// Writes the settings anew.
    pub(crate) fn write(&self, more: &str) {
        let Self { public, admin, sandbox, .. } = self;
        let text = format!(
            "server.bind = '127.0.0.1:{public}'\nserver.admin_bind = '127.0.0.1:{admin}'\n\
             server.public_url = 'http://localhost:{public}'\n\
             alloy.base_url = '{}'\nalloy.api_key = '{API_KEY}'\nstore.url = 'sqlite://{}'\n\
             session.keys = ['{SESSION_KEY}']\nhost.name = 'Acme Notes'\nhost.api_keys = ['{HOST_KEY}']\n\
             host.origins = ['{HOST_ORIGIN}']\nhost.return_urls = ['{RETURN_URL}']\n{more}\n",
            sandbox.base_url(),
            self.database().display(),
        );
        std::fs::write(self.config(), text).unwrap();
    }

    /// The program with these arguments and this place's settings, and nothing of our environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gangway"));
        command.env_clear().current_dir(self.folder.path()).args(arguments).arg("--config").arg(self.config());
        command
    }

    /// Runs it, and waits until it is ready.
    pub(crate) async fn serve(self) -> Process {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.log_file()).unwrap();
        let error = log.try_clone().unwrap();
        let child = self.command(&["serve"]).stdin(Stdio::null()).stdout(log).stderr(error).spawn().unwrap();
        let mut process = Process { child, url: format!("http://localhost:{}", self.public), place: self };
        let give_up = Instant::now() + Duration::from_secs(30);
        while process.readiness().await != Some(200) {
            assert!(process.child.try_wait().unwrap().is_none(), "{}", process.place.log());
            assert!(Instant::now() < give_up, "{}", process.place.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        process
    }

    /// Where it says whether it is ready.
    pub(crate) fn readiness(&self) -> String {
        format!("http://127.0.0.1:{}/readyz", self.admin)
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// All that its processes have logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap()
    }
}

impl Process {
    /// What `/readyz` answers, if anything does.
    pub(crate) async fn readiness(&self) -> Option<u16> {
        Some(reqwest::get(self.place.readiness()).await.ok()?.status().as_u16())
    }

    /// What the host's API answers to that body.
    pub(crate) async fn api(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = http.request(method.parse().unwrap(), format!("{}/api/v1{path}", self.url));
        let answer = request.bearer_auth(HOST_KEY).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for its end.
    pub(crate) async fn ended(mut self) -> (ExitStatus, Place) {
        let give_up = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                let place = Place {
                    folder: std::mem::replace(&mut self.place.folder, tempfile::tempdir().unwrap()),
                    sandbox: self.place.sandbox.clone(),
                    public: self.place.public,
                    admin: self.place.admin,
                };
                return (status, place);
            }
            assert!(Instant::now() < give_up, "it does not end: {}", self.place.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // What a test that failed has left running.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Whether it went well by itself, and no signal ended it.
pub(crate) fn went_well(status: ExitStatus) -> bool {
    status.signal().is_none() && status.code() == Some(0)
}
