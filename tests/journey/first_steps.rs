//! From nothing to one's own account in two commands: `init`, and `serve` with the key in the environment. Everything that
//! `init` prints is done as it stands there.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    app::API_KEY,
    browser::Browser,
    process::{Place, free_port},
};

/// What was printed, with our own ports in the place of the usual ones.
struct Printed {
    text: String,
    port: u16,
}

impl Printed {
    /// The command that begins so, with what goes on in the next lines.
    fn command(&self, beginning: &str) -> String {
        let lines = self.text.lines().map(str::trim_start).skip_while(|line| !line.starts_with(beginning));
        let mut command = String::new();
        for line in lines {
            command.push_str(line.trim_end_matches('\\'));
            if !line.ends_with('\\') {
                break;
            }
        }
        assert!(!command.is_empty(), "{beginning} is not in\n{}", self.text);
        command.replace("localhost:3000", &format!("localhost:{}", self.port))
    }
}

fn sh(folder: &Path, command: &str) -> Command {
    let mut shell = Command::new("sh");
    let program = Path::new(env!("CARGO_BIN_EXE_gangway")).parent().unwrap();
    shell.args(["-c", command]).current_dir(folder).env_clear();
    shell.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", program.display()));
    shell
}

/// Ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The request of a printed `curl`, made with our own client: not every machine has that program.
async fn curl(command: &str) -> Value {
    let quoted: Vec<&str> = command.split('\'').skip(1).step_by(2).collect();
    let [authorization, _, body] = quoted[..] else { panic!("{command}") };
    let url = command.split_whitespace().find(|word| word.starts_with("http")).unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let (name, value) = authorization.split_once(": ").unwrap();
    let request = http.post(url).header(name, value).header("content-type", "application/json").body(body.to_owned());
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{command}: {}", answer.status());
    answer.json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_commands_lead_to_a_linked_app() {
    let alloy = Place::new("");
    let folder = tempfile::tempdir().unwrap();
    let made = sh(folder.path(), "gangway init").output().unwrap();
    assert!(made.status.success(), "{made:?}");
    let (port, admin) = (free_port(), free_port());
    let printed = Printed { text: String::from_utf8(made.stdout).unwrap(), port };

    let serve = printed.command("GANGWAY__ALLOY__API_KEY=").replace("YOUR-ALLOY-KEY", API_KEY);
    assert_eq!(serve, format!("GANGWAY__ALLOY__API_KEY='{API_KEY}' gangway serve --config gangway.toml"));
    // Other ports, and Alloy's place is taken by the sandbox: nothing else differs.
    let child = sh(folder.path(), &format!("exec env {serve}"))
        .env("GANGWAY__SERVER__BIND", format!("127.0.0.1:{port}"))
        .env("GANGWAY__SERVER__ADMIN_BIND", format!("127.0.0.1:{admin}"))
        .env("GANGWAY__SERVER__PUBLIC_URL", format!("http://localhost:{port}"))
        .env("GANGWAY__ALLOY__BASE_URL", alloy.sandbox.base_url())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut running = Running(child);
    let began = Instant::now();
    while !reqwest::get(format!("http://127.0.0.1:{admin}/readyz")).await.is_ok_and(|answer| answer.status() == 200) {
        assert!(
            running.0.try_wait().unwrap().is_none() && began.elapsed() < Duration::from_secs(30),
            "it is not ready"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    let session = curl(&printed.command("curl -s http://localhost:3000/api/v1/connect-sessions")).await;
    let mut jane = Browser::new(&format!("http://localhost:{port}"));
    let start = jane.navigate(session["url"].as_str().unwrap(), "none").await;
    assert!(start.text().contains("My product"), "{}", start.text());
    jane.submit(&start, "/start", &[]).await;
    let sent = jane.link_and_allow(&alloy.sandbox, "slack").await;
    let (_, code) = sent.location().split_once("gangway_completion=").unwrap();
    let complete =
        printed.command("curl -s http://localhost:3000/api/v1/link-attempts/complete").replace("THE-CODE", code);
    let attempt = curl(&complete).await;
    assert_eq!(attempt["state"], "linked");
    let page = jane.get(attempt["continue_url"].as_str().unwrap()).await;
    assert_eq!(page.heading(), "Slack is connected");
}
