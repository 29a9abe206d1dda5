//! Whether what documents show to integrators is there: snippets, links, commands, settings, and every word of the closed
//! lists that the API speaks.

use std::{collections::BTreeSet, path::Path};
use strum::VariantArray as _;

use clap::{Parser as _, error::ErrorKind};
use gangway::{
    cli::Arguments,
    domain::attempt::{Reason, State},
    host_api::Kind,
};

use super::source::{files_below, read};

const GUIDE: &str = "docs/host-guide.md";
/// The documents whose snippets stand in examples.
const GUIDES: [&str; 2] = [GUIDE, "docs/embedding.md"];
/// The languages of those snippets.
const RUN: [&str; 5] = ["ts", "python", "tsx", "vue", "html"];

/// A fenced block: its language, and what stands in it.
#[derive(Debug, PartialEq, Eq)]
struct Block<'a> {
    language: &'a str,
    text: &'a str,
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let fenced = text.split("\n```").skip(1).step_by(2);
    fenced.filter_map(|block| block.split_once('\n')).map(|(language, text)| Block { language, text }).collect()
}

/// The text without what is fenced.
fn prose(text: &str) -> String {
    text.split("\n```").step_by(2).collect::<Vec<_>>().join("\n")
}

/// What stands between single backticks.
fn quoted(text: &str) -> Vec<String> {
    prose(text).split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn documents() -> Vec<(String, String)> {
    let documents = files_below("docs").into_iter().filter(|path| path.ends_with(".md"));
    documents.chain(["README.md".to_owned()]).map(|path| (path.clone(), read(&path))).collect()
}

/// The blocks in a language of the examples that stand in none of them, line by line as they are.
fn strange_snippets(text: &str, examples: &[String]) -> Vec<String> {
    let snippets = blocks(text).into_iter().filter(|block| RUN.contains(&block.language));
    snippets
        .filter(|block| !examples.iter().any(|example| example.contains(&format!("{}\n", block.text))))
        .map(|block| block.text.to_owned())
        .collect()
}

#[test]
fn every_snippet_of_the_guide_stands_in_an_example() {
    let examples = ["let a = 1;\nlet b = 2;\n".to_owned()];
    let text = |inside: &str| format!("Words.\n\n```ts\n{inside}\n```\n\n```json\n{{}}\n```\n");
    assert_eq!(strange_snippets(&text("let a = 1;"), &examples), Vec::<String>::new());
    assert_eq!(strange_snippets(&text("let a = 1"), &examples), ["let a = 1"]);
    let examples: Vec<String> = files_below("docs/examples").iter().map(|path| read(path)).collect();
    for path in GUIDES {
        let guide = read(path);
        assert!(blocks(&guide).iter().any(|block| block.language == "ts"), "{path} shows no example");
        let strange = strange_snippets(&guide, &examples);
        assert!(strange.is_empty(), "{path} shows what stands in no file of docs/examples:\n{}", strange.join("\n\n"));
    }
}

/// The packages that a text has its reader install in another version than the tests do.
fn strange_packages(text: &str, npm: &str, pip: &str) -> Vec<String> {
    let installs =
        text.lines().filter(|line| ["npm install ", "pip install "].iter().any(|command| line.contains(command)));
    let words = installs.flat_map(str::split_whitespace);
    let strange = words.filter(|word| match word.rsplit_once('@') {
        Some((name, version)) if !name.is_empty() => !npm.contains(&format!("\"{name}\": \"{version}")),
        _ => word.contains("==") && !pip.lines().any(|line| line == *word),
    });
    strange.map(str::to_owned).collect()
}

#[test]
fn documents_install_what_the_tests_use() {
    let text = "```sh\nnpm install @a/b@1.2 c@3\npip install d==4\n```\n";
    assert_eq!(strange_packages(text, "\"@a/b\": \"1.2.0\", \"c\": \"3.1\"", "d==4"), Vec::<String>::new());
    assert_eq!(strange_packages(text, "\"@a/b\": \"1.3.0\", \"c\": \"4.0\"", "d==5"), ["@a/b@1.2", "c@3", "d==4"]);
    let (npm, pip) = (read("tests/judges/package.json"), read("tests/judges/requirements.txt"));
    let examples = files_below("docs/examples").into_iter().map(|path| read(&path));
    let texts: Vec<String> = documents().into_iter().map(|(_, text)| text).chain(examples).collect();
    let strange: Vec<String> = texts.iter().flat_map(|text| strange_packages(text, &npm, &pip)).collect();
    assert!(strange.is_empty(), "{strange:?}");
}

/// The targets of the links in a text that lead to nothing: to no file beside it, or to no heading in it.
fn dead_links(path: &str, text: &str, exists: impl Fn(&Path) -> bool) -> Vec<String> {
    let prose = prose(text);
    let headings: BTreeSet<String> = prose.lines().filter(|line| line.starts_with('#')).map(anchor).collect();
    let targets = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let folder = Path::new(path).parent().unwrap_or(Path::new(""));
    let dead = |target: &&str| match target.split_once('#') {
        _ if target.starts_with("http") => false,
        Some(("", heading)) => !headings.contains(heading),
        Some((file, _)) => !exists(&folder.join(file)),
        None => !exists(&folder.join(target)),
    };
    targets.filter(dead).map(|target| format!("{path}: {target}")).collect()
}

/// By what a heading is linked to.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

#[test]
fn every_link_of_a_document_leads_somewhere() {
    let text = "# One: two\n[a](#one-two) [b](#three) [c](c.md) [d](d.md#x) [e](https://e.example)";
    assert_eq!(
        dead_links("docs/a.md", text, |path| path == Path::new("docs/c.md")),
        ["docs/a.md: #three", "docs/a.md: d.md#x"]
    );
    let dead = documents().iter().flat_map(|(path, text)| dead_links(path, text, Path::exists)).collect::<Vec<_>>();
    assert!(dead.is_empty(), "\n{}\n", dead.join("\n"));
}

/// The commands of ours in a text: in blocks a line, in prose between backticks from `gangway` on.
fn commands(text: &str) -> Vec<String> {
    let shell = blocks(text).into_iter().filter(|block| block.language == "sh").flat_map(|block| block.text.lines());
    let ours = shell.map(str::to_owned).chain(quoted(text)).filter_map(|line| {
        // Without a remark, or another command, behind it.
        let line = line.split(" #").next()?.split(" && ").next()?.trim_end();
        let words = line.strip_prefix("cargo run -- ").or_else(|| line.strip_prefix("gangway "))?;
        Some(format!("gangway {words}"))
    });
    ours.filter(|line| !line.contains('…') && !line.contains(" COMMAND ")).collect()
}

/// What is wrong with a command, if our own command line does not take it. A document may name one without what it needs.
fn wrong(command: &str) -> Option<String> {
    let words = command.split('\'').enumerate().flat_map(|(place, part)| {
        // What is in single quotes is one word.
        if place % 2 == 1 { vec![part] } else { part.split_whitespace().collect() }
    });
    let error = Arguments::try_parse_from(words).err()?;
    (error.use_stderr() && error.kind() != ErrorKind::MissingRequiredArgument).then(|| format!("{command}: {error}"))
}

#[test]
fn every_command_of_a_document_is_one() {
    let text =
        "Say `gangway check --offline` or `x`.\n\n```sh\ncargo run -- demo     # see it\ngangway init && ls\nls\n```\n";
    assert_eq!(commands(text), ["gangway demo", "gangway init", "gangway check --offline"]);
    assert_eq!(wrong("gangway session create --user user-1 --name 'Jane Doe'"), None);
    assert!(wrong("gangway chekc").is_some() && wrong("gangway serve --confg x").is_some());
    let documents = documents();
    let named =
        documents.iter().flat_map(|(path, text)| commands(text).into_iter().map(move |command| (path, command)));
    let wrong: Vec<String> =
        named.filter_map(|(path, command)| Some(format!("{path}: {}", wrong(&command)?))).collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// The settings that a text names, as `host.api_keys`, and the file of all settings does not have.
fn unknown_settings(text: &str, all: &str) -> Vec<String> {
    let mut table = "";
    let mut known = BTreeSet::new();
    for line in all.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            table = name;
        } else if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
            known.insert(format!("{table}.{key}"));
        }
    }
    let tables: BTreeSet<&str> = known.iter().filter_map(|key| key.split('.').next()).collect();
    let is_setting = |word: &String| {
        let plain = |letter: char| letter.is_ascii_lowercase() || letter == '_' || letter == '.';
        let (first, key) = word.split_once('.').unwrap_or_default();
        tables.contains(first) && word.chars().all(plain) && !["rs", "md", "toml", "ts", "py", "sh"].contains(&key)
    };
    let named = quoted(text).into_iter().filter(is_setting).map(|word| word.trim_end_matches("_file").to_owned());
    named.filter(|word| !known.contains(word)).collect()
}

#[test]
fn every_setting_that_the_guide_names_is_one() {
    let all = "[host]\n# A name.\nname = \"\"\n";
    assert_eq!(unknown_settings("`host.name`, `host.nmae`, `store.rs`", all), ["host.nmae"]);
    for path in GUIDES {
        let unknown = unknown_settings(&read(path), &read("config/default.toml"));
        assert!(unknown.is_empty(), "{path} names {unknown:?}, and config/default.toml does not");
    }
}

#[test]
fn the_guide_explains_every_reason_and_every_failure() {
    let quoted = quoted(&read(GUIDE));
    let states = State::VARIANTS.iter().map(Into::into);
    let reasons = Reason::VARIANTS.iter().map(Into::into);
    let kinds = Kind::VARIANTS.iter().map(Into::into);
    let missing: Vec<&str> =
        states.chain(reasons).chain(kinds).filter(|word| !quoted.iter().any(|known| known == word)).collect();
    assert!(missing.is_empty(), "{GUIDE} does not explain {missing:?}");
}
