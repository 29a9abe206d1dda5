//! Words that make a text a riddle: they stand where the person or the thing has a name.

use super::source::{files_below, read};

const WORDS: &[&str] = &["anybody", "nobody", "somebody", "whatever", "whichever", "whoever"];

/// Keys of phrases, which hosts may have in files of their own (`brand.phrases`).
const OCCURRENCES: usize = 2;

fn occurrences(text: &str) -> usize {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| WORDS.contains(&word.to_lowercase().as_str())).count()
}

#[test]
fn riddling_words_only_get_fewer() {
    assert_eq!(occurrences("Nobody knows `nobody_came`; somebody's turn, whoever it is."), 4);
    let sources = files_below("src").into_iter().filter(|path| path.ends_with(".rs"));
    let found: usize = sources.map(|path| occurrences(&read(&path))).sum();
    assert!(found <= OCCURRENCES, "{found} of {WORDS:?} in src, {OCCURRENCES} at most: name the person or the thing");
    assert!(found >= OCCURRENCES, "only {found} are left: lower the number in this test");
}
