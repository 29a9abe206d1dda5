//! Settings that promise a protection which this version does not have: whoever relies on one must not be let down in
//! silence.

use crate::settings::{Finding, Settings, VerifyCompletion, WithoutReturn};

pub(super) fn judge(settings: &Settings, found: &mut Vec<Finding>) {
    let seen = match settings.host.verify_completion {
        VerifyCompletion::Never => None,
        VerifyCompletion::Links => Some("links"),
        VerifyCompletion::Always => Some("always"),
    };
    if let Some(seen) = seen {
        let meaning = "this version links without asking your server who finished it; it does not start as if it did";
        found.push(Finding::error("host.verify_completion", format!("{seen:?}"), meaning).write("never"));
    }
    if settings.link.without_return == WithoutReturn::Delete {
        let meaning = "this version reports what nobody came back for, and deletes nothing";
        found.push(Finding::error("link.without_return", "\"delete\"", meaning).write("report"));
    }
}
