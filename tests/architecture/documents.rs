//! Whether the documents know the code.

use std::{collections::BTreeSet, path::Path};

use super::source::{Source, files_below, read};

/// The binaries of tests by the names that documents call them, with the folder of each and the file that it begins in.
const BINARIES: [(&str, &str, &str); 6] = [
    ("lib", "src", "src/lib.rs"),
    ("journey", "tests/journey", "tests/journey/main.rs"),
    ("browser", "tests/browser", "tests/browser/main.rs"),
    ("sandbox", "tests/sandbox", "tests/sandbox/main.rs"),
    ("stores", "tests/stores", "tests/stores.rs"),
    ("architecture", "tests/architecture", "tests/architecture.rs"),
];

/// The public modules of the crate that a text does not name: as `link`, `src/link`, `link.rs` or `link/`, in backticks.
fn unnamed(root: &Source, text: &str) -> Vec<String> {
    let modules = root.tokens().windows(3).filter_map(|row| match row {
        [public, keyword, name] if public.is("pub") && keyword.is("mod") => Some(name.text.clone()),
        _ => None,
    });
    let quoted: Vec<&str> = text.split('`').skip(1).step_by(2).flat_map(str::split_whitespace).collect();
    let named = |module: &String| {
        quoted.iter().any(|word| {
            let word = word.trim_start_matches("src/");
            word.strip_prefix(module.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/', ':']))
        })
    };
    modules.filter(|module| !named(module)).collect()
}

#[test]
fn every_module_is_in_the_description_of_the_architecture() {
    let root = Source::new("src/lib.rs", "pub mod link; pub mod store; mod inner;");
    assert_eq!(unnamed(&root, "`src/link.rs` and the store"), ["store"]);
    assert_eq!(unnamed(&root, "`link` and `src/store/commit.rs`"), Vec::<String>::new());
    let missing = unnamed(&Source::new("src/lib.rs", &read("src/lib.rs")), &read("docs/architecture.md"));
    assert!(missing.is_empty(), "docs/architecture.md does not name: {}", missing.join(", "));
}

/// The tests that a text names as `binary::module::name`, in backticks.
fn tests_named(text: &str) -> BTreeSet<&str> {
    let quoted = text.split('`').skip(1).step_by(2);
    let named = |name: &&str| {
        let plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == ':');
        let binary = name.split("::").next().unwrap_or_default();
        plain && name.contains("::") && BINARIES.iter().any(|(known, ..)| binary == *known)
    };
    quoted.filter(named).collect()
}

/// Whether a function of that name stands in the file to which the modules lead; the innermost may be written in the
/// file of those around them.
fn is_there(test: &str, file: impl Fn(&str) -> Option<String>) -> bool {
    let parts: Vec<&str> = test.split("::").collect();
    let [binary, modules @ .., name] = parts.as_slice() else { return false };
    let Some((_, folder, root)) = BINARIES.iter().find(|(known, ..)| known == binary) else { return false };
    (0..=modules.len()).rev().any(|depth| {
        let (folders, inside) = modules.split_at(depth);
        let path = [&[*folder], folders].concat().join("/");
        let text = file(&if depth == 0 { (*root).to_owned() } else { format!("{path}.rs") });
        text.is_some_and(|text| {
            let has = |what: &str| text.split("fn ").skip(1).any(|rest| rest.starts_with(&format!("{what}(")));
            has(name) && inside.iter().all(|module| text.contains(&format!("mod {module} {{")))
        })
    })
}

#[test]
fn every_test_that_the_security_documents_name_is_there() {
    let some =
        "| a | `src/a.rs` | `journey::a::b`, `lib::a::tests::c` | `Url::parse` is left out; `let x = journey::y;` |";
    assert_eq!(tests_named(some), BTreeSet::from(["journey::a::b", "lib::a::tests::c"]));
    let file = |path: &str| match path {
        "tests/journey/a.rs" => Some("async fn b() {}".to_owned()),
        "src/a.rs" => Some("mod tests { fn c() {} }".to_owned()),
        "src/a/more.rs" => Some("fn d() {}".to_owned()),
        _ => None,
    };
    for there in ["journey::a::b", "lib::a::tests::c", "lib::a::more::d"] {
        assert!(is_there(there, file), "{there}");
    }
    for gone in ["journey::a::c", "journey::b", "lib::a::others::c", "lib::c", "browser::a::b", "lib::a::more::e"] {
        assert!(!is_there(gone, file), "{gone}");
    }
    let told = |path: &String| {
        path.ends_with(".md")
            && ["security", "accessibility"].iter().any(|name| path.starts_with(&format!("docs/{name}")))
    };
    let documents = files_below("docs").into_iter().filter(told);
    let mut missing = Vec::new();
    for path in documents {
        let text = read(&path);
        let named = tests_named(&text);
        assert!(!named.is_empty(), "{path} names no test");
        let there = |test: &str| is_there(test, |file| Path::new(file).is_file().then(|| read(file)));
        missing.extend(
            named.into_iter().filter(|test| !there(test)).map(|test| format!("{path}: there is no test {test}")),
        );
    }
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}
