//! What html-validate finds in the HTML of the pages.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::gallery;

/// Everything that html-validate objects to in these pages, by name.
fn objections(pages: &BTreeMap<String, String>) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, html) in pages {
        let file = folder.path().join(format!("{name}.html"));
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, html).unwrap();
    }
    let report = folder.path().join("report.json");
    let judges = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges");
    let output = Command::new("node")
        .arg(judges.join("node_modules/html-validate/bin/html-validate.mjs"))
        .arg("--config")
        .arg(judges.join("html-validate.mjs"))
        .args(["--formatter", "json", "--max-warnings", "0"])
        .args(["--ext", "html"])
        .arg(folder.path())
        // Into a file: it ends without waiting for a pipe to take everything.
        .stdout(std::fs::File::create(&report).unwrap())
        .output()
        .expect("node is installed: tests/run does it");
    let said: Vec<Value> = serde_json::from_slice(&std::fs::read(report).unwrap())
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let told = |page: &Value| {
        let file = PathBuf::from(page["filePath"].as_str().unwrap());
        let name = file.strip_prefix(folder.path()).unwrap_or(&file).with_extension("");
        let one = |message: &Value| {
            format!(
                "{}:{}: {}: {}",
                name.display(),
                message["line"],
                message["ruleId"].as_str().unwrap_or_default(),
                message["message"].as_str().unwrap_or_default()
            )
        };
        page["messages"].as_array().unwrap().iter().map(one).collect::<Vec<_>>()
    };
    said.iter().flat_map(told).collect()
}

#[test]
fn every_page_is_valid_html() {
    let wrong = |html: &str| {
        BTreeMap::from([(
            "wrong/page".to_owned(),
            format!("<!DOCTYPE html>\n<html lang=\"en\"><head><title>Apps</title></head><body>{html}</body></html>"),
        )])
    };
    for (rule, html) in [
        ("no-dup-id", "<p id=\"a\">Slack</p><p id=\"a\">HubSpot</p>"),
        ("element-permitted-content", "<span><p>Slack</p></span>"),
        ("close-order", "<p><b>Slack</p>"),
    ] {
        let said = objections(&wrong(html));
        assert!(said.iter().any(|objection| objection.contains(rule)), "not {rule:?} but {said:?} of {html}");
    }
    let all = gallery::all_languages().iter().flat_map(|language| gallery::samples(language)).collect();
    let objections = objections(&all);
    assert!(objections.is_empty(), "\n{}\n", objections.join("\n"));
}
