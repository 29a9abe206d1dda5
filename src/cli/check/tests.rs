mod embedding;
mod files;
mod hostile;
mod misconfigurations;
mod network;
mod upstream;

use std::iter;

use crate::{
    config::{Finding, Fix, Settings},
    domain::clock::Entropy,
};

/// Valid settings. The database is in the system's temporary directory.
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

/// Constant bytes, so that the generated keys are known.
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

/// The suggested line as a settings file.
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
