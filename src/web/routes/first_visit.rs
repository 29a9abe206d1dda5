//! The mark of a browser's first visit, by which a page can say that the cookie is missing.

use super::CONNECTORS;
use crate::domain::session::Display;

/// Query parameter that marks the first visit.
const ARRIVED: &str = "arrived";

/// The path with the mark of the first visit. In a window of the host's page the mark names it, because the page of a
/// missing cookie knows no session.
pub fn mark_first_visit(path: &str, display: Display) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}{ARRIVED}={}", mark(display))
}

fn mark(display: Display) -> &'static str {
    match display {
        Display::Page => "1",
        Display::Popup => "popup",
        Display::Frame => "frame",
    }
}

fn marked(pair: &str) -> Option<Display> {
    let named = pair.strip_prefix(ARRIVED)?.strip_prefix('=')?;
    [Display::Page, Display::Popup, Display::Frame].into_iter().find(|display| mark(*display) == named)
}

/// Where the page of a first visit is shown. Returns `None` without a mark.
pub fn first_visit(query: &str) -> Option<Display> {
    query.split('&').find_map(marked)
}

/// Removes the mark that [`mark_first_visit`] added. Returns `None` without a mark.
pub fn without_mark(path: &str, query: &str) -> Option<String> {
    // Only these paths are marked. Others could be interpreted as URLs of another site.
    let ours = path.strip_prefix(CONNECTORS).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let kept: Vec<&str> = query.split('&').filter(|pair| marked(pair).is_none()).collect();
    let joint = if kept.is_empty() { "" } else { "?" };
    (first_visit(query).is_some() && ours).then(|| format!("{path}{joint}{}", kept.join("&")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mark_of_first_visit_is_removed() {
        for address in ["/connectors", "/connectors/slack?replaces=67a3&another=1"] {
            for display in [Display::Page, Display::Popup, Display::Frame] {
                let marked = mark_first_visit(address, display);
                let (path, query) = marked.split_once('?').unwrap();
                assert_eq!(first_visit(query), Some(display));
                assert_eq!(without_mark(path, query).as_deref(), Some(address));
            }
        }
        for query in ["q=slack", "", "arrived", "arrived=", "arrived=elsewhere", "also_arrived=1"] {
            assert_eq!((first_visit(query), without_mark("/connectors", query)), (None, None), "{query}");
        }
        for path in ["//evil.example/x", "/\\evil.example", "/connectorsx", "/", "connectors"] {
            assert_eq!(without_mark(path, "arrived=1"), None, "{path}");
        }
    }
}
