//! Frames, and apps on the user's device.

use super::{Sevens, misconfigurations::found, settings};

/// Settings · reported setting · suggested line.
pub(super) const ROWS: &[(&str, &str, &str)] = &[
    (
        "host = { return_urls = ['com.acme.app:/connected'], verify_completion = 'never' }",
        "host.verify_completion",
        r#"verify_completion = "links""#,
    ),
    (
        "host.return_urls = ['https://app.acme.test/', 'acme-notes://app.acme.test/connected']",
        "host.return_urls",
        r#"return_urls = ["https://app.acme.test/","https://app.acme.test/connected"]"#,
    ),
    ("host.return_urls = ['com.acme.app:/#connected']", "host.return_urls", r#"return_urls = ["com.acme.app:/"]"#),
    (
        "host.origins = ['https://app.acme.test', 'https://*.acme.test', 'https://acme.test;script-src']",
        "host.origins",
        r#"origins = ["https://app.acme.test"]"#,
    ),
    // Frames.
    (
        "host = { frames = true, origins = ['https://app.acme.test', 'https://acme-notes.test'] }",
        "host.frames",
        "frames = false",
    ),
    (
        "host = { frames = true, origins = ['https://app.acme.test', 'http://localhost'] }",
        "host.frames",
        "frames = false",
    ),
    ("host = { frames = true, origins = ['https://[2001:db8::1]'] }", "host.frames", "frames = false"),
    ("host = { frames = true, origins = [] }", "host.frames", "frames = false"),
];

#[test]
fn frames_are_for_pages_of_one_site() {
    for (written, refused) in [
        ("host.frames = true", None),
        ("host = { frames = false, origins = ['https://acme-notes.test'] }", None),
        ("host = { frames = true, origins = ['https://app.acme.test', 'https://acme.test:8443'] }", None),
        (
            "server.public_url = 'http://localhost:3000'\nhost = { frames = true, origins = ['http://localhost:8080'] }",
            None,
        ),
        (
            "host = { frames = true, origins = ['https://app.acme.test', 'https://acme-notes.test/'] }",
            Some(
                "host.frames is true: https://acme-notes.test in host.origins is of another site than https://connect.acme.test",
            ),
        ),
        (
            "server.public_url = 'https://acme.github.io'\nhost = { frames = true, origins = ['https://notes.github.io'] }",
            Some("host.frames is true: https://notes.github.io in host.origins"),
        ),
    ] {
        let refusal =
            settings(&[written]).safe_to_serve(&Sevens).map_err(|unsafe_settings| unsafe_settings.to_string());
        match refused {
            None => assert_eq!(refusal, Ok(()), "{written}"),
            Some(words) => assert!(refusal.as_ref().is_err_and(|text| text.contains(words)), "{written}: {refusal:?}"),
        }
    }
}

#[test]
fn apps_on_devices_need_completion() {
    let app = |mode| format!("host = {{ return_urls = ['com.acme.app:/connected'], verify_completion = '{mode}' }}");
    for (mode, refused) in [("never", true), ("links", false), ("always", false)] {
        assert_eq!(settings(&[&app(mode)]).safe_to_serve(&Sevens).is_err(), refused, "{mode}");
    }
    // Neither an unknown origin nor an unreachable machine.
    assert_eq!(found(&[&app("links")]), []);
}
