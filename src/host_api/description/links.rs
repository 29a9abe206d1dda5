//! Links from responses to other operations. They refer to the `operation_id`s that utoipa generates, so they are added
//! afterwards.

use serde_json::Value;

/// Path, method and status of a response, and its links.
type Links = (String, String, String, Value);

fn all() -> Vec<Links> {
    serde_json::from_str(include_str!("links.json")).unwrap_or_default()
}

/// Adds the links to the responses of the document.
pub(super) fn add_to(document: &mut Value) {
    for (path, method, status, links) in all() {
        let responses = document.get_mut("paths").and_then(|paths| paths.get_mut(path)?.get_mut(method));
        let response = responses.and_then(|operation| operation.get_mut("responses")?.get_mut(status));
        if let Some(Value::Object(response)) = response {
            response.insert("links".to_owned(), links);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_is_in_the_document() {
        assert_eq!(all().len(), 5);
        for (path, method, status, links) in all() {
            assert_eq!(super::super::DOCUMENT["paths"][&path][&method]["responses"][&status]["links"], links, "{path}");
        }
    }
}
