//! One source file of the product, and what can be asked of it.

use std::fs;

use super::tokens::{Kind, Token, tokens};

/// A file under `src/`, without the code of its tests.
#[derive(Debug)]
pub(super) struct Source {
    /// Such as `src/domain/attempt/link_attempt.rs`.
    pub(super) path: String,
    tokens: Vec<Token>,
}

impl Source {
    pub(super) fn new(path: &str, text: &str) -> Self {
        let mut tokens = tokens(text);
        while let Some(tests) = block_after(&tokens, &["#", "[", "cfg", "(", "test", ")", "]", "mod"]) {
            tokens.drain(tests);
        }
        Self { path: path.to_owned(), tokens }
    }

    /// Whether the file belongs to one of these modules, each given as `src/domain/attempt` for `src/domain/attempt.rs` and all below it.
    pub(super) fn is_in(&self, modules: &[&str]) -> bool {
        let file = self.path.strip_suffix(".rs").unwrap_or(&self.path);
        modules
            .iter()
            .any(|module| file.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    }

    pub(super) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Every text in quotes.
    pub(super) fn texts(&self) -> impl Iterator<Item = &Token> {
        self.tokens.iter().filter(|token| token.kind == Kind::Text)
    }

    /// The same without the functions of that name.
    pub(super) fn without_functions(&self, name: &str) -> Self {
        let mut tokens = self.tokens.clone();
        while let Some(function) = block_after(&tokens, &["fn", name]) {
            tokens.drain(function);
        }
        Self { path: self.path.clone(), tokens }
    }

    /// Every path that the code names, in `use` and elsewhere, with its line: `std::env::var`. What begins with
    /// `crate`, `self` or `super` is told from the crate's root.
    pub(super) fn paths(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        let mut rest = self.tokens.as_slice();
        while let [first, after @ ..] = rest {
            if first.is("use") && !after.first().is_some_and(|token| token.is("<")) {
                rest = use_tree(after, &[], &mut found);
            } else if first.kind == Kind::Word && after.first().is_some_and(|token| token.is("::")) {
                rest = path(rest, &[], &mut found);
            } else {
                rest = after;
            }
        }
        found.into_iter().map(|(line, path)| (line, self.told_from_root(&path))).collect()
    }

    /// The path of the file's module in the crate; empty for the root.
    pub(super) fn module(&self) -> Vec<String> {
        let file = self.path.strip_suffix(".rs").unwrap_or(&self.path);
        let parts = file.split('/').skip(1).filter(|part| !matches!(*part, "lib" | "main"));
        parts.map(str::to_owned).collect()
    }

    /// The names that the module hands on (`pub use`), as paths in the crate, with the paths that they stand for.
    pub(super) fn exported(&self) -> Vec<(Vec<String>, Vec<String>)> {
        let handed_on = self.use_trees(true);
        let exported = handed_on.into_iter().filter_map(|path| {
            let name = path.last()?.clone();
            Some(([self.module(), vec![name]].concat(), path))
        });
        exported.collect()
    }

    /// The paths in the crate that the code uses itself.
    pub(super) fn used(&self) -> Vec<Vec<String>> {
        let mut paths = self.use_trees(false);
        let handed_on = self.use_trees(true);
        let inside = self.paths().into_iter().filter_map(|(_, path)| in_crate(&path));
        paths.extend(inside.filter(|path| !handed_on.contains(path)));
        paths
    }

    /// The paths in the crate of those `use` that hand names on, or of the others.
    fn use_trees(&self, handed_on: bool) -> Vec<Vec<String>> {
        let mut found = Vec::new();
        for (place, _) in self.tokens.iter().enumerate().filter(|(_, token)| token.is("use")) {
            let before = place.checked_sub(1).and_then(|place| self.tokens.get(place));
            let public = before.is_some_and(|before| before.is("pub") || before.is(")"));
            if public == handed_on && !self.tokens.get(place + 1).is_some_and(|next| next.is("<")) {
                use_tree(self.tokens.split_at(place + 1).1, &[], &mut found);
            }
        }
        let children = |path: &[String]| {
            let relative = !matches!(path.first().map(String::as_str), Some("crate" | "self" | "super"));
            if relative { [self.module(), path.to_vec()].concat() } else { path.to_vec() }
        };
        let told = found.into_iter().map(|(_, path)| self.told_from_root(&path));
        told.map(|path| {
            let parts: Vec<String> = path.split("::").map(str::to_owned).collect();
            in_crate(&path).unwrap_or_else(|| children(&parts))
        })
        .collect()
    }

    fn told_from_root(&self, path: &[String]) -> String {
        let file = self.path.strip_suffix(".rs").unwrap_or(&self.path);
        let mut module: Vec<&str> = file.split('/').skip(1).filter(|part| !matches!(*part, "lib" | "main")).collect();
        let relative = path.first().is_some_and(|first| first == "self" || first == "super");
        let mut path = path.iter().map(String::as_str).peekable();
        while let Some(step) = path.next_if(|part| matches!(*part, "self" | "super")) {
            if step == "super" {
                module.pop();
            }
        }
        let above = if relative { [vec!["crate"], module].concat() } else { Vec::new() };
        above.into_iter().chain(path).collect::<Vec<_>>().join("::")
    }
}

/// The parts of a path in this crate, without `crate`.
fn in_crate(path: &str) -> Option<Vec<String>> {
    let parts = path.strip_prefix("crate::")?.split("::").filter(|part| !matches!(*part, "self" | "*"));
    Some(parts.map(str::to_owned).collect())
}

/// Reads one tree of a `use`, and gives what follows it.
fn use_tree<'a>(tokens: &'a [Token], above: &[String], found: &mut Vec<(usize, Vec<String>)>) -> &'a [Token] {
    match tokens {
        [brace, inner @ ..] if brace.is("{") => {
            let mut rest = inner;
            while let [first, after @ ..] = rest {
                rest = match first.text.as_str() {
                    "}" => return after,
                    "," => after,
                    // What it is called here does not matter.
                    "as" => after.split_first().map_or(after, |(_, rest)| rest),
                    _ => use_tree(rest, above, found),
                };
            }
            rest
        }
        _ => path(tokens, above, found),
    }
}

