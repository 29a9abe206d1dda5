//! The alarms and the dashboard that are shipped name metrics that `/metrics` has.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::app::TestApp;

fn place(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(place(path)).unwrap()
}

/// What Prometheus' own judge says.
#[expect(clippy::disallowed_methods, reason = "tests/run tells the tests where it put the judge")]
fn promtool(arguments: &[&Path]) {
    let promtool = std::env::var("GANGWAY_TEST_PROMTOOL")
        .expect("GANGWAY_TEST_PROMTOOL is not set: run the tests with tests/run, which fetches promtool");
    let judged = Command::new(promtool).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&[judged.stdout, judged.stderr].concat()).into_owned();
    assert!(judged.status.success(), "{said}");
}

/// Every query of the dashboard.
fn queries() -> Vec<String> {
    let dashboard: Value = serde_json::from_str(&read("docs/grafana-dashboard.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels.iter().filter_map(|panel| panel["targets"].as_array()).flatten();
    targets.map(|target| target["expr"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn alarms_are_raised_by_their_examples_only() {
    promtool(&[Path::new("check"), Path::new("rules"), &place("docs/alerts.yml")]);
    promtool(&[Path::new("test"), Path::new("rules"), &place("tests/alerts.yml")]);
    let examples = read("tests/alerts.yml");
    for alarm in read("docs/alerts.yml").lines().filter_map(|line| line.trim().strip_prefix("- alert: ")) {
        assert_eq!(examples.matches(&format!("alertname: {alarm}")).count(), 2, "{alarm}");
    }
}

#[test]
fn dashboard_queries_are_valid_and_panels_are_described() {
    let queries = queries();
    assert!(queries.len() > 20, "{queries:?}");
    let rule = |(number, query): (usize, &String)| {
        // Grafana puts a time in this place.
        let query = query.replace("$__rate_interval", "5m");
        format!("  - {{ record: 'query:{number}', expr: {} }}\n", Value::from(query))
    };
    let rules: String = queries.iter().enumerate().map(rule).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("queries.yml");
    std::fs::write(&file, format!("groups:\n- name: dashboard\n  rules:\n{rules}")).unwrap();
    promtool(&[Path::new("check"), Path::new("rules"), &file]);

    let dashboard: Value = serde_json::from_str(&read("docs/grafana-dashboard.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let ids: BTreeSet<i64> = panels.iter().map(|panel| panel["id"].as_i64().unwrap()).collect();
    assert_eq!(ids.len(), panels.len(), "each panel has an id of its own");
    for panel in panels.iter().filter(|panel| panel["type"] != "row") {
        assert!(panel["description"].as_str().is_some_and(|said| said.ends_with('.')), "{}", panel["title"]);
    }
}

#[test]
fn alarms_link_to_the_runbook() {
    let operations = read("docs/operations.md");
    let headings = operations.lines().filter_map(|line| line.strip_prefix('#'));
    let slug = |heading: &str| {
        let plain = heading.trim_start_matches('#').trim().to_lowercase();
        plain
            .chars()
            .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter))
            .collect::<String>()
            .replace(' ', "-")
    };
    let known: BTreeSet<String> = headings.map(slug).collect();
    for line in read("docs/alerts.yml").lines().filter_map(|line| line.trim().strip_prefix("runbook: ")) {
        let place = line.trim_matches('"').strip_prefix("operations.md#").unwrap();
        assert!(known.contains(place), "docs/operations.md has no part {place}: {known:?}");
    }
}

/// The names that begin with ours in that text.
fn named(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    words.filter(|word| word.starts_with("gangway_")).map(str::to_owned).collect()
}

#[tokio::test]
async fn monitored_metrics_exist_and_are_documented() {
    let app = TestApp::spawn().await;
    // What never happened is not told.
    app.arrived().await.link_and_allow(&app.sandbox, "slack").await;
    app.request("GET", "/api/v1/nothing").send().await.unwrap();
    let mut told = BTreeSet::new();
    let mut families = BTreeSet::new();
    for line in app.metrics().await.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let (name, kind) = line.split_once(' ').unwrap();
        let endings: &[&str] = match kind {
            "counter" => &["_total"],
            "histogram" => &["_bucket", "_sum", "_count"],
            "info" => &["_info"],
            "gauge" => &[""],
            other => panic!("{name} is a {other}"),
        };
        told.extend(endings.iter().map(|ending| format!("{name}{ending}")));
        families.insert(format!("{name}{}", if kind == "histogram" { "" } else { endings[0] }));
    }
    for (place, text) in [("docs/alerts.yml", read("docs/alerts.yml")), ("the dashboard", queries().join("\n"))] {
        let watched = named(&text);
        assert!(!watched.is_empty());
        let unknown: Vec<_> = watched.difference(&told).collect();
        assert!(unknown.is_empty(), "{place} watches what nobody tells: {unknown:?} of {told:?}");
    }
    let explained = named(&read("docs/operations.md"));
    let silent: Vec<_> = families.difference(&explained).collect();
    assert!(silent.is_empty(), "docs/operations.md does not say what these are: {silent:?}");
}
