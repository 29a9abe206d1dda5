use std::{io::Write as _, iter, time::Duration};

use secrecy::ExposeSecret as _;
use url::Url;

use super::*;
use crate::domain::{clock::SystemEntropy, connector::ConnectorId};

mod quoted;

fn environment(variables: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
    let owned: Vec<_> = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    owned.into_iter()
}

fn from(file: &str, variables: &[(&str, &str)]) -> Settings {
    Settings::from_texts(&[file], environment(variables)).unwrap()
}

fn bad(file: &str, variables: &[(&str, &str)]) -> Vec<InvalidSetting> {
    match Settings::from_texts(&[file], environment(variables)) {
        Err(SettingsError::Invalid(bad)) => bad,
        other => panic!("{other:?}"),
    }
}

const DEFAULTS: &str = include_str!("../../config/default.toml");

#[test]
fn defaults_are_as_documented() {
    let settings = Settings::load(None, iter::empty()).unwrap();
    assert_eq!(settings.server.bind.to_string(), "127.0.0.1:3000");
    assert_eq!(settings.server.admin_bind.to_string(), "127.0.0.1:3001");
    assert_eq!(settings.alloy.base_url.as_str(), "https://production.runalloy.com/");
    assert_eq!(settings.alloy.api_version, "2025-09");
    assert!(settings.store.url.expose_secret().ends_with("/gangway.db"), "in the working directory");
    assert_eq!(settings.session.start_code, Duration::from_secs(600));
    assert_eq!(settings.session.idle, Duration::from_secs(1_800));
    assert_eq!(settings.session.absolute, Duration::from_secs(14_400));
    assert_eq!(settings.link.patience, Duration::from_secs(60));
    assert_eq!(settings.link.deadline, Duration::from_secs(3_900));
    assert_eq!(settings.host.verify_completion, VerifyCompletion::Never);
    assert_eq!(settings.link.without_return, WithoutReturn::Report);
    assert!(settings.session.keys.is_empty() && settings.host.api_keys.is_empty());
    assert!(settings.webhook.url.is_none() && settings.brand.logo.is_none() && settings.connectors.each.is_empty());
}

#[test]
fn only_schemes_of_apps_have_no_host() {
    let urls = |urls: &str| Settings::from_texts(&[&format!("host.return_urls = [{urls}]")], iter::empty());
    let known = urls("'https://app.acme.com/apps', 'com.acme.app:/connected'").unwrap().host.return_urls;
    assert_eq!(
        known.iter().map(Url::as_str).collect::<Vec<_>>(),
        ["https://app.acme.com/apps", "com.acme.app:/connected"]
    );
    for url in [
        "javascript:alert(1)",
        "JavaScript:alert(1)//com.acme.app:/",
        "javascript.:/connected",
        "data:text/html,x",
        "file:/etc/passwd",
        "blob:https://app.acme.com/1",
        "about:blank",
        "acme:/connected",
        "com.acme.app:connected",
        "com.acme.app:/a b",
        "com.acme.app:/\u{202e}",
    ] {
        assert!(urls(&format!("'{url}'")).is_err(), "{url}");
    }
}

/// Loading the defaults already proves that the file has exactly the keys of the types.
#[test]
fn every_default_has_a_comment() {
    let lines: Vec<&str> = DEFAULTS.lines().collect();
    for pair in lines.windows(2) {
        if pair[1].contains(" = ") && !pair[1].starts_with('#') {
            assert!(pair[0].starts_with("# "), "{} has no comment", pair[1]);
        }
    }
}

#[test]
fn example_connector_shows_every_setting() {
    let example: String = DEFAULTS
        .lines()
        .skip_while(|line| !line.starts_with("# [connectors."))
        .take_while(|line| line.starts_with('#'))
        .map(|line| format!("{}\n", line.trim_start_matches('#').trim_start()))
        .filter(|line| line.starts_with('[') || line.contains(" = "))
        .collect();
    let settings = from(&example, &[]);
    assert!(settings.connectors.each["shopify"].enabled);
    let whoami = settings.connectors.each["shopify"].whoami.as_ref().unwrap();
    assert_eq!((whoami.action.as_str(), whoami.label.as_deref()), ("whoami", Some("Shop")));
    assert_eq!(settings.connectors.each["shopify"].fields["shopName"].label.as_deref(), Some("Shop name"));
    for table in ["connectors.shopify", "connectors.shopify.fields.shopName"] {
        let unknown = bad(&format!("[{table}]\nunknown = 1"), &[]);
        let names: Vec<&str> = unknown[0].expected.split('`').skip(1).step_by(2).collect();
        assert!(names.len() >= 5);
        for name in names.into_iter().filter(|name| *name != "fields") {
            assert!(example.contains(&format!("{name} = ")), "{table}.{name} is not in the example");
        }
    }
}

