//! Weak keys, URLs with a login, and names without visible characters.

use super::{FIT, Sevens, settings};
use crate::config::Settings;

/// A key of 1,024 bits.
const RSA_1024: &str = "host = { token_issuer = 'acme', token_keys = ['''\
-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCSsTP/vC3SaWSLbqZ8SF9/NTdp
Fo7tl/oaQ9Ri7hruLJbgy3Fbp1Qs/aSaqNVgieuwjF3FbkRRfnlzyHfnhkjToQNB
Wa4k3yoyqqPXx3J8NKMqdzUVB9AKx5Z4W5XSTSXUomQZJmomBKPpFjOlyQsRwdgo
qr7l9SZ4ozpws/bWPwIDAQAB
-----END PUBLIC KEY-----'''] }";

/// Settings · reported setting · suggested line.
pub(crate) const ROWS: &[(&str, &str, &str)] = &[
    (RSA_1024, "host.token_keys", r#"token_keys = []"#),
    (
        "host = { token_issuer = 'acme', token_jwks_url = 'https://me:canary@app.acme.test/jwks.json' }",
        "host.token_jwks_url",
        r#"token_jwks_url = "https://app.acme.test/jwks.json""#,
    ),
    (
        "alloy.base_url = 'https://me:canary@production.runalloy.com'",
        "alloy.base_url",
        r#"base_url = "https://production.runalloy.com/""#,
    ),
    (
        "connectors.slack.docs_url = 'https://me:canary@acme.test/slack'",
        "connectors.slack.docs_url",
        r#"docs_url = "https://acme.test/slack""#,
    ),
    (
        "connectors.slack.revoke_url = 'https://canary@slack.com/apps'",
        "connectors.slack.revoke_url",
        r#"revoke_url = "https://slack.com/apps""#,
    ),
    (
        "connectors.shopify.fields.shopName.help_url = 'https://:canary@acme.test/help'",
        "connectors.shopify.fields.shopName.help_url",
        r#"help_url = "https://acme.test/help""#,
    ),
    ("host.name = '\u{3164}\u{ad} \u{2800}'", "host.name", r#"name = "Acme Notes""#),
    ("connectors.slack.docs_url = 'javascript://x/%0aalert(1)'", "connectors.slack.docs_url", r#"docs_url = """#),
    ("connectors.slack.name = '\u{3164}'", "connectors.slack.name", r#"name = """#),
    ("connectors.slack.consent_name = '\u{e0041}'", "connectors.slack.consent_name", r#"consent_name = """#),
];

/// Only an app's invisible names do not prevent the start: the vendor's names replace them.
#[test]
fn weak_keys_logins_and_invisible_names_do_not_start() {
    assert!(settings(&[]).safe_to_serve(&Sevens).is_ok());
    for (written, setting, _) in ROWS {
        let starts = setting.ends_with("slack.name") || setting.ends_with("consent_name");
        let refused = settings(&[written]).safe_to_serve(&Sevens);
        assert_eq!(refused.is_err_and(|error| error.to_string().contains(setting)), !starts, "{written}");
    }
}

#[test]
fn url_with_odd_characters_is_rejected() {
    for odd in
        ["https://acme.test/\ta", "https://ac\u{200b}me.test/", "https://acme.test/\u{202e}", "https://acme .test/"]
    {
        let written = format!("connectors.slack.docs_url = \"{odd}\"");
        assert!(Settings::from_texts(&[FIT, &written], std::iter::empty()).is_err(), "{odd:?}");
    }
}
