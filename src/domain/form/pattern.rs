//! Regular expressions of the vendor for values. Their size is bounded: matching takes time proportional to the sizes
//! of expression and value, so that neither compiling nor matching can block a worker.

use std::fmt;

use regex_lite::{Regex, RegexBuilder};

/// Maximum length of the expression, in bytes.
const EXPRESSION: usize = 1024;
/// Maximum size of the compiled program, in bytes: enough for some 300 optional characters.
const PROGRAM: usize = 32 * 1024;

/// A compiled expression (ECMA 262, as in JSON Schema) that must match a part of a value.
#[derive(Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// Returns `None` if the expression is invalid or too large.
    pub fn compile(expression: &str) -> Option<Self> {
        if expression.len() > EXPRESSION {
            return None;
        }
        RegexBuilder::new(expression).size_limit(PROGRAM).build().ok().map(Self)
    }

    pub(crate) fn accepts(&self, answer: &str) -> bool {
        self.0.is_match(answer)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}", self.0.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_beyond_the_bounds_is_refused() {
        for expression in [
            "((((a?){30}){30}){30})x",
            "(?:a{0}){4294967295}",
            "((((){1000}){1000}){1000})",
            "(a|b|c){1000}",
            "a{1000000}",
            "[^a]{20000}",
            &"(".repeat(200),
            &format!("{}{}", "(".repeat(200), ")".repeat(200)),
            &"a?".repeat(513),
            &"a".repeat(1025),
            "(?<=x)y",
        ] {
            assert!(Pattern::compile(expression).is_none(), "{}", expression.get(..40).unwrap_or(expression));
        }
    }

    #[test]
    fn expressions_of_real_forms_are_compiled() {
        for (expression, answer) in [
            ("^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$", "acme-notes"),
            ("^.{1,255}$", "acme"),
            (
                "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
                "01890a5d-ac96-774b-bcce-b302099a8057",
            ),
            (
                "^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$",
                "jane@acme.test",
            ),
            ("^https://[a-z0-9-]+\\.atlassian\\.net/?$", "https://acme.atlassian.net"),
        ] {
            let pattern = Pattern::compile(expression).unwrap_or_else(|| panic!("{expression}"));
            assert!(pattern.accepts(answer) && !pattern.accepts("\n"), "{expression}");
        }
    }
}
