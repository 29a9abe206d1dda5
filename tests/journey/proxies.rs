//! Real proxies with the settings of `docs/operations.md` in front of two processes, which are restarted one after the
//! other while people are on their way.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::Signal;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    app::TestApp,
    process::{Place, Process, free_port, went_well},
    retrying_user::Crowd,
};

const SETTINGS: &str = "limits.overall = '100000/s'\nlimits.per_key = '100000/s'\nlimits.per_address = '100000/s'\n\
                        server.trusted_proxies = ['127.0.0.1']\nserver.drain = '4s'";
const PATIENCE: Duration = Duration::from_secs(40);

/// The snippet in that language below the heading, with the addresses of this test.
fn snippet(language: &str, place: &Place) -> String {
    let document = include_str!("../../docs/operations.md");
    let (_, section) = document.split_once("### Two processes behind it").unwrap();
    let (_, snippet) = section.split_once(&format!("```{language}\n")).unwrap();
    let (snippet, _) = snippet.split_once("```").unwrap();
    for address in ["10.0.0.11:3000", "10.0.0.12:3000"] {
        assert!(snippet.contains(address), "{snippet}");
    }
    // The other ports may contain these digits.
    snippet
        .replace("3001", &place.admin_port().to_string())
        .replace("10.0.0.11:3000", &format!("127.0.0.1:{}", place.port()))
        .replace("10.0.0.12:3000", &format!("127.0.0.2:{}", place.port()))
}

struct Proxy {
    child: Child,
    folder: TempDir,
}

#[expect(clippy::disallowed_methods, reason = "tests/run tells the tests where the proxies are")]
fn program(variable: &str, name: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| name.to_owned())
}

impl Proxy {
    async fn start(mut command: Command, folder: TempDir, port: u16) -> Self {
        let errors = std::fs::File::create(folder.path().join("said")).unwrap();
        command.stdin(Stdio::null()).stdout(errors.try_clone().unwrap()).stderr(errors).current_dir(folder.path());
        let child = command.spawn().expect("the proxy is installed: tests/run does it");
        let mut proxy = Self { child, folder };
        let give_up = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            assert!(proxy.child.try_wait().unwrap().is_none() && Instant::now() < give_up, "{}", proxy.said());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        proxy
    }

    fn said(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("said")).unwrap_or_default()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn written(folder: &Path, name: &str, text: String) -> std::path::PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    file
}

/// How many requests this process has answered.
fn answered(process: &Process) -> usize {
    process.place.log().matches("answered").count()
}

