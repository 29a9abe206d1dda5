//! The processes that are measured: started here, asked for their memory and time, and stopped at the end.

use std::{
    ffi::OsStr,
    fs,
    io::{BufRead as _, BufReader},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use reqwest::Client;

/// The clock ticks of `/proc/PID/stat`, which Linux counts in hundredths of a second for every program.
const TICK: Duration = Duration::from_millis(10);

/// How long a server may take to be ready.
const PATIENCE: Duration = Duration::from_secs(10);

/// A process that ends with this value.
pub(crate) struct Process {
    child: Child,
    /// Kept open, so that nothing that it writes later meets a closed pipe.
    _output: Option<BufReader<ChildStdout>>,
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Process {
    /// Starts a program whose first line ends with its address.
    pub(crate) fn that_says_where<A: AsRef<OsStr>>(
        program: impl AsRef<OsStr>,
        arguments: &[A],
    ) -> anyhow::Result<(Self, SocketAddr)> {
        let mut child = Command::new(program).args(arguments).stdout(Stdio::piped()).spawn()?;
        let mut output = BufReader::new(child.stdout.take().context("no standard output")?);
        let mut line = String::new();
        output.read_line(&mut line)?;
        let process = Self { child, _output: Some(output) };
        let address = line.split_whitespace().last().map(|word| word.trim_start_matches("http://"));
        let address = address.context("it did not say where it listens")?.parse()?;
        Ok((process, address))
    }

    /// What lies in memory now, in MiB.
    pub(crate) fn memory(&self) -> anyhow::Result<f64> {
        self.kibibytes("VmRSS:").map(|kibibytes| kibibytes / 1024.0)
    }

    /// The most that ever lay in memory, in MiB.
    pub(crate) fn most_memory(&self) -> anyhow::Result<f64> {
        self.kibibytes("VmHWM:").map(|kibibytes| kibibytes / 1024.0)
    }

    fn kibibytes(&self, name: &str) -> anyhow::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)).context("no such line")?;
        Ok(line.split_whitespace().next().context("no number")?.parse()?)
    }

    /// The processor time that it took so far.
    pub(crate) fn processor_time(&self) -> anyhow::Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // After the name, which may hold anything: `utime` and `stime` are the 14th and 15th fields of all.
        let (_, after_name) = stat.rsplit_once(')').context("no name")?;
        let fields = after_name.split_whitespace().skip(11).take(2);
        let ticks: u32 = fields.map(str::parse::<u32>).sum::<Result<_, _>>()?;
        Ok(TICK * ticks)
    }
}

/// Gangway, ready.
pub(crate) struct Gangway {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
    /// Where operators ask.
    pub(crate) admin: SocketAddr,
    /// From the start of the process to the first good answer of `/readyz`.
    pub(crate) ready_after: Duration,
}

/// The key of the host's server.
pub(crate) const HOST_KEY: &str = "host-key-of-thirty-two-characters";
pub(crate) const SESSION_KEY: &str = "a-session-key-of-at-least-32-bytes";
/// The origin of the host's pages.
pub(crate) const HOST_ORIGIN: &str = "http://localhost:8080";
/// Where they take the user back.
pub(crate) const RETURN_URL: &str = "http://localhost:8080/connections";

impl Gangway {
    /// Starts `gangway serve` with a new database in that folder, logging as it always does, but to nowhere.
    pub(crate) async fn start(upstream: SocketAddr, folder: &Path) -> anyhow::Result<Self> {
        Self::start_on(upstream, &format!("sqlite://{}", folder.join("gangway.db").display()), &[]).await
    }

    /// The same on that database, with more settings.
    pub(crate) async fn start_on(
        upstream: SocketAddr,
        store: &str,
        more: &[(&'static str, String)],
    ) -> anyhow::Result<Self> {
        let (public, admin) = (free_port()?, free_port()?);
        let settings = [
            ("SERVER__BIND", public.to_string()),
            ("SERVER__PUBLIC_URL", format!("http://localhost:{}", public.port())),
            ("SERVER__ADMIN_BIND", admin.to_string()),
            ("ALLOY__BASE_URL", format!("http://{upstream}")),
            ("ALLOY__API_KEY", gangway::sandbox::API_KEY.to_owned()),
            ("STORE__URL", store.to_owned()),
            ("SESSION__KEYS", SESSION_KEY.to_owned()),
            ("HOST__NAME", "Acme Notes".to_owned()),
            ("HOST__API_KEYS", HOST_KEY.to_owned()),
            ("HOST__ORIGINS", HOST_ORIGIN.to_owned()),
            ("HOST__RETURN_URLS", RETURN_URL.to_owned()),
            ("LIMITS__PER_SESSION", "1000000/s".to_owned()),
            ("LIMITS__PER_ADDRESS", "1000000/s".to_owned()),
            ("LIMITS__PER_KEY", "1000000/s".to_owned()),
            ("LIMITS__OVERALL", "1000000/s".to_owned()),
        ];
        let settings = settings.iter().chain(more).map(|(name, value)| (format!("GANGWAY__{name}"), value));
        let client = Client::builder().no_proxy().build()?;
        let began = Instant::now();
        let child =
            Command::new(env!("CARGO_BIN_EXE_gangway")).arg("serve").envs(settings).stdout(Stdio::null()).spawn()?;
        let process = Process { child, _output: None };
        let ready = || async {
            let asked = client.get(format!("http://{admin}/readyz")).send().await;
            asked.is_ok_and(|answer| answer.status().is_success())
        };
        while !ready().await {
            anyhow::ensure!(began.elapsed() < PATIENCE, "gangway does not become ready");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(Self { process, address: public, admin, ready_after: began.elapsed() })
    }
}

/// A port that was free a moment ago.
fn free_port() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