#[test]
fn environment_overrides_file_overrides_defaults() {
    let file = "[session]\nidle = '5m'\nabsolute = '1h'\n[host]\norigins = ['https://file.test']";
    let settings = from(
        file,
        &[
            ("GANGWAY__SESSION__IDLE", "7m"),
            ("GANGWAY__HOST__ORIGINS", "https://a.test, https://b.test:8443"),
            ("GANGWAY__WEBHOOK__ALLOW_PRIVATE", "true"),
            ("GANGWAY__LIMITS__PER_ADDRESS", "10/s"),
            ("GANGWAY_SERVICE_HOST", "10.0.0.1"),
            ("PATH", "/bin"),
        ],
    );
    assert_eq!(settings.session.idle, Duration::from_secs(420));
    assert_eq!(settings.session.absolute, Duration::from_secs(3_600));
    assert_eq!(settings.session.start_code, Duration::from_secs(600));
    assert_eq!(
        settings.host.origins.iter().map(Url::as_str).collect::<Vec<_>>(),
        ["https://a.test/", "https://b.test:8443/"]
    );
    assert!(settings.webhook.allow_private);
    assert_eq!(settings.limits.per_address, Rate { requests: 10, per: Duration::from_secs(1) });
}

#[test]
fn connectors_and_fields_ignore_case() {
    let file = "[connectors]\nallowed = ['zohoCRM', 'monday', 'quickBooks']\n[connectors.zohoCRM]\nname = 'Zoho'\n[connectors.zohoCRM.fields.dataRegion]\nlabel = 'Region'";
    let settings = from(
        file,
        &[
            ("GANGWAY__CONNECTORS__ZOHOCRM__AUTH_CONFIG_ID", "67a37f29e0aa276e50d7253a"),
            ("GANGWAY__CONNECTORS__ZOHOCRM__FIELDS__DATAREGION__HINT", "Where your account is."),
            ("GANGWAY__CONNECTORS__QUICKBOOKS__NAME", "QuickBooks"),
        ],
    );
    let zoho = settings.connectors.of(&ConnectorId::parse("ZohoCRM").unwrap()).unwrap();
    assert_eq!((zoho.id.as_str(), zoho.name.as_deref()), ("zohoCRM", Some("Zoho")));
    assert_eq!(zoho.auth_config_id.as_deref(), Some("67a37f29e0aa276e50d7253a"));
    let region = zoho.field("DATAREGION").unwrap();
    assert_eq!((region.label.as_deref(), region.hint.as_deref()), (Some("Region"), Some("Where your account is.")));
    assert_eq!(settings.connectors.each["quickbooks"].id, "quickBooks");
    assert!(settings.connectors.of(&ConnectorId::parse("monday").unwrap()).is_none());
}

#[test]
fn whoami_needs_action_and_field() {
    let variables = [
        ("GANGWAY__CONNECTORS__SLACK__WHOAMI__ACTION", "auth/test"),
        ("GANGWAY__CONNECTORS__SLACK__WHOAMI__FIELD", "team.name"),
    ];
    let settings = from("", &variables);
    let whoami = settings.connectors.each["slack"].whoami.as_ref().unwrap();
    assert_eq!((whoami.action.as_str(), whoami.field.as_str()), ("auth/test", "team.name"));
    assert_eq!(whoami.label, None);
    for (written, key) in [
        ("{ action = 'whoami' }", "whoami"),
        ("{ field = 'account', label = 'Account' }", "whoami"),
        ("{ action = '', field = 'account' }", "whoami"),
        ("{ action = '..', field = 'account' }", "whoami"),
        ("{ action = 'whoami', field = 'account..name' }", "whoami"),
        ("{ action = 'whoami', field = 'account', lable = 'Account' }", "whoami.lable"),
        ("{ action = 'whoami', field = 3 }", "whoami.field"),
        ("'whoami'", "whoami"),
    ] {
        let wrong = bad(&format!("[connectors.slack]\nwhoami = {written}"), &[]);
        assert_eq!(wrong[0].key, format!("connectors.slack.{key}"), "{written}: {wrong:?}");
    }
}

