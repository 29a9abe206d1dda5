//! Whether the documents know the code.

use super::source::{Source, read};

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
