//! The host's return URL with the outcome of an attempt. The outcome is no proof: the host's server queries the API.

use url::Url;

use crate::domain::attempt::LinkAttempt;

pub(crate) fn with_outcome(return_url: &str, attempt: &LinkAttempt) -> String {
    let Ok(mut url) = Url::parse(return_url) else { return return_url.to_owned() };
    url.query_pairs_mut()
        .append_pair("gangway_attempt_id", &attempt.id.to_string())
        .append_pair("gangway_state", attempt.state().as_str());
    url.into()
}
