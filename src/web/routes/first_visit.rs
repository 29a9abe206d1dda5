//! The mark of a browser's first visit, by which a page can say that the cookie is missing.

use super::CONNECTORS;

/// Query parameter that marks the first visit.
pub const ARRIVED: &str = "arrived";

/// Its value in a frame, where the page of a missing cookie has to be shown, too.
const IN_FRAME: &str = "frame";

/// The path with the mark of the first visit.
pub fn mark_first_visit(path: &str) -> String {
    marked(path, "1")
}

pub fn mark_first_visit_in_frame(path: &str) -> String {
    marked(path, IN_FRAME)
}

fn marked(path: &str, mark: &str) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}{ARRIVED}={mark}")
}

/// Returns whether the URL has that mark of a frame.
pub fn is_marked_in_frame(query: &str) -> bool {
    query.split('&').any(|pair| pair == format!("{ARRIVED}={IN_FRAME}"))
}

/// Removes the mark that [`mark_first_visit`] added. Returns `None` without a mark.
pub fn without_mark(path: &str, query: &str) -> Option<String> {
    let marks = ["1", IN_FRAME].map(|mark| format!("{ARRIVED}={mark}"));
    let is_mark = |pair: &str| marks.iter().any(|mark| mark == pair);
    let marked = query.split('&').any(is_mark);
    // Only these paths are marked. Others could be interpreted as URLs of another site.
    let ours = path.strip_prefix(CONNECTORS).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_mark(pair)).collect();
    let joint = if kept.is_empty() { "" } else { "?" };
    (marked && ours).then(|| format!("{path}{joint}{}", kept.join("&")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mark_of_first_visit_is_removed() {
        for address in ["/connectors", "/connectors/slack?replaces=67a3&another=1"] {
            for marked in [mark_first_visit(address), mark_first_visit_in_frame(address)] {
                let (path, query) = marked.split_once('?').unwrap();
                assert_eq!(without_mark(path, query).as_deref(), Some(address));
            }
        }
        assert_eq!(without_mark("/connectors", "q=slack"), None);
        for path in ["//evil.example/x", "/\\evil.example", "/connectorsx", "/", "connectors"] {
            assert_eq!(without_mark(path, "arrived=1"), None, "{path}");
        }
    }
}
