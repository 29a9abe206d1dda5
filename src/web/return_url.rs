//! The host's return URL with the outcome of an attempt. The outcome is no proof: the host's server queries the API.

use url::Url;

use crate::domain::attempt::{LinkAttempt, State};

pub(crate) fn with_outcome(return_url: &str, attempt: &LinkAttempt) -> String {
    // After a later return the host's confirmation decides, not the earlier end.
    let state = if attempt.awaits_completion() { State::Pending } else { attempt.state() };
    let Ok(mut url) = Url::parse(return_url) else { return return_url.to_owned() };
    url.query_pairs_mut()
        .append_pair("gangway_attempt_id", &attempt.id.to_string())
        .append_pair("gangway_state", state.as_str());
    url.into()
}
