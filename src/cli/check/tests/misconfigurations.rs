//! Every misconfiguration that the offline check finds, with the reported setting and the suggested line.

use super::{FIT, Sevens, embedding, hostile, mended, rendered, settings};
use crate::{
    cli::check::{Outcome, offline, report},
    config::{Finding, Severity},
};

const KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";

/// Settings · reported setting · suggested line. `KEY` stands for a generated key.
const MISCONFIGURATIONS: &[(&str, &str, &str)] = &[
    // No key, a short one, or one in the wrong place.
    ("session.keys = []", "session.keys", r#"keys = ["KEY"]"#),
    ("session.keys = ['canary-too-short']", "session.keys", r#"keys = ["KEY"]"#),
    ("alloy.api_key = ''", "alloy.api_key", r#"api_key = "YOUR-ALLOY-KEY""#),
    ("alloy.api_key = 'YOUR-ALLOY-KEY'", "alloy.api_key", r#"api_key = "YOUR-ALLOY-KEY""#),
    ("alloy.api_key = 'Bearer canary-key'", "alloy.api_key", r#"api_key = "YOUR-ALLOY-KEY""#),
    ("alloy.api_key = '\"canary-key\"'", "alloy.api_key", r#"api_key = "YOUR-ALLOY-KEY""#),
    ("alloy.api_key = 'canary-key '", "alloy.api_key", r#"api_key = "YOUR-ALLOY-KEY""#),
    ("host.api_keys = []", "host.api_keys", r#"api_keys = ["gangway_KEY"]"#),
    (r#"host.api_keys = ['"canary-host-key-of-some-length"']"#, "host.api_keys", r#"api_keys = ["gangway_KEY"]"#),
    (r#"host.api_keys = ['["canary-host-key-of-some-length"]']"#, "host.api_keys", r#"api_keys = ["gangway_KEY"]"#),
    ("host.api_keys = ['\u{feff}canary-host-key-of-some-length']", "host.api_keys", r#"api_keys = ["gangway_KEY"]"#),
    ("host.api_keys = ['canary-host-key-of-some-length ']", "host.api_keys", r#"api_keys = ["gangway_KEY"]"#),
    ("host.api_keys = ['canary']", "host.api_keys", r#"api_keys = ["gangway_KEY"]"#),
    ("host.api_keys = ['sha256:canary']", "host.api_keys", r#"api_keys = ["gangway_KEY"]"#),
    ("host.api_keys = ['sk-canary-0123456789abcdef']", "host.api_keys", r#"api_keys = ["gangway_KEY"]"#),
    // Signed tokens that are never accepted, or that can be forged.
    (
        "host.token_jwks_url = 'https://app.acme.test/jwks.json'",
        "host.token_issuer",
        r#"token_issuer = "https://app.acme.test""#,
    ),
    ("host.token_issuer = 'https://app.acme.test'", "host.token_issuer", r#"token_issuer = """#),
    (
        "host = { token_issuer = 'acme', token_jwks_url = 'http://app.acme.test/jwks.json' }",
        "host.token_jwks_url",
        r#"token_jwks_url = "https://app.acme.test/jwks.json""#,
    ),
    ("host = { token_issuer = 'acme', token_keys = ['no key'] }", "host.token_keys", r#"token_keys = []"#),
    // Addresses of the server.
    (
        "server.public_url = 'http://connect.acme.test'",
        "server.public_url",
        r#"public_url = "https://connect.acme.test""#,
    ),
    ("server.public_url = 'https://acme.test/connect'", "server.public_url", r#"public_url = "https://acme.test""#),
    (
        "server.public_url = 'https://connect.acme.test?x=1'",
        "server.public_url",
        r#"public_url = "https://connect.acme.test""#,
    ),
    ("server.public_url = 'http://localhost:3000'", "server.public_url", r#"public_url = "https://connect.acme.test""#),
    ("server.admin_bind = '127.0.0.1:3000'", "server.admin_bind", r#"admin_bind = "127.0.0.1:3001""#),
    ("server.admin_bind = '0.0.0.0:3001'", "server.admin_bind", r#"admin_bind = "127.0.0.1:3001""#),
    ("server.trusted_proxies = []", "server.trusted_proxies", r#"trusted_proxies = ["127.0.0.1"]"#),
    (
        "server.trusted_proxies = ['10.0.0.1', '0.0.0.0/0']",
        "server.trusted_proxies",
        r#"trusted_proxies = ["10.0.0.1"]"#,
    ),
    ("server.trusted_proxies = ['10.0.0.1', 'proxy']", "server.trusted_proxies", r#"trusted_proxies = ["10.0.0.1"]"#),
    // Alloy.
    ("alloy.base_url = 'http://127.0.0.1:4040'", "alloy.base_url", r#"base_url = "https://production.runalloy.com""#),
    (
        "alloy.base_url = 'http://production.runalloy.com'",
        "alloy.base_url",
        r#"base_url = "https://production.runalloy.com""#,
    ),
    (
        "alloy.base_url = 'https://production.runalloy.com/2025-09'",
        "alloy.base_url",
        r#"base_url = "https://production.runalloy.com""#,
    ),
    (
        "alloy.base_url = 'https://production.runalloy.com/v1/'",
        "alloy.base_url",
        r#"base_url = "https://production.runalloy.com""#,
    ),
    (
        "alloy.base_url = 'https://production.runalloy.com/api'",
        "alloy.base_url",
        r#"base_url = "https://production.runalloy.com""#,
    ),
    (
        "alloy.base_url = 'https://production.runalloy.com?v=1'",
        "alloy.base_url",
        r#"base_url = "https://production.runalloy.com""#,
    ),
    ("alloy.api_version = 'v2'", "alloy.api_version", r#"api_version = "2025-09""#),
    (
        "alloy.allowed_hosts = ['https://api.runalloy.com/', '*.runalloy.com']",
        "alloy.allowed_hosts",
        r#"allowed_hosts = ["api.runalloy.com","*.runalloy.com"]"#,
    ),
    (
        "alloy.icon_hosts = ['https://cdn.runalloy.com/', '*.runalloy.com']",
        "alloy.icon_hosts",
        r#"icon_hosts = ["cdn.runalloy.com","*.runalloy.com"]"#,
    ),
    // The host.
    ("host.name = ''", "host.name", r#"name = "Acme Notes""#),
    ("host.origins = []", "host.origins", r#"origins = ["https://app.acme.test"]"#),
    ("host.origins = ['http://app.acme.test']", "host.origins", r#"origins = ["https://app.acme.test"]"#),
    ("host.origins = ['https://app.acme.test/settings']", "host.origins", r#"origins = ["https://app.acme.test"]"#),
    (
        "host.origins = ['https://app.acme.test', 'https://connect.acme.test']",
        "host.origins",
        r#"origins = ["https://app.acme.test"]"#,
    ),
    ("host.verify_completion = 'never'", "host.verify_completion", r#"verify_completion = "links""#),
    ("host.return_urls = []", "host.return_urls", r#"return_urls = ["https://app.acme.test/"]"#),
    (
        "host = { return_urls = [], verify_completion = 'never' }",
        "host.return_urls",
        r#"return_urls = ["https://app.acme.test/"]"#,
    ),
    (
        "host.return_urls = ['https://www.acme.test/apps']",
        "host.return_urls",
        r#"origins = ["https://app.acme.test","https://www.acme.test"]"#,
    ),
    (
        "host.return_urls = ['http://app.acme.test/apps']",
        "host.return_urls",
        r#"return_urls = ["https://app.acme.test/apps"]"#,
    ),
    (
        "host.return_urls = ['https://app.acme.test/#/apps']",
        "host.return_urls",
        r#"return_urls = ["https://app.acme.test/"]"#,
    ),
    (
        "host.return_urls = ['https://me:canary@app.acme.test/']",
        "host.return_urls",
        r#"return_urls = ["https://app.acme.test/"]"#,
    ),
    // Events.
    (
        "webhook.url = 'https://app.acme.test/hooks'",
        "webhook.secrets",
        r#"secrets = ["whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="]"#,
    ),
    (
        "webhook = { url = 'https://app.acme.test/hooks', secrets = ['canary'] }",
        "webhook.secrets",
        r#"secrets = ["whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="]"#,
    ),
    ("webhook.url = 'http://app.acme.test/hooks'", "webhook.url", r#"url = "https://app.acme.test/hooks""#),
    ("webhook.url = 'https://10.1.2.3/hooks'", "webhook.url", "allow_private = true"),
    ("webhook.url = 'https://100.64.0.1/hooks'", "webhook.url", "allow_private = true"),
    ("webhook.secrets = ['whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=']", "webhook.secrets", "secrets = []"),
    // Times.
    ("session.start_code = '1h'", "session.start_code", r#"start_code = "10m""#),
    ("session.idle = '5h'", "session.idle", r#"idle = "4h""#),
    ("session.absolute = '2d'", "session.absolute", r#"absolute = "4h""#),
    ("link.patience = '0s'", "link.patience", r#"patience = "60s""#),
    ("link.patience = '65m'", "link.patience", r#"patience = "60s""#),
    ("link.deadline = '30m'", "link.deadline", r#"deadline = "65m""#),
    ("server.drain = '2m'", "server.drain", r#"drain = "2s""#),
    ("retention.sessions = '23h'", "retention.sessions", r#"sessions = "30d""#),
    ("retention.events = '6d'", "retention.events", r#"events = "30d""#),
    ("retention.attempts = '0s'", "retention.attempts", r#"attempts = "90d""#),
    // Limits.
    ("limits.overall = '0/m'", "limits.overall", r#"overall = "60000/m""#),
    ("limits.per_address = '10/m'", "limits.per_address", r#"per_address = "240/m""#),
    ("limits.overall = '100/m'", "limits.overall", r#"overall = "600/m""#),
    ("limits.held_per_session = 101", "limits.held_per_session", "held_per_session = 4"),
    // Apps.
    ("connectors.allowed = ['slack', 'Slack']", "connectors.allowed", r#"allowed = ["slack"]"#),
    (
        "connectors = { allowed = ['slack'], notion = { name = 'Notes' } }",
        "connectors.allowed",
        r#"allowed = ["slack","notion"]"#,
    ),
    ("connectors = { allowed = ['slack'], slack = { enabled = false } }", "connectors.slack.enabled", "enabled = true"),
    (
        "connectors.zohoCRM.auth_config_id = 'my config'",
        "connectors.zohoCRM.auth_config_id",
        r#"auth_config_id = "YOUR-AUTH-CONFIG-ID""#,
    ),
    (
        "connectors.slack.revoke_url = 'http://slack.com/apps'",
        "connectors.slack.revoke_url",
        r#"revoke_url = "https://slack.com/apps""#,
    ),
    // Other settings.
    ("store.url = 'mysql://me:canary@db/gangway'", "store.url", r#"url = "sqlite://gangway.db""#),
    (
        "store.url = 'postgres://jane:canary@db.acme.test/gangway?sslmode=prefer'",
        "store.url",
        r#"url = "postgres://USER:PASSWORD@db.acme.test/gangway?sslmode=verify-full""#,
    ),
    (
        "store.url = 'postgres://db.acme.test:5433/gangway?sslmode=allow&user=canary&password=canary'",
        "store.url",
        r#"url = "postgres://USER:PASSWORD@db.acme.test:5433/gangway?sslmode=verify-full""#,
    ),
    (
        "store.url = 'postgres://jane:canary@10.0.0.5/gangway?sslmode=disable'",
        "store.url",
        r#"url = "postgres://USER:PASSWORD@10.0.0.5/gangway?sslmode=verify-full""#,
    ),
    (
        "store.url = 'postgresql://jane:canary@db.acme.test/gangway?sslmode=require'",
        "store.url",
        r#"url = "postgres://USER:PASSWORD@db.acme.test/gangway?sslmode=verify-full""#,
    ),
    (
        "store.url = 'postgres:///gangway?password=canary'",
        "store.url",
        r#"url = "postgres://USER:PASSWORD@HOST/NAME?sslmode=verify-full""#,
    ),
    ("store.url = 'sqlite::memory:'", "store.url", r#"url = "sqlite://gangway.db""#),
    ("brand.color = 'blue'", "brand.color", r##"color = "#1a56db""##),
    ("brand.logo = '/nowhere/logo.svg'", "brand.logo", r#"logo = """#),
    ("telemetry.log = 'gangway=loud'", "telemetry.log", r#"log = "info""#),
];

pub(super) fn found(files: &[&str]) -> Vec<Finding> {
    offline(&settings(files), None, &Sevens)
}

#[test]
fn good_settings_have_no_findings() {
    assert_eq!(found(&[]), []);
    assert_eq!(rendered(&[]), "✓ nothing to mend\n");
}

#[test]
fn each_misconfiguration_is_named_with_its_line() {
    for (written, setting, line) in MISCONFIGURATIONS.iter().chain(embedding::ROWS).chain(hostile::ROWS) {
        let findings = found(&[written]);
        let finding = findings.iter().find(|finding| finding.setting == *setting);
        let finding = finding.unwrap_or_else(|| panic!("{written}: {setting} is not named in {findings:?}"));
        let rendered = rendered(&findings);
        assert!(
            rendered.contains(&line.replace("KEY\"]", &format!("{KEY}\"]"))),
            "{written}: {line}\nis not in\n{rendered}"
        );
        assert!(!finding.current.is_empty() && !finding.meaning.is_empty(), "{finding:?}");
        assert!(!rendered.contains("canary"), "{written}: {rendered}");
    }
}

#[test]
fn written_line_resolves_each_finding() {
    for (written, setting, line) in MISCONFIGURATIONS.iter().chain(embedding::ROWS).chain(hostile::ROWS) {
        let before = found(&[written]);
        let finding = before.iter().find(|finding| finding.setting == *setting).unwrap();
        let after = found(&[written, &mended(finding)]);
        // A placeholder must be replaced by an id from Alloy's dashboard.
        if written.contains("YOUR-") || line.contains("YOUR-AUTH-CONFIG-ID") {
            continue;
        }
        let left = after.iter().find(|other| other.setting == *setting && other.meaning == finding.meaning);
        assert_eq!(left, None, "{written}: after {}", mended(finding));
    }
}

#[test]
fn completion_needs_a_return_url() {
    for (mode, refused) in [("never", false), ("links", true), ("always", true)] {
        let written = format!("host = {{ return_urls = [], verify_completion = '{mode}' }}");
        assert_eq!(settings(&[&written]).safe_to_serve(&Sevens).is_err(), refused, "{mode}");
    }
}

#[test]
fn worst_finding_first_and_only_errors_fail() {
    let mixed = found(&["host.origins = []\nlink.deadline = '30m'\nhost.name = ''"]);
    let mut out = Vec::new();
    assert_eq!(report(&mixed, &mut out).unwrap(), Outcome::Unfit);
    insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"
    ✗ host.name: not set
        every page says for which product it is
        write under [host]:  name = "Acme Notes"

    ! link.deadline: 30m
        Alloy's links live one hour: who comes back later than this is told that nothing was linked, and something was
        write under [link]:  deadline = "65m"

    · host.origins: not set
        no page of yours may post a start code, so that every user sees the start page first; name your product's origin to save them a press
        write under [host]:  origins = ["https://app.acme.test"]

    1 error, 1 warning, 1 note. A variable GANGWAY__TABLE__NAME, if there is one, wins over the file.
    "#);
    let warned = found(&["link.deadline = '30m'"]);
    assert_eq!(warned.iter().map(|finding| finding.severity).collect::<Vec<_>>(), [Severity::Warning]);
    assert_eq!(report(&warned, &mut Vec::new()).unwrap(), Outcome::Fit);
}

#[test]
fn secrets_are_shown_by_length() {
    let findings = found(&["session.keys = ['canary-too-short', 'short']"]);
    assert_eq!(findings[0].current, "\"…\" (16 characters), \"…\" (5 characters)");
    assert!(FIT.contains("canary"));
}
