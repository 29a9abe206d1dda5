//! A rule, and how the product is held to it.

use super::source::{Source, product};

/// A place that breaks a rule: the line, and what is wrong there.
pub(super) type Offence = (usize, String);

/// A file's path with a snippet that is tried in its place.
pub(super) type Snippet = (&'static str, &'static str);

/// Proves that the rule can fail, by snippets that break it and snippets that do not, and holds the whole product to it.
pub(super) fn hold(rule: impl Fn(&Source) -> Vec<Offence>, broken_by: &[Snippet], kept_by: &[Snippet]) {
    let tried = |&(path, snippet): &Snippet| rule(&Source::new(path, snippet));
    for snippet in broken_by {
        assert!(!tried(snippet).is_empty(), "the rule does not see what is wrong with {snippet:?}");
    }
    for snippet in kept_by {
        assert_eq!(tried(snippet), [], "the rule refuses {snippet:?}");
    }
    let product = product();
    assert!(!product.is_empty(), "no file was looked at");
    let told = |source: &Source| {
        let lines = rule(source).into_iter().map(|(line, what)| format!("{}:{line}: {what}", source.path));
        lines.collect::<Vec<_>>()
    };
    let broken: Vec<String> = product.iter().flat_map(told).collect();
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}