/// Reads a path, and gives what follows it.
fn path<'a>(tokens: &'a [Token], above: &[String], found: &mut Vec<(usize, Vec<String>)>) -> &'a [Token] {
    let [first, rest @ ..] = tokens else { return tokens };
    let mut path = above.to_vec();
    path.push(first.text.clone());
    match rest {
        [colons, brace, ..] if colons.is("::") && brace.is("{") => use_tree(rest.split_at(1).1, &path, found),
        [colons, next, ..] if colons.is("::") && (next.kind == Kind::Word || next.is("*")) => {
            self::path(rest.split_at(1).1, &path, found)
        }
        _ => {
            found.push((first.line, path));
            rest
        }
    }
}

/// From where those tokens stand in a row to the end of the block that follows them.
fn block_after(tokens: &[Token], row: &[&str]) -> Option<std::ops::Range<usize>> {
    let stands = |window: &[Token]| window.iter().zip(row).all(|(token, text)| token.is(text));
    let starts = (0..).zip(tokens.windows(row.len())).filter(|(_, window)| stands(window));
    starts.map(|(start, _)| start).find_map(|start| {
        let mut depth = 0_usize;
        for (place, token) in tokens.iter().enumerate().skip(start) {
            match token.text.as_str() {
                ";" if depth == 0 => return None,
                "{" if token.kind == Kind::Mark => depth += 1,
                "}" if token.kind == Kind::Mark => depth = depth.saturating_sub(1),
                _ => continue,
            }
            if depth == 0 {
                return Some(start..place + 1);
            }
        }
        None
    })
}

/// Every file of the product below `src/`, but the files of tests.
pub(super) fn product() -> Vec<Source> {
    let files = files_below("src").into_iter().filter(|path| path.ends_with(".rs"));
    let product = files.filter(|path| !path.ends_with("/tests.rs") && !path.contains("/tests/"));
    product.map(|path| Source::new(&path, &read(&path))).collect()
}

/// The text of a file, by its path in the project: that is where tests run.
pub(super) fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The paths of all files below a folder of the project.
pub(super) fn files_below(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut files = Vec::new();
    for entry in entries.map(|entry| entry.expect("an entry")) {
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

#[test]
fn paths_are_told_from_the_root() {
    let text = "use std::{env, io::{self, Read as _}};\nuse super::{row::Columns, Stored};\nuse crate::clock;\n\
                fn f() -> impl Sized + use<> { crate::link::State::Linked; self::g(env::var(\"x\")) }";
    let paths: Vec<String> =
        Source::new("src/store/users.rs", text).paths().into_iter().map(|(_, path)| path).collect();
    assert_eq!(
        paths,
        [
            "std::env",
            "std::io::self",
            "std::io::Read",
            "crate::store::row::Columns",
            "crate::store::Stored",
            "crate::clock",
            "crate::link::State::Linked",
            "crate::store::users::g",
            "env::var"
        ]
    );
}

#[test]
fn code_of_tests_does_not_count() {
    let text = "use a::b;\n#[cfg(test)]\nmod tests { use sqlx::x; fn f() { \"/start\"; } }\n#[cfg(test)]\nmod more;\nuse c::d;";
    let source = Source::new("src/x.rs", text);
    assert_eq!(source.paths(), [(1, "a::b".to_owned()), (6, "c::d".to_owned())]);
    assert_eq!(source.texts().count(), 0);
}