#[test]
fn secret_files_belong_to_their_layer() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (one, two) = (file("one", "from the file, with a comma\r\n"), file("two", "first,a\n\n second \n"));
    let written = format!("[alloy]\napi_key_file = '{one}'\n[session]\nkeys_file = '{two}'");
    let settings = from(&written, &[]);
    assert_eq!(settings.alloy.api_key.expose_secret(), "from the file, with a comma");
    let keys: Vec<&str> = settings.session.keys.iter().map(|key| key.expose_secret()).collect();
    assert_eq!(keys, ["first,a", "second"]);
    let settings = from(&written, &[("GANGWAY__ALLOY__API_KEY", "variable")]);
    assert_eq!(settings.alloy.api_key.expose_secret(), "variable");
    let settings = from("[alloy]\napi_key = 'plain'", &[("GANGWAY__ALLOY__API_KEY_FILE", &one)]);
    assert_eq!(settings.alloy.api_key.expose_secret(), "from the file, with a comma");

    let missing =
        bad("[alloy]\napi_key = 'a'\napi_key_file = 'b'", &[("GANGWAY__HOST__API_KEYS_FILE", "/nowhere/keys")]);
    assert_eq!(missing[0].key, "alloy.api_key_file");
    assert_eq!(missing[0].expected, "only one of it and alloy.api_key");
    assert_eq!(missing[1].variable.as_deref(), Some("GANGWAY__HOST__API_KEYS_FILE"));
    assert!(missing[1].expected.starts_with("a file that can be read"), "{missing:?}");
}

#[test]
fn all_invalid_settings_are_reported_without_secrets() {
    let file = "
        nonsense = 'canary-0'
        [server]
        bind = 'localhost'
        bnd = 'canary-1'
        [alloy]
        base_url = 'production.runalloy.com'
        api_key = ['canary-2']
        apikey = 'canary-3'
        [session]
        idle = '10 minutes'
        keys = [1, 'canary-4']
        [host]
        verify_completion = 'sometimes'
        [webhook]
        url = 'https//me:canary-5@hooks.test'
        [link]
        patience = 60
        [connectors.slack]
        name = 'once'
        [connectors.trello]
        enabled = 'yes'
        [connectors.Slack]
        name = 'again'
        [connectors.'a/b']
        name = 'slash'
        [telemetry]
        format = 3
    ";
    let bad = bad(file, &[("GANGWAY__LIMITS__OVERALL", "many"), ("GANGWAY__HOST__NAMES", "canary-6")]);
    let mut keys: Vec<&str> = bad.iter().map(|one| one.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "alloy.api_key",
            "alloy.apikey",
            "alloy.base_url",
            "connectors.a/b",
            "connectors.slack",
            "connectors.trello.enabled",
            "host.names",
            "host.verify_completion",
            "limits.overall",
            "link.patience",
            "nonsense",
            "server.bind",
            "server.bnd",
            "session.idle",
            "session.keys",
            "telemetry.format",
            "webhook.url",
        ]
    );
    let text = SettingsError::Invalid(bad).to_string();
    assert!(text.starts_with("17 settings are wrong:\n"), "{text}");
    assert!(!text.contains("canary"), "{text}");
    for line in [
        "session.idle is \"10 minutes\"; wanted: a duration such as 20s, 10m or 4h",
        "server.bnd is no setting (its value: \"…\" (8 characters)); wanted: one of `bind`, `public_url`, `admin_bind`, `trusted_proxies`",
        "limits.overall (from GANGWAY__LIMITS__OVERALL) is \"many\"; wanted: a rate such as 10/s, 600/m or 5000/h",
        "link.patience is 60; wanted: a duration such as 20s, 10m or 4h",
        "host.verify_completion is \"sometimes\"; wanted: one of `never`, `links`, `always`",
        "alloy.api_key is a list of 1; wanted: a text",
    ] {
        assert!(text.contains(line), "{line}\nis not in\n{text}");
    }
}

#[test]
fn malformed_toml_is_reported_by_line_only() {
    let error = Settings::from_texts(&["[alloy]\napi_key = canary-key\n"], iter::empty()).unwrap_err().to_string();
    assert!(error.contains("line 2") && !error.contains("canary"), "{error}");
    let error = Settings::load(Some(Path::new("/nowhere/gangway.toml")), iter::empty()).unwrap_err().to_string();
    assert!(error.starts_with("/nowhere/gangway.toml cannot be read: "), "{error}");
}

#[test]
fn defaults_alone_are_not_safe_to_serve() {
    let settings = from("[host]\napi_keys = ['canary']", &[]);
    let refusal = settings.safe_to_serve(&SystemEntropy).unwrap_err();
    let settings: Vec<&str> = refusal.0.iter().map(|finding| finding.setting.as_str()).collect();
    assert_eq!(settings, ["session.keys", "alloy.api_key", "host.api_keys", "host.name"]);
    let text = refusal.to_string();
    assert!(text.contains("session.keys is not set: "), "{text}");
    assert!(!text.contains("canary") && !text.contains("gangway_"), "{text}");
}
