//! A rule, and how the product is held to it.

use super::source::{Source, product};

/// A place that breaks a rule: the line, and what is wrong there.
pub(super) type Offence = (usize, String);

/// Tries the rule on a snippet in place of that file; true if the snippet breaks it.
pub(super) fn breaks(rule: impl Fn(&Source) -> Vec<Offence>, path: &str, snippet: &str) -> bool {
    !rule(&Source::new(path, snippet)).is_empty()
}

/// Holds every file of the product to the rule.
pub(super) fn holds(rule: impl Fn(&Source) -> Vec<Offence>) {
    let told = |source: &Source| {
        let lines = rule(source).into_iter().map(|(line, what)| format!("{}:{line}: {what}", source.path));
        lines.collect::<Vec<_>>()
    };
    let product = product();
    assert!(!product.is_empty(), "no file was looked at");
    let broken: Vec<String> = product.iter().flat_map(told).collect();
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}
