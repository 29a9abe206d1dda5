//! What is wrong on this machine: directories, permissions, the logo.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use super::{Sevens, settings, told};
use crate::{
    cli::check::offline,
    config::{Finding, Fix, Severity},
};

fn only(files: &[&str], config: Option<&Path>) -> Finding {
    let mut found = offline(&settings(files), config, &Sevens);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn a_database_directory_that_is_missing_is_made_by_the_command_that_is_given() {
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
fn a_database_directory_in_which_nothing_can_be_written_is_named() {
    let finding = only(&["store.url = 'sqlite:///proc/gangway.db'"], None);
    assert!(finding.meaning.starts_with("nothing can be written there"), "{finding:?}");
    assert_eq!(finding.fix, Some(Fix::Command("chown \"$(id -u)\" /proc".to_owned())));
}

#[test]
fn a_settings_file_that_others_can_read_is_closed_by_the_command_that_is_given() {
    let place = tempfile::tempdir().unwrap();
    let config = place.path().join("gangway.toml");
    fs::write(&config, "").unwrap();
    fs::set_permissions(&config, fs::Permissions::from_mode(0o644)).unwrap();
    let finding = only(&[], Some(&config));
    assert_eq!(finding.seen, format!("{} with mode 0644", config.display()));
    assert_eq!(finding.fix, Some(Fix::Command(format!("chmod 600 {}", config.display()))));
    fs::set_permissions(&config, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(offline(&settings(&[]), Some(&config), &Sevens), []);
}

#[test]
fn a_logo_is_a_picture_of_the_right_kind_and_size() {
    let place = tempfile::tempdir().unwrap();
    for (name, bytes, word) in [("logo.gif", 10, "SVG or a PNG"), ("logo.png", 300_000, "300000 bytes")] {
        let logo = place.path().join(name);
        fs::write(&logo, vec![0; bytes]).unwrap();
        let finding = only(&[&format!("brand.logo = '{}'", logo.display())], None);
        assert!(told(&[finding]).contains(word), "{name}");
    }
    let logo = place.path().join("logo.SVG");
    fs::write(&logo, "<svg/>").unwrap();
    assert_eq!(offline(&settings(&[&format!("brand.logo = '{}'", logo.display())]), None, &Sevens), []);
}

#[test]
fn phrases_that_no_page_says_and_languages_that_are_not_there_are_named() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("de.ftl"), "bakc = Zurück").unwrap();
    let finding = only(&[&format!("brand.phrases = '{}'", place.path().display())], None);
    assert_eq!(
        (finding.setting.as_str(), finding.meaning.as_str()),
        ("brand.phrases", "de.ftl: no page says \"bakc\"")
    );
    fs::write(place.path().join("de.ftl"), "back = Zurück").unwrap();
    assert_eq!(offline(&settings(&[&format!("brand.phrases = '{}'", place.path().display())]), None, &Sevens), []);
    let finding = only(&["brand.languages = ['tlh']"], None);
    assert!(finding.meaning.contains("no phrases for \"tlh\""), "{finding:?}");
}

#[test]
fn the_sslmode_in_force_is_named() {
    for (url, words) in [
        ("postgres://jane:canary@db.acme.test/x", "sslmode verify-full is in force, the default beyond this machine"),
        ("postgres://jane:canary@db.acme.test/x?sslmode=verify-ca", "sslmode verify-ca is in force: the server's"),
        ("postgres://jane:canary@localhost/x?sslmode=disable", "sslmode disable is in force; the connection stays"),
        ("postgres:///x?host=/run/postgresql&user=canary&sslmode=prefer", "sslmode prefer is in force; the connection"),
    ] {
        let findings = offline(&settings(&[&format!("store.url = '{url}'")]), None, &Sevens);
        let [note] = findings.as_slice() else { panic!("{url}: {findings:?}") };
        assert_eq!((note.severity, note.setting.as_str()), (Severity::Note, "store.url"), "{url}");
        assert!(note.meaning.contains(words) && !told(&findings).contains("canary"), "{url}: {}", note.meaning);
    }
}
