//! Dependencies between the modules of `src`: downwards only, and without a circle between files.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Source, product};

/// The modules from top to bottom. A module uses those below its own line only.
const LAYERS: &[&[&str]] = &[
    &["cli"],
    &["server"],
    &["embed"],
    &["journey", "host_api", "jobs"],
    &["web"],
    &["webhook"],
    &["connections"],
    &["attempts"],
    &["sessions"],
    &["catalogue"],
    &["alloy", "store", "i18n"],
    &["config"],
    &["runtime", "sandbox"],
    &["domain"],
];

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The module of a file or path: its first part below the root.
fn room(path: &[String]) -> &str {
    path.first().map_or("", String::as_str)
}

/// Which file uses which, by their paths in the crate. A name that a module only hands on counts for the file that
/// defines it.
fn uses(sources: &[Source]) -> BTreeMap<Vec<String>, BTreeSet<Vec<String>>> {
    let files: BTreeSet<Vec<String>> = sources.iter().map(Source::module).collect();
    let exported: BTreeMap<Vec<String>, Vec<String>> = sources.iter().flat_map(Source::exported).collect();
    let home = |path: &[String]| {
        let mut path = path.to_vec();
        loop {
            let depth = (1..=path.len()).rev().find(|&depth| files.contains(path.split_at(depth).0))?;
            let (file, rest) = path.split_at(depth);
            let item = rest.first().map(|name| [file, std::slice::from_ref(name)].concat());
            match item.as_ref().and_then(|item| exported.get(item)) {
                Some(target) if Some(target) != item.as_ref() => {
                    path = [target.as_slice(), rest.split_at(1).1].concat();
                }
                _ => return Some(file.to_vec()),
            }
        }
    };
    let mut all = BTreeMap::new();
    for source in sources {
        let own = source.module();
        let named = source.used().into_iter().filter_map(|path| home(&path));
        let others: BTreeSet<_> = named.filter(|other| *other != own).collect();
        all.insert(own, others);
    }
    all
}

/// Uses that run upwards or sideways.
fn upward(uses: &BTreeMap<Vec<String>, BTreeSet<Vec<String>>>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (file, others) in uses {
        for other in others.iter().filter(|other| room(other) != room(file)) {
            if layer(room(file)) >= layer(room(other)) {
                wrong.push(format!("{} uses {}", file.join("::"), other.join("::")));
            }
        }
    }
    wrong
}

/// The files that use each other in a circle. That a file uses the module around it makes none.
fn circles(uses: &BTreeMap<Vec<String>, BTreeSet<Vec<String>>>) -> BTreeSet<String> {
    let used_by = |file: &Vec<String>| {
        let others = uses.get(file).into_iter().flatten();
        others.filter(|other| !file.starts_with(other)).cloned().collect::<Vec<_>>()
    };
    let reaches_itself = |file: &&Vec<String>| {
        let mut reached = BTreeSet::new();
        let mut next = used_by(file);
        while let Some(other) = next.pop() {
            if reached.insert(other.clone()) {
                next.extend(used_by(&other));
            }
        }
        reached.contains(*file)
    };
    uses.keys().filter(reaches_itself).map(|file| file.join("::")).collect()
}

#[test]
fn dependencies_run_downwards_without_circles() {
    let sources = [
        Source::new("src/store.rs", "pub use users::Users; use crate::web::Page;"),
        Source::new("src/store/users.rs", "use super::row::Row; pub struct Users;"),
        Source::new("src/store/row.rs", "fn f() { crate::store::Users::new(); }"),
        Source::new("src/web.rs", "use crate::store::Users;"),
    ];
    let found = uses(&sources);
    assert_eq!(upward(&found), ["store uses web"]);
    assert_eq!(circles(&found), BTreeSet::from(["store::row".to_owned(), "store::users".to_owned()]));

    let uses = uses(&product());
    let rooms: BTreeSet<&str> = uses.keys().map(|file| room(file)).filter(|room| !room.is_empty()).collect();
    let unknown: Vec<&&str> = rooms.iter().filter(|room| layer(room).is_none()).collect();
    let (upward, circles) = (upward(&uses), circles(&uses));
    assert!(
        unknown.is_empty() && upward.is_empty() && circles.is_empty(),
        "\nwithout a layer: {unknown:?}\nupwards: {upward:#?}\nin circles: {circles:#?}\n"
    );
}
