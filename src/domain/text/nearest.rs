//! What a misspelt word was probably meant to be.

/// The one known word that differs least: by at most two characters, and by less than half of the word, without case.
/// Returns `None` if several differ as little.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (lower, length) = (word.to_ascii_lowercase(), word.chars().count());
    let close = known.filter(|known| known.chars().count().abs_diff(length) <= 2);
    let close = close.map(|known| (distance(&lower, &known.to_ascii_lowercase()), known));
    let mut close: Vec<_> = close.filter(|(distance, _)| *distance <= 2 && distance * 2 < length).collect();
    close.sort_unstable();
    close.dedup();
    match close.as_slice() {
        [(least, _), (second, _), ..] if least == second => None,
        [(_, nearest), ..] => Some(nearest),
        [] => None,
    }
}

/// Levenshtein distance in characters.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (line, from) in (1..).zip(one.chars()) {
        let mut left = line;
        let mut next = vec![left];
        for (to, above) in other.chars().zip(row.windows(2)) {
            if let [diagonal, above] = above {
                left = (diagonal + usize::from(from != to)).min(above + 1).min(left + 1);
                next.push(left);
            }
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_obvious_word_is_found_and_no_other() {
        let known = ["slack", "notion", "hubspot", "zohoCRM", "box", "sap", "sage"];
        for (word, meant) in [
            ("slak", Some("slack")),
            ("salck", Some("slack")),
            ("Slakc", Some("slack")),
            ("hub-spot", Some("hubspot")),
            ("zoho-crm", Some("zohoCRM")),
            ("boxx", Some("box")),
            ("sape", None),
            ("x", None),
            ("", None),
            ("slacker-bot", None),
        ] {
            assert_eq!(nearest(word, known.into_iter()), meant, "{word}");
        }
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
