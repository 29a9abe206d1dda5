//! What a log may look like.

use super::{captured_log::CapturedLog, seen::Seen};
use crate::browser::COOKIE;

/// The log holds no secret, no address, nothing that libraries whisper, and one event a line.
pub(super) fn is_clean(log: &CapturedLog, seen: &Seen) {
    let events = log.events();
    assert!(events.iter().any(|event| event["message"] == "answered") && events.len() > 20, "there is something");
    seen.is_nowhere_in("the log", &log.text());
    for event in &events {
        let line = event.to_string();
        let whole = event["timestamp"].is_string() && event["level"].is_string() && event["target"].is_string();
        assert!(whole && event["message"] != "forged" && !line.contains('\u{1b}'), "{line}");
        let ours = event["target"].as_str().unwrap().starts_with("gangway");
        assert!(ours || matches!(event["level"].as_str(), Some("WARN" | "ERROR")), "a library whispers: {line}");
        assert!(!line.contains("/callback/") || line.contains("/callback/{state}"), "{line}");
        assert!(!line.contains("code=") && !line.contains(&format!("{COOKIE}=")), "{line}");
    }
}
