//! The pages of docs/examples/embedding, which docs/embedding.md shows: a form that a server writes, React, and Vue.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};

use crate::{
    browser::Browser,
    program::Program,
    world::{HOST_KEY, World},
};

const PAGES: [&str; 3] = ["form", "react", "vue"];

/// The example's server, and a Gangway that knows it.
struct Example {
    world: World,
    host: String,
    _server: Program,
    _folder: tempfile::TempDir,
}

fn judges() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges")
}

fn succeeded(mut command: Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}: tests/run installs it"));
    let told = [&output.stdout[..], &output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&told));
    output
}

impl Example {
    async fn open() -> Self {
        loop {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let host = format!("http://host.localhost:{port}");
            let world = World::with("connect.localhost", "acme.localhost", |settings| {
                settings.host.origins = vec![host.parse().unwrap()];
                settings.host.return_urls = vec![format!("{host}/form").parse().unwrap()];
            });
            let world = world.await;
            let folder = tempfile::tempdir().unwrap();
            let mut bundle = Command::new("node");
            bundle.arg(judges().join("bundle.mjs")).arg(folder.path()).arg(&world.gangway);
            succeeded(bundle);
            let mut command = Command::new("node");
            command.arg(folder.path().join("server.mjs")).env("PORT", port.to_string()).env("ORIGIN", &host);
            command.env("GANGWAY_URL", &world.api).env("GANGWAY_PUBLIC_URL", &world.gangway);
            command.env("GANGWAY_API_KEY", HOST_KEY).env("ASSETS", folder.path());
            let mut server = Program::start(command);
            // Another program may have the port by then.
            if let Some(line) = server.line().await {
                assert_eq!(line, format!("Acme Notes: {host}/form"));
                return Self { world, host, _server: server, _folder: folder };
            }
        }
    }

    async fn disconnect(&self) {
        let id = self.world.connections("user-1").await.remove(0)["credential_id"].as_str().unwrap().to_owned();
        let address = format!("{}/api/v1/users/user-1/connections/{id}", self.world.api);
        let request = reqwest::Client::new().delete(address).bearer_auth(HOST_KEY);
        request.send().await.unwrap().error_for_status().unwrap();
    }
}

#[tokio::test]
async fn slack_is_connected_on_each_page() {
    let example = Example::open().await;
    let mut browser = Browser::open().await;
    for page in PAGES {
        browser.goto(&format!("{}/{page}", example.host)).await;
        browser.press("Connect Slack").await;
        browser.allows_in_the_window("Slack").await;
        browser.reads("'s Slack").await;
        assert_eq!(example.world.connected("user-1").await, ["slack"], "{page}");
        let complaints = browser.complaints().await;
        assert!(complaints.iter().all(|text| text.contains("favicon.ico")), "{page}: {complaints:?}");
        example.disconnect().await;
    }
}

/// The outcome is told before that.
#[tokio::test]
async fn second_try_in_the_same_window_is_shown_on_each_page() {
    let example = Example::open().await;
    let mut browser = Browser::open().await;
    for page in PAGES {
        browser.goto(&format!("{}/{page}", example.host)).await;
        browser.press("Connect Slack").await;
        browser.goes_to_the_popup().await;
        browser.continue_to("Slack").await;
        browser.press("Cancel").await;
        browser.arrives("Slack is not connected").await;
        browser.press("Try again").await;
        browser.continue_to("Slack").await;
        browser.press("Allow").await;
        browser.is_alone_again().await;
        browser.reads("'s Slack").await;
        example.disconnect().await;
    }
}

#[tokio::test]
async fn form_goes_on_in_the_same_tab_without_script() {
    let example = Example::open().await;
    let mut browser = Browser::without_scripts().await;
    browser.goto(&format!("{}/form", example.host)).await;
    browser.press("Connect Slack").await;
    browser.press("Go on to connect").await;
    browser.continue_to("Slack").await;
    browser.press("Allow").await;
    browser.arrives("Slack is connected").await;
    browser.press("Back to Acme Notes").await;
    browser.reads("'s Slack").await;
}

#[tokio::test]
async fn failure_of_the_hosts_server_is_told_on_each_page() {
    let example = Example::open().await;
    let mut browser = Browser::open().await;
    for page in PAGES {
        browser.goto(&format!("{}/{page}", example.host)).await;
        browser.arrives("Connections").await;
        let forged = "for (const one of document.querySelectorAll('[name=csrf_token]')) one.value = 'forged';
            for (const one of document.querySelectorAll('meta[name=csrf-token]')) one.content = 'forged'";
        browser.run(forged).await;
        browser.press("Connect Slack").await;
        if page == "form" {
            // The form is submitted as without script, and the server's own answer is shown.
            browser.is_at("/connect").await;
        } else {
            browser.reads("We could not open Slack. Please try again.").await;
        }
    }
    assert!(example.world.connected("user-1").await.is_empty());
}

/// React's types and Gangway's are where a host has them.
fn configuration(types: &Path) -> Value {
    let modules = judges().join("node_modules");
    let at = |path: &str| json!([modules.join(path)]);
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/embedding");
    let files = ["server.ts", "session.ts", "form.ts", "react.tsx"].map(|name| examples.join(name));
    json!({
        "compilerOptions": {
            "strict": true, "noUnusedLocals": true, "noEmit": true, "target": "es2022", "module": "preserve",
            "moduleResolution": "bundler", "jsx": "react-jsx", "lib": ["es2023", "dom", "dom.iterable"],
            "types": ["node"], "typeRoots": [modules.join("@types")],
            "paths": {
                "https://connect.example.com/embed/v1.js": [types],
                "react": at("@types/react"), "react/*": at("@types/react/*"), "react-dom/*": at("@types/react-dom/*"),
            },
        },
        "files": files,
    })
}

#[tokio::test]
async fn examples_fit_the_types_of_the_script() {
    let world = World::on_three_sites().await;
    let folder = tempfile::tempdir().unwrap();
    let types = reqwest::get(format!("{}/embed/v1.d.ts", world.api)).await.unwrap().error_for_status().unwrap();
    let types = types.text().await.unwrap();
    let (file, project) = (folder.path().join("v1.d.ts"), folder.path().join("tsconfig.json"));
    std::fs::write(&file, types).unwrap();
    std::fs::write(&project, configuration(&file).to_string()).unwrap();
    let mut compiler = Command::new("node");
    compiler.arg(judges().join("node_modules/typescript/bin/tsc")).arg("--project").arg(&project);
    succeeded(compiler);
}
