//! The table in `docs/embedding.md` of what ended in the right outcome where. Each cell is held by its test, which writes
//! it if the environment wants that.

use std::{fs::File, path::PathBuf};

use super::{
    cells::{Popup, every_popup},
    policy::Policy,
    stage::Sites,
};
use crate::{browser::Browser, engine::Engine};

const DOCUMENT: &str = "docs/embedding.md";
const BEGIN: &str = "<!-- embedding:begin -->\n";
const END: &str = "<!-- embedding:end -->";

/// What a passed test says.
const LINKED: &str = "linked";
/// Where the case is not run.
const NO_CASE: &str = "–";

/// A case: a line of the table, in one engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    way: &'static str,
    sites: Sites,
    case: String,
    /// Whether other engines than Chromium have it.
    everywhere: bool,
}

impl Cell {
    pub(crate) fn popup(Popup { sites, policy, isolated }: Popup) -> Self {
        let provider = if isolated { Policy::SameOrigin } else { Policy::None };
        let case = format!("opener policy of the host's page `{policy}`, of the provider's `{provider}`");
        Self { way: "pop-up", sites, case, everywhere: true }
    }

    pub(crate) fn redirect() -> Self {
        Self { way: "redirect", sites: Sites::Cross, case: String::new(), everywhere: true }
    }

    pub(crate) fn frame() -> Self {
        Self { way: "frame", sites: Sites::Same, case: String::new(), everywhere: true }
    }

    pub(crate) fn form() -> Self {
        let case = "a form with `target=_blank` instead of the script".to_owned();
        Self { way: "pop-up", sites: Sites::Cross, case, everywhere: true }
    }

    pub(crate) fn without_script() -> Self {
        Self { case: "the same form in a browser without scripts".to_owned(), ..Self::form() }
    }

    pub(crate) fn popup_with_third_party_cookies(allowed: bool) -> Self {
        Self::form().with_third_party_cookies(allowed)
    }

    /// The same with the browser's setting for third-party cookies.
    pub(crate) fn with_third_party_cookies(self, allowed: bool) -> Self {
        let case = format!("third-party cookies {}", if allowed { "allowed" } else { "blocked" });
        Self { case, everywhere: false, ..self }
    }

    fn all() -> Vec<Self> {
        let mut all: Vec<Self> =
            [Sites::Cross, Sites::Same].into_iter().flat_map(every_popup).map(Self::popup).collect();
        all.extend([Self::form(), Self::without_script(), Self::redirect(), Self::frame()]);
        for allowed in [true, false] {
            all.push(Self::popup_with_third_party_cookies(allowed));
            all.push(Self::frame().with_third_party_cookies(allowed));
        }
        all
    }

    /// The beginning of its line.
    fn name(&self) -> String {
        let sites = if self.sites == Sites::Same { "the same" } else { "another" };
        format!("| {} | {sites} | {} |", self.way, self.case)
    }

    /// The table says that it passed in this browser, or is made to say so.
    pub(crate) fn holds(&self, browser: &Browser) {
        let column = column(browser.engine());
        if std::env::var_os("GANGWAY_WRITE_BROWSERS").is_some() {
            // Other browsers write theirs at the same time.
            let lock = File::open(env!("CARGO_MANIFEST_DIR")).unwrap();
            lock.lock().unwrap();
            let mut table = Table::read();
            table.titles[column] = format!("{:?} {}", browser.engine(), browser.version());
            let line = table.lines.iter_mut().find(|(cell, _)| cell == self).unwrap();
            line.1[column] = LINKED.to_owned();
            table.write();
        }
        // Another version of the browser is no other table.
        let table = Table::read();
        let (_, results) = table.lines.iter().find(|(cell, _)| cell == self).unwrap();
        assert_eq!(results[column], LINKED, "{self:?}: with GANGWAY_WRITE_BROWSERS=1 the test writes {DOCUMENT}");
    }
}

fn column(engine: Engine) -> usize {
    Engine::ALL.iter().position(|one| *one == engine).unwrap()
}

/// The table as it stands; what is missing is empty.
struct Table {
    titles: [String; 3],
    lines: Vec<(Cell, [String; 3])>,
}

impl Table {
    fn read() -> Self {
        let document = std::fs::read_to_string(path()).unwrap();
        let (_, rest) = document.split_once(BEGIN).unwrap();
        let (table, _) = rest.split_once(END).unwrap();
        let results = |line: &str| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            cells.last_chunk::<3>().map_or_else(Default::default, |last| last.map(str::to_owned))
        };
        let of = |name: &str| table.lines().find(|line| line.starts_with(name)).map(results).unwrap_or_default();
        let lines = Cell::all().into_iter().map(|cell| {
            let results = of(&cell.name());
            (cell, results)
        });
        Self { titles: of("| way |"), lines: lines.collect() }
    }

    fn write(&self) {
        let mut table =
            format!("| way | Gangway's site | case | {} |\n|---|---|---|---|---|---|\n", self.titles.join(" | "));
        for (cell, results) in &self.lines {
            let mut results = results.clone();
            for engine in Engine::ALL {
                if !cell.everywhere && engine != Engine::Chromium {
                    results[column(engine)] = NO_CASE.to_owned();
                }
            }
            table += &format!("{} {} |\n", cell.name(), results.join(" | "));
        }
        let document = std::fs::read_to_string(path()).unwrap();
        let (before, rest) = document.split_once(BEGIN).unwrap();
        let (_, after) = rest.split_once(END).unwrap();
        std::fs::write(path(), format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
    }
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT)
}

#[test]
fn table_has_every_case_in_every_engine() {
    for (cell, results) in Table::read().lines {
        for engine in Engine::ALL {
            let wanted = if cell.everywhere || engine == Engine::Chromium { LINKED } else { NO_CASE };
            assert_eq!(results[column(engine)], wanted, "{engine:?}: {cell:?}");
        }
    }
}
