//! The table in `docs/browsers.md` of what ran where. A test of `engines` writes its line, and fails if the line names
//! other journeys than it went on.

use std::{fs::File, path::PathBuf};

use crate::{
    browser::Browser,
    engine::Engine,
    engines::{ONE_BROWSER, TWO_BROWSERS},
    world::Scheme,
};

const DOCUMENT: &str = "docs/browsers.md";

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT)
}

fn read() -> String {
    std::fs::read_to_string(path()).unwrap()
}

/// Browser, address and journeys of each line.
fn lines(document: &str) -> Vec<[String; 3]> {
    let table = document.lines().skip_while(|line| !line.starts_with("| browser | Gangway over |")).skip(2);
    let cells = table.take_while(|line| line.starts_with('|')).map(|line| line.trim_matches('|').split('|'));
    cells
        .map(|mut cells| {
            let mut next = || cells.next().unwrap_or_default().trim().to_owned();
            let (browser, over, _version) = (next(), next(), next());
            [browser, over, next()]
        })
        .collect()
}

fn line(engine: Engine, scheme: Scheme, stories: &[&str]) -> [String; 3] {
    let over = if scheme == Scheme::Http { "http loopback" } else { "https" };
    [format!("{engine:?}"), over.to_owned(), stories.join(", ")]
}

/// The line that says so stands there, or is written if the environment wants it: in the place of the one for that
/// browser and address whose first journey is the same.
pub(crate) fn holds(browser: &Browser, scheme: Scheme, told: &[&str]) {
    let line = line(browser.engine(), scheme, told);
    let [name, over, journeys] = &line;
    if std::env::var_os("GANGWAY_WRITE_BROWSERS").is_some() {
        // Other browsers write theirs at the same time.
        let lock = File::open(env!("CARGO_MANIFEST_DIR")).unwrap();
        lock.lock().unwrap();
        let new = format!("| {name} | {over} | {} | {journeys} |", browser.version());
        let begin = format!("| {name} | {over} | ");
        let is_old = |old: &&str| old.starts_with(&begin) && old.contains(&format!("| {}", told[0]));
        let text = read();
        let text: Vec<&str> = text.lines().map(|old| if is_old(&old) { new.as_str() } else { old }).collect();
        std::fs::write(path(), text.join("\n") + "\n").unwrap();
    }
    // Another version of the browser is no other table.
    assert!(lines(&read()).contains(&line), "{line:?}: with GANGWAY_WRITE_BROWSERS=1 the test writes {DOCUMENT}");
}

#[test]
fn table_names_every_journey_in_every_engine() {
    let mut wanted = Vec::new();
    for engine in Engine::ALL {
        for scheme in [Scheme::Http, Scheme::Https] {
            wanted.extend([ONE_BROWSER, TWO_BROWSERS].map(|stories| line(engine, scheme, stories)));
        }
    }
    assert_eq!(lines(&read()), wanted);
}
