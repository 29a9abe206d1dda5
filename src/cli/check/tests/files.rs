//! Findings about this machine: directories, permissions, the logo.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use super::{Sevens, rendered, settings};
use crate::{
    cli::check::{files::narrower_mode, offline},
    config::{Finding, Fix, Severity},
};

fn only(files: &[&str], config: Option<&Path>) -> Finding {
    let mut found = offline(&settings(files), config, &Sevens);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn missing_database_directory_is_named_with_command() {
    let place = tempfile::tempdir().unwrap();
    let missing = place.path().join("not there");
    let file = format!("store.url = 'sqlite://{}/gangway.db'", missing.display());
    let finding = only(&[&file], None);
    assert_eq!(finding.fix, Some(Fix::Command(format!("mkdir -p '{}'", missing.display()))));
    fs::create_dir(&missing).unwrap();
    assert_eq!(offline(&settings(&[&file]), None, &Sevens), []);
    assert_eq!(fs::read_dir(&missing).unwrap().count(), 0, "the check leaves nothing behind");
}

#[test]
fn unwritable_database_directory_is_named() {
    let finding = only(&["store.url = 'sqlite:///proc/gangway.db'"], None);
    assert!(finding.meaning.starts_with("nothing can be written there"), "{finding:?}");
    assert_eq!(finding.fix, Some(Fix::Command("chown \"$(id -u)\" /proc".to_owned())));
}

#[test]
fn readable_settings_file_is_named_with_command() {
    let place = tempfile::tempdir().unwrap();
    let config = place.path().join("gangway.toml");
    fs::write(&config, "").unwrap();
    fs::set_permissions(&config, fs::Permissions::from_mode(0o644)).unwrap();
    let finding = only(&[], Some(&config));
    assert_eq!(finding.current, format!("{} with mode 0644", config.display()));
    assert_eq!(finding.fix, Some(Fix::Command(format!("chmod 600 {}", config.display()))));
    fs::set_permissions(&config, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(offline(&settings(&[]), Some(&config), &Sevens), []);
}

#[test]
fn settings_of_root_may_be_readable_by_the_group_of_the_service() {
    let (root, service, jane) = (0, 997, 1000);
    for (owner, group, mode, narrower) in [
        (root, service, 0o640, None),
        (root, service, 0o600, None),
        (root, service, 0o660, Some(0o640)),
        (root, service, 0o644, Some(0o640)),
        (root, root, 0o640, Some(0o600)),
        (jane, service, 0o640, Some(0o600)),
        (jane, jane, 0o400, None),
    ] {
        assert_eq!(narrower_mode(owner, group, mode), narrower, "{owner}:{group} {mode:o}");
    }
}

#[test]
fn logo_type_and_size_are_checked() {
    let place = tempfile::tempdir().unwrap();
    for (name, bytes, word) in [("logo.gif", 10, "SVG or a PNG"), ("logo.png", 300_000, "300000 bytes")] {
        let logo = place.path().join(name);
        fs::write(&logo, vec![0; bytes]).unwrap();
        let finding = only(&[&format!("brand.logo = '{}'", logo.display())], None);
        assert!(rendered(&[finding]).contains(word), "{name}");
    }
    let logo = place.path().join("logo.SVG");
    fs::write(&logo, "<svg/>").unwrap();
    assert_eq!(offline(&settings(&[&format!("brand.logo = '{}'", logo.display())]), None, &Sevens), []);
}

#[test]
fn unknown_phrases_and_languages_are_named() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("de.ftl"), "bakc = Zurück").unwrap();
    let finding = only(&[&format!("brand.phrases = '{}'", place.path().display())], None);
    assert_eq!(
        (finding.setting.as_str(), finding.meaning.as_str()),
        ("brand.phrases", "de.ftl: no page says \"bakc\"")
    );
    for good in ["back = Zurück", "\u{feff}back = Zurück\r\n"] {
        fs::write(place.path().join("de.ftl"), good).unwrap();
        let phrases = format!("brand.phrases = '{}'", place.path().display());
        assert_eq!(offline(&settings(&[&phrases]), None, &Sevens), [], "{good:?}");
    }
    let finding = only(&["brand.languages = ['tlh']"], None);
    assert!(finding.meaning.contains("no phrases for \"tlh\""), "{finding:?}");
}

#[test]
fn sslmode_in_force_is_named() {
    for (url, words) in [
        ("postgres://jane:canary@db.acme.test/x", "sslmode verify-full is in force, the default beyond this machine"),
        ("postgres://jane:canary@db.acme.test/x?sslmode=verify-ca", "sslmode verify-ca is in force: the server's"),
        ("postgres://jane:canary@localhost/x?sslmode=disable", "sslmode disable is in force; the connection stays"),
        ("postgres:///x?host=/run/postgresql&user=canary&sslmode=prefer", "sslmode prefer is in force; the connection"),
    ] {
        let findings = offline(&settings(&[&format!("store.url = '{url}'")]), None, &Sevens);
        let [note] = findings.as_slice() else { panic!("{url}: {findings:?}") };
        assert_eq!((note.severity, note.setting.as_str()), (Severity::Note, "store.url"), "{url}");
        assert!(note.meaning.contains(words) && !rendered(&findings).contains("canary"), "{url}: {}", note.meaning);
    }
}
