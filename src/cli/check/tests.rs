mod files;
mod hostile;
mod misconfigurations;
mod upstream;

use std::iter;

use crate::{
    config::{Finding, Fix, Settings},
    domain::clock::Entropy,
};

/// Settings with which nothing is wrong. The database's directory is the machine's place for passing things.
const FIT: &str = r##"
    [server]
    public_url = "https://connect.acme.test"
    trusted_proxies = ["127.0.0.1"]
    [alloy]
    api_key = "sk-canary-0123456789abcdef"
    [session]
    keys = ["canary-session-key-of-32-bytes-ok"]
    [host]
    name = "Acme Notes"
    api_keys = ["canary-host-key-of-some-length"]
    origins = ["https://app.acme.test"]
    return_urls = ["https://app.acme.test/settings/apps"]
    verify_completion = "links"
    [brand]
    color = '#1a56db'
"##;

/// Always the same bytes, so that a test knows the fresh keys.
struct Sevens;

impl Entropy for Sevens {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
}

fn settings(files: &[&str]) -> Settings {
    let store = format!("[store]\nurl = 'sqlite://{}/gangway.db'", std::env::temp_dir().display());
    let files: Vec<&str> = [FIT, &store].into_iter().chain(files.iter().copied()).collect();
    Settings::from_texts(&files, iter::empty()).unwrap()
}

/// The finding's line as a file of its own.
fn mended(finding: &Finding) -> String {
    match &finding.fix {
        Some(Fix::Line(line)) => format!("[{}]\n{line}", finding.table_and_name().0),
        other => panic!("{finding:?} has no line: {other:?}"),
    }
}

fn rendered(findings: &[Finding]) -> String {
    let mut out = Vec::new();
    super::report(findings, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
