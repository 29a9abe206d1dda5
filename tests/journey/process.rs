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
    /// The database's address.
    pub store: String,
    /// How browsers reach it.
    pub public_url: String,
    address: &'static str,
    public: u16,
    admin: u16,
    small_disk: Option<(PathBuf, u32)>,
}

/// A port that nobody had a moment ago.
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
        let (folder, public, admin) = (tempfile::tempdir().unwrap(), free_port(), free_port());
        let store = format!("sqlite://{}", folder.path().join("gangway.db").display());
        let public_url = format!("http://localhost:{public}");
        let place =
            Self { folder, sandbox: control, store, public_url, address: "127.0.0.1", public, admin, small_disk: None };
        place.write(more);
        place
    }

    /// With that database.
    pub(crate) fn on(store: &str, more: &str) -> Self {
        let place = Self { store: store.to_owned(), ..Self::new("") };
        place.write(more);
        place
    }

    /// Where one more process of the same Gangway runs; browsers reach all of them at one address.
    pub(crate) fn beside(&self, more: &str) -> Self {
        let Self { sandbox, store, public_url, .. } = self;
        let (folder, public, admin) = (tempfile::tempdir().unwrap(), free_port(), free_port());
        let (sandbox, store, public_url) = (sandbox.clone(), store.clone(), public_url.clone());
        let place = Self { folder, sandbox, store, public_url, address: "127.0.0.1", public, admin, small_disk: None };
        place.write(more);
        place
    }

    /// The same ports at another address of this machine, as processes on several machines have them.
    pub(crate) fn beside_at(&self, address: &'static str, more: &str) -> Self {
        let Self { public, admin, .. } = *self;
        let place = Self { address, public, admin, ..self.beside(more) };
        place.write(more);
        place
    }

    /// The port for operators.
    pub(crate) fn admin_port(&self) -> u16 {
        self.admin
    }

    /// The port on which it listens.
    pub(crate) fn port(&self) -> u16 {
        self.public
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
        let Self { address, public, admin, sandbox, store, public_url, .. } = self;
        let text = format!(
            "server.bind = '{address}:{public}'\nserver.admin_bind = '{address}:{admin}'\n\
             server.public_url = '{public_url}'\n\
             alloy.base_url = '{}'\nalloy.api_key = '{API_KEY}'\nstore.url = '{store}'\n\
             session.keys = ['{SESSION_KEY}']\nhost.name = 'Acme Notes'\nhost.api_keys = ['{HOST_KEY}']\n\
             host.origins = ['{HOST_ORIGIN}']\nhost.return_urls = ['{RETURN_URL}']\n{more}\n",
            sandbox.base_url(),
        );
        std::fs::write(self.config(), text).unwrap();
    }

    /// With a database on a disk of its own, of so many kibibytes. Nobody else sees that disk: [`Process::on_its_disk`].
    pub(crate) fn on_a_small_disk(kibibytes: u32) -> Self {
        let mut place = Self::new("");
        let disk = place.folder.path().join("disk");
        std::fs::create_dir(&disk).unwrap();
        place.store = format!("sqlite://{}", disk.join("gangway.db").display());
        place.small_disk = Some((disk, kibibytes));
        place.write("");
        place
    }

    /// The program with these arguments and this place's settings, and nothing of our environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let program = env!("CARGO_BIN_EXE_gangway");
        let mut command = match &self.small_disk {
            None => Command::new(program),
            // A disk of memory needs no right to make one, in a world of mounts of one's own.
            Some((disk, kibibytes)) => {
                let mut command = Command::new("unshare");
                let mount = format!("mount -t tmpfs -o size={kibibytes}k none '{}'", disk.display());
                command.args(["-rm", "sh", "-c", &format!("{mount} && exec \"$@\""), "sh", program]);
                command
            }
        };
        command.env_clear().current_dir(self.folder.path()).args(arguments).arg("--config").arg(self.config());
        command
    }

    /// Runs it, and waits until it is ready.
    pub(crate) async fn serve(self) -> Process {
        self.serve_with(&[]).await
    }

    /// The same, with these options.
    pub(crate) async fn serve_with(self, options: &[&str]) -> Process {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.log_file()).unwrap();
        let error = log.try_clone().unwrap();
        let child = self
            .command(&[&["serve"], options].concat())
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(error)
            .spawn()
            .unwrap();
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
        format!("http://{}:{}/readyz", self.address, self.admin)
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

    /// A file on the small disk, as this process sees it.
    pub(crate) fn on_its_disk(&self, name: &str) -> PathBuf {
        let (disk, _) = self.place.small_disk.as_ref().unwrap();
        let root = PathBuf::from(format!("/proc/{}/root", self.child.id()));
        root.join(disk.strip_prefix("/").unwrap()).join(name)
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
                    store: self.place.store.clone(),
                    public_url: self.place.public_url.clone(),
                    address: self.place.address,
                    public: self.place.public,
                    admin: self.place.admin,
                    small_disk: self.place.small_disk.clone(),
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
