//! How large files are, and whether each is used.

use std::collections::BTreeSet;

use super::source::{Source, files_below, product, read};

/// The longest file under `src/`, in lines; the best are about 100.
const LONGEST: usize = 300;

/// The files that are too long, and the median of all.
fn too_long(files: &[(String, usize)]) -> (Vec<String>, usize) {
    let mut lengths: Vec<usize> = files.iter().map(|(_, lines)| *lines).collect();
    lengths.sort_unstable();
    let long = files.iter().filter(|(_, lines)| *lines > LONGEST);
    let told = long.map(|(path, lines)| format!("{path}: {lines} lines, {LONGEST} are the most"));
    (told.collect(), lengths.get(lengths.len() / 2).copied().unwrap_or_default())
}

/// The templates that no struct is shown with, and no such template extends, includes or imports.
fn unused(templates: &[(String, String)], sources: &[Source]) -> Vec<String> {
    let mut used = BTreeSet::new();
    let mut texts: Vec<&str> = sources.iter().flat_map(Source::texts).map(|text| text.text.as_str()).collect();
    while let Some(text) = texts.pop() {
        let found = templates.iter().find(|(name, _)| text == name || text.ends_with(&format!("templates/{name}")));
        if let Some((name, content)) = found
            && used.insert(name)
        {
            texts.extend(content.split('"').skip(1).step_by(2));
        }
    }
    templates
        .iter()
        .filter(|(name, _)| !used.contains(name))
        .map(|(name, _)| format!("templates/{name}: not used"))
        .collect()
}

#[test]
fn files_are_small() {
    let of = |lengths: &[usize]| lengths.iter().map(|&lines| (format!("src/{lines}.rs"), lines)).collect::<Vec<_>>();
    assert_eq!(too_long(&of(&[10, 300, 100])), (Vec::new(), 100));
    assert_eq!(too_long(&of(&[10, 301, 100])).0, ["src/301.rs: 301 lines, 300 are the most"]);
    let files = files_below("src").into_iter().filter(|path| path.ends_with(".rs"));
    let files: Vec<(String, usize)> = files.map(|path| (path.clone(), read(&path).lines().count())).collect();
    let (long, median) = too_long(&files);
    assert!(long.is_empty(), "\n{}\nThe median of {} files is {median} lines.\n", long.join("\n"), files.len());
}

#[test]
fn every_template_is_shown() {
    let sources = |text| [Source::new("src/web/pages/x.rs", text)];
    let template = |name: &str, content: &str| (name.to_owned(), content.to_owned());
    let some =
        [template("x.html", "{% extends \"layout.html\" %}"), template("layout.html", ""), template("y.html", "")];
    assert_eq!(unused(&some, &sources("#[template(path = \"x.html\")] struct X;")), ["templates/y.html: not used"]);
    assert_eq!(unused(&some, &sources("// x.html")).len(), 3);
    let all: Vec<(String, String)> = files_below("templates")
        .iter()
        .filter(|path| !path.ends_with(".ftl"))
        .map(|path| (path.trim_start_matches("templates/").to_owned(), read(path)))
        .collect();
    let unused = unused(&all, &product());
    assert!(unused.is_empty(), "\n{}\n", unused.join("\n"));
}