/// Restarts both, each once the proxy sends requests to the other.
async fn restart_loses_nothing(proxy: impl AsyncFnOnce(&Place, u16) -> Proxy) {
    let port = free_port();
    let mut one = Place::on(&TestApp::postgres_database().await, "");
    one.public_url = format!("http://localhost:{port}");
    one.write(SETTINGS);
    let other = one.beside_at("127.0.0.2", SETTINGS);
    let mut processes = [Some(one.serve().await), Some(other.serve().await)];
    let place = &processes[0].as_ref().unwrap().place;
    let (address, proxy) = (place.public_url.clone(), proxy(place, port).await);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let give_up = Instant::now() + PATIENCE;
    while !http.get(format!("{address}/api/v1/openapi.json")).send().await.is_ok_and(|answer| answer.status() == 200) {
        assert!(Instant::now() < give_up, "{}", proxy.said());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let crowd = Crowd::new(&address, &place.sandbox);
    let walking = tokio::spawn(crowd.clone().go(3));
    let gets_requests = async |process: &Process| {
        let (before, give_up) = (answered(process), Instant::now() + PATIENCE);
        while answered(process) < before + 5 {
            assert!(!walking.is_finished(), "a journey failed: {}", proxy.said());
            assert!(Instant::now() < give_up, "it gets no requests: {}", proxy.said());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    for process in &mut processes {
        let running = process.take().unwrap();
        gets_requests(&running).await;
        running.signal(Signal::TERM);
        let (status, place) = running.ended().await;
        assert!(went_well(status), "{}", place.log());
        let running = place.serve().await;
        gets_requests(&running).await;
        *process = Some(running);
    }
    crowd.stop();
    walking.await.unwrap();
    assert_eq!(crowd.unanswered(), 0, "{}", proxy.said());
    assert!(crowd.arrived().len() > 4, "{}", crowd.arrived().len());
}

#[tokio::test(flavor = "multi_thread")]
async fn restart_behind_haproxy_loses_nothing() {
    restart_loses_nothing(async |place, port| {
        let folder = tempfile::tempdir().unwrap();
        let bind = "bind :443 ssl crt /etc/haproxy/connect.example.com.pem";
        let own = snippet("haproxy", place).replace(bind, &format!("bind 127.0.0.1:{port}"));
        let file = written(folder.path(), "haproxy.cfg", own);
        let mut command = Command::new(program("GANGWAY_TEST_HAPROXY", "haproxy"));
        command.args(["-db".as_ref(), "-f".as_ref(), file.as_os_str()]);
        Proxy::start(command, folder, port).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn restart_behind_caddy_loses_nothing() {
    restart_loses_nothing(async |place, port| {
        let folder = tempfile::tempdir().unwrap();
        let own = snippet("caddyfile", place).replace("connect.example.com", &format!("http://localhost:{port}"));
        let file = written(folder.path(), "Caddyfile", format!("{{\n    admin off\n}}\n{own}"));
        let mut command = Command::new(program("GANGWAY_TEST_CADDY", "caddy"));
        command.args([
            "run".as_ref(),
            "--adapter".as_ref(),
            "caddyfile".as_ref(),
            "--config".as_ref(),
            file.as_os_str(),
        ]);
        // It stores its state below its home.
        command.env_clear().env("HOME", folder.path());
        Proxy::start(command, folder, port).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn restart_behind_nginx_loses_nothing() {
    restart_loses_nothing(async |place, port| {
        let folder = tempfile::tempdir().unwrap();
        let own = snippet("nginx", place)
            .replace("listen 443 ssl;", &format!("listen 127.0.0.1:{port};"))
            // With the port.
            .replace("$host;", "$http_host;");
        let own: Vec<&str> = own.lines().filter(|line| !line.trim_start().starts_with("ssl_")).collect();
        let settings = format!(
            "daemon off; master_process off; error_log stderr; pid nginx.pid;\n\
             events {{ worker_connections 512; }}\n\
             http {{ access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; \
             uwsgi_temp_path u; scgi_temp_path s;\n{}\n}}\n",
            own.join("\n")
        );
        let file = written(folder.path(), "nginx.conf", settings);
        let mut command = Command::new(program("GANGWAY_TEST_NGINX", "nginx"));
        command.args(["-p".as_ref(), folder.path().as_os_str(), "-c".as_ref(), file.as_os_str()]);
        Proxy::start(command, folder, port).await
    })
    .await;
}

#[tokio::test]
async fn idle_connection_is_closed_after_its_time_only() {
    let keep_alive = Duration::from_secs(4);
    let app = TestApp::spawn_with(|settings| settings.server.keep_alive = keep_alive).await;
    let mut connection = TcpStream::connect(app.url.trim_start_matches("http://")).await.unwrap();
    let mut part = vec![0; 64 * 1024];
    for _ in 0..2 {
        let request = b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n";
        connection.write_all(request).await.unwrap();
        let length = connection.read(&mut part).await.unwrap();
        assert!(part[..length].starts_with(b"HTTP/1.1 "), "idle for less than its time, it is answered");
        // Less than the time, twice together more than it: each request begins it anew.
        tokio::time::sleep(keep_alive * 3 / 5).await;
    }
    let last = Instant::now() - keep_alive * 3 / 5;
    let end = tokio::time::timeout(PATIENCE, connection.read(&mut part)).await.expect("it is closed");
    assert_eq!(end.unwrap(), 0);
    assert!(last.elapsed() >= keep_alive - Duration::from_millis(100), "{:?}", last.elapsed());
}
