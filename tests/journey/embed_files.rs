//! The script that pages of hosts load: from any origin, cached for an hour, and small.

use std::process::Command;

use gangway::web::routes;
use reqwest::Response;

use crate::app::TestApp;

/// Maximum size of the script in bytes, compressed as it is served.
const BUDGET: usize = 2_048;

const FILES: [(&str, &str); 4] = [
    (routes::EMBED_SCRIPT, "text/javascript; charset=utf-8"),
    (routes::EMBED_TYPES, "text/plain; charset=utf-8"),
    (routes::EMBED_FRAME_SCRIPT, "text/javascript; charset=utf-8"),
    (routes::EMBED_FRAME_TYPES, "text/plain; charset=utf-8"),
];

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn pages_of_every_origin_load_the_files() {
    let app = TestApp::spawn().await;
    for (path, kind) in FILES {
        for method in ["GET", "HEAD"] {
            let request = app.request(method, path).header("origin", "https://stranger.example");
            let answer = request.header("sec-fetch-site", "cross-site").send().await.unwrap();
            assert_eq!(answer.status(), 200, "{method} {path}");
            for (name, value) in [
                ("content-type", kind),
                ("cache-control", "public, max-age=3600"),
                ("access-control-allow-origin", "*"),
                ("cross-origin-resource-policy", "cross-origin"),
                ("x-content-type-options", "nosniff"),
                ("access-control-allow-credentials", ""),
                ("set-cookie", ""),
            ] {
                assert_eq!(header(&answer, name), value, "{method} {path}: {name}");
            }
            assert_eq!(answer.bytes().await.unwrap().is_empty(), method == "HEAD", "{method} {path}");
        }
        assert_eq!(app.request("POST", path).send().await.unwrap().status(), 405, "{path}");
    }
    assert_eq!(app.request("GET", "/embed/v2.js").send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn known_file_is_not_sent_again() {
    let app = TestApp::spawn().await;
    let mut tags = Vec::new();
    for (path, _) in FILES {
        let tag = header(&app.request("GET", path).send().await.unwrap(), "etag").to_owned();
        assert!(tag.starts_with("W/\""), "{path}: {tag}");
        for known in [tag.as_str(), "*", &format!("\"other\", {tag}")] {
            let answer = app.request("GET", path).header("if-none-match", known).send().await.unwrap();
            assert_eq!((answer.status().as_u16(), header(&answer, "etag")), (304, tag.as_str()), "{path}: {known}");
            assert_eq!(header(&answer, "access-control-allow-origin"), "*");
            assert!(answer.bytes().await.unwrap().is_empty());
        }
        let other = app.request("GET", path).header("if-none-match", "W/\"other\"").send().await.unwrap();
        assert_eq!(other.status(), 200, "{path}");
        tags.push(tag);
    }
    tags.dedup();
    assert_eq!(tags.len(), FILES.len());
}

#[tokio::test]
async fn script_is_as_small_as_the_guide_says() {
    let app = TestApp::spawn().await;
    let mut row = "| Gangway's `/embed/v1.js` |".to_owned();
    for (accepted, coding) in [("gzip", "gzip"), ("gzip, deflate, br, zstd", "br")] {
        let request = app.request("GET", routes::EMBED_SCRIPT).header("accept-encoding", accepted);
        let answer = request.send().await.unwrap();
        assert_eq!(header(&answer, "content-encoding"), coding);
        assert!(header(&answer, "vary").contains("accept-encoding"), "{:?}", answer.headers());
        let bytes = answer.bytes().await.unwrap().len();
        assert!(bytes <= BUDGET, "{coding}: {bytes} bytes");
        row += &format!(" {},{:03} |", bytes / 1000, bytes % 1000);
    }
    assert!(include_str!("../../docs/embedding.md").contains(&row), "docs/embedding.md wants this line:\n{row}");
}

/// What a page of a host would have to allow, or could be attacked by.
#[tokio::test]
async fn scripts_leave_the_page_alone() {
    let app = TestApp::spawn().await;
    for path in [routes::EMBED_SCRIPT, routes::EMBED_FRAME_SCRIPT] {
        let script = app.request("GET", path).send().await.unwrap().text().await.unwrap();
        for word in [
            "innerHTML",
            "eval",
            "Function(",
            "Storage",
            "cookie",
            "indexedDB",
            "style",
            "postMessage",
            "BroadcastChannel",
            "import(",
            "disabled",
            "opener.",
        ] {
            assert!(!script.contains(word), "{path}: {word}");
        }
        // The outcome is never a message. A frame's height is one, of its own page.
        let messages = script.matches("\"message\"").count();
        assert_eq!(messages, usize::from(path == routes::EMBED_FRAME_SCRIPT), "{path}");
    }
}

/// Servers that render pages load the modules too, and some pages load them twice.
#[tokio::test]
async fn scripts_load_where_there_is_no_page() {
    let app = TestApp::spawn().await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("package.json"), r#"{ "type": "module" }"#).unwrap();
    for (path, _) in FILES {
        let text = app.request("GET", path).send().await.unwrap().text().await.unwrap();
        std::fs::write(folder.path().join(path.rsplit('/').next().unwrap()), text).unwrap();
    }
    let program = "import * as script from './v1.js'; import { GangwayFrame } from './frame-v1.js';
        await script.connect({ mode: 'redirect', session: () => ({}) }).catch(({ code }) => console.log(code));
        console.log(Object.keys(script).join(), new script.ConnectError('a') instanceof Error, typeof GangwayFrame);";
    let output = Command::new("node")
        .args(["--input-type=module", "--eval", program])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let (printed, complaints) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let expected = "session_failed\nConnectError,GangwayConnect,begin,connect true function\n";
    assert_eq!(printed, expected, "{complaints}");
}
