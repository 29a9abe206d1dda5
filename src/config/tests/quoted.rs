//! Values as files of variables and editors write them: in quotation marks, as lists, and behind a byte order mark.

use super::*;

#[test]
fn values_in_quotation_marks_and_lists_of_the_environment_are_understood() {
    for (written, expected) in [
        ("KEY", vec!["KEY"]),
        ("\"KEY\"", vec!["KEY"]),
        ("'KEY'", vec!["KEY"]),
        ("[\"KEY\"]", vec!["KEY"]),
        (" ['KEY', \"OTHER\"] ", vec!["KEY", "OTHER"]),
        ("\"KEY\",\"OTHER\"", vec!["KEY", "OTHER"]),
        ("\"KEY,OTHER\"", vec!["KEY", "OTHER"]),
        ("\u{feff}\"KEY\"", vec!["KEY"]),
        ("[KEY]", vec!["[KEY]"]),
        ("KEY\"", vec!["KEY\""]),
        ("[]", vec![]),
    ] {
        let settings = from("", &[("GANGWAY__HOST__API_KEYS", written)]);
        let keys: Vec<_> = settings.host.api_keys.iter().map(|key| key.expose_secret().to_owned()).collect();
        assert_eq!(keys, expected, "{written}");
    }
    let settings = from(
        "",
        &[
            ("GANGWAY__SERVER__PUBLIC_URL", "\"https://connect.acme.test\""),
            ("GANGWAY__SESSION__IDLE", "'7m'"),
            ("GANGWAY__ALLOY__API_KEY", "\"sk-key\""),
            ("GANGWAY__HOST__NAME", "\"Acme\" by \"Bob\""),
            ("GANGWAY__SERVER__TRUSTED_PROXIES", "[\"10.0.0.0/8\", \"::1\"]"),
            ("GANGWAY__STORE__URL", " sqlite:///data/gangway.db\n"),
        ],
    );
    assert_eq!(settings.server.public_url.as_str(), "https://connect.acme.test/");
    assert_eq!(settings.session.idle, Duration::from_secs(420));
    assert_eq!(settings.alloy.api_key.expose_secret(), "sk-key");
    assert_eq!(settings.host.name, "\"Acme\" by \"Bob\"");
    assert_eq!(settings.server.trusted_proxies, ["10.0.0.0/8", "::1"]);
    assert_eq!(settings.store.url.expose_secret(), "sqlite:///data/gangway.db");
}

#[test]
fn mark_before_the_settings_file_is_ignored() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "\u{feff}host.name = 'Acme'\r\n").unwrap();
    assert_eq!(Settings::load(Some(file.path()), iter::empty()).unwrap().host.name, "Acme");
}

#[test]
fn files_of_the_settings_are_beside_them_for_every_command() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("gangway.toml");
    std::fs::write(place.path().join("alloy.key"), "KEY-OF-ALLOY\n").unwrap();
    std::fs::write(place.path().join("keys"), "ONE\nTWO\n").unwrap();
    let text = "alloy.api_key_file = 'alloy.key '\nbrand = { logo = 'logo.svg', phrases = './phrases' }\n";
    std::fs::write(&file, text).unwrap();
    let variable = ("GANGWAY__HOST__API_KEYS_FILE".to_owned(), "keys".to_owned());
    let settings = Settings::load(Some(&file), iter::once(variable)).unwrap();
    assert_eq!(settings.alloy.api_key.expose_secret(), "KEY-OF-ALLOY");
    assert_eq!(settings.host.api_keys.len(), 2);
    assert_eq!(settings.brand.logo, Some(place.path().join("logo.svg")));
    assert_eq!(settings.brand.phrases, Some(place.path().join("phrases")));
    std::fs::remove_file(place.path().join("alloy.key")).unwrap();
    let error = Settings::load(Some(&file), iter::empty()).unwrap_err().to_string();
    assert!(error.contains(place.path().join("alloy.key").to_str().unwrap()), "{error}");
}
