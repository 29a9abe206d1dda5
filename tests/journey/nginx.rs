//! A real nginx with its default settings in front of Gangway.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    app::{HOST_KEY, TestApp},
    process::free_port,
    provider::redirect_uri,
};

/// The proxy, running.
struct Nginx {
    child: Child,
    url: String,
    folder: TempDir,
}

#[expect(clippy::disallowed_methods, reason = "tests/run tells the tests where nginx is")]
fn program() -> String {
    std::env::var("GANGWAY_TEST_NGINX").unwrap_or_else(|_| "nginx".to_owned())
}

impl Nginx {
    /// With these lines in its `location`, beside `proxy_pass`.
    async fn before(app: &TestApp, more: &str) -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        let upstream = app.url.replace("localhost", "127.0.0.1");
        let settings = format!(
            "daemon off; master_process off; error_log stderr; pid nginx.pid;\n\
             events {{ worker_connections 512; }}\n\
             http {{ access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; \
             uwsgi_temp_path u; scgi_temp_path s;\n\
             server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {upstream}; {more} }} }} }}\n"
        );
        let file: PathBuf = folder.path().join("nginx.conf");
        std::fs::write(&file, settings).unwrap();
        let errors = std::fs::File::create(folder.path().join("said")).unwrap();
        let child = Command::new(program())
            .args(["-p".as_ref(), folder.path().as_os_str(), "-c".as_ref(), file.as_os_str()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(errors)
            .spawn()
            .expect("nginx is installed: tests/run does it");
        let mut nginx = Self { child, url: format!("http://127.0.0.1:{port}"), folder };
        let give_up = Instant::now() + Duration::from_secs(20);
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            assert!(nginx.child.try_wait().unwrap().is_none() && Instant::now() < give_up, "{}", nginx.said());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        nginx
    }

    fn said(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("said")).unwrap_or_default()
    }

    fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        http.request(method.parse().unwrap(), format!("{}{path}", self.url))
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[tokio::test]
async fn large_post_without_a_key_is_answered_with_a_problem() {
    let app = TestApp::spawn().await;
    let nginx = Nginx::before(&app, "").await;
    let keep_alive = Nginx::before(&app, "proxy_http_version 1.1; proxy_set_header Connection '';").await;
    let unbuffered = Nginx::before(&app, "proxy_http_version 1.1; proxy_request_buffering off;").await;
    for proxy in [&nginx, &keep_alive, &unbuffered] {
        for (path, kind, size, statuses) in [
            ("/api/v1/connect-sessions", "application/json", 900_000, [401, 413]),
            ("/api/v1/connect-sessions", "application/json", 40_000, [401, 413]),
            ("/api/v1/nothing", "application/json", 900_000, [404, 404]),
            ("/api/v1/link-attempts/complete", "text/plain", 900_000, [401, 415]),
        ] {
            for _ in 0..5 {
                let request = proxy.request("POST", path).header("content-type", kind).body("x".repeat(size));
                let answer = request.send().await.unwrap();
                let status = answer.status().as_u16();
                assert!(statuses.contains(&status), "{path} {size}: {status}\n{}", proxy.said());
                assert_eq!(answer.headers()["content-type"], "application/problem+json", "{path} {size}");
                assert_eq!(answer.json::<Value>().await.unwrap()["status"], status);
            }
        }
        // With a key it is too large, and a page's form as well.
        let large = proxy.request("POST", "/api/v1/connect-sessions").header("content-type", "application/json");
        assert_eq!(large.bearer_auth(HOST_KEY).body("x".repeat(900_000)).send().await.unwrap().status(), 413);
        let form = proxy.request("POST", "/start").header("content-type", "application/x-www-form-urlencoded");
        assert_eq!(form.body("x".repeat(900_000)).send().await.unwrap().status(), 413);
    }
}

#[tokio::test]
async fn post_without_a_body_passes() {
    let app = TestApp::spawn().await;
    let nginx = Nginx::before(&app, "").await;
    let request = nginx.request("POST", "/api/v1/webhook-deliveries/test").bearer_auth(HOST_KEY);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 409, "{}", nginx.said());
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
}

#[tokio::test]
async fn long_poll_ends_before_the_proxy_gives_up() {
    let app = TestApp::spawn().await;
    // Its default is 60 seconds; the wait and this are six times shorter.
    let nginx = Nginx::before(&app, "proxy_read_timeout 10s;").await;
    let mut jane = app.arrived().await;
    let leaving = jane.leave_for("slack").await;
    jane.come_back(&redirect_uri(&leaving)).await;
    let id = app.last_attempt("jane", "slack").await["id"].as_str().unwrap().to_owned();
    app.sandbox.switch_on(gangway::sandbox::Fault::Slow.with(8).on(gangway::sandbox::Route::ListUserCredentials));
    app.clock.pass(time::Duration::seconds(20));
    let request = nginx.request("GET", &format!("/api/v1/link-attempts/{id}?wait=8")).bearer_auth(HOST_KEY);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200, "{}", nginx.said());
}
