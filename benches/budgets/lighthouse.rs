//! What Lighthouse says of the pages, as a phone with a slow line sees them.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::{
    browser::Browser,
    budget::{Budget, Table},
};

/// Of 100.
const SCORE: f64 = 99.0;

/// Adds the scores of these pages. Lighthouse opens them in a tab of this browser, where the session's cookie is.
pub(crate) async fn measure(table: &mut Table, browser: &Browser, pages: &[(&str, &str)]) {
    let judge = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges/lighthouse.mjs");
    let output = Command::new("node")
        .arg(judge)
        .args([port(browser).await.to_string(), SCORE.to_string()])
        .args(pages.iter().map(|(_, url)| url))
        .stderr(Stdio::inherit())
        .output()
        .expect("node is installed: tests/run does it");
    let said: Vec<Value> = serde_json::from_slice(&output.stdout).expect("Lighthouse tells its scores");
    for ((name, _), said) in pages.iter().zip(said) {
        for category in ["performance", "accessibility", "best-practices"] {
            let faults = said["faults"][category].as_array().unwrap().iter().filter_map(Value::as_str);
            let note = faults.collect::<Vec<_>>().join(", ");
            let score = said["scores"][category].as_f64().unwrap_or_default();
            table.add(format!("Lighthouse, {name}, {category}"), score, Budget::AtLeast(SCORE), note);
        }
    }
}

/// Where others can speak to this browser: it writes that into its profile.
async fn port(browser: &Browser) -> u16 {
    let told = browser.devtools("Browser.getBrowserCommandLine", json!({})).await;
    let mut arguments = told["arguments"].as_array().unwrap().iter().filter_map(Value::as_str);
    let profile = arguments.find_map(|argument| argument.strip_prefix("--user-data-dir=")).unwrap();
    let written = std::fs::read_to_string(Path::new(profile).join("DevToolsActivePort")).unwrap();
    written.lines().next().unwrap().parse().unwrap()
}
