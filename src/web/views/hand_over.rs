//! Sends the browser to the host: with the outcome, and for completion by the host with a one-time code.

use actix_web::HttpResponse;
use url::Url;

use super::frame::see_other;
use crate::{domain::attempt::LinkAttempt, gangway::Gangway, web::problem::Problem};

/// The host's address with the outcome. It proves nothing: the host's server asks the API.
pub(crate) fn with_result(url: &str, attempt: &LinkAttempt) -> String {
    let Ok(mut url) = Url::parse(url) else { return url.to_owned() };
    url.query_pairs_mut()
        .append_pair("gangway_attempt_id", &attempt.id.to_string())
        .append_pair("gangway_state", attempt.state.as_str());
    url.into()
}

/// Sends the browser to the host with a fresh completion code.
pub(crate) async fn to_complete(
    gangway: &Gangway,
    attempt: LinkAttempt,
    return_url: &str,
) -> Result<HttpResponse, Problem> {
    let (attempt, code) = gangway.attempts.issue_completion(attempt).await?;
    let url = with_result(return_url, &attempt);
    let Some(code) = code else { return Ok(see_other(url)) };
    let separator = if url.contains('?') { '&' } else { '?' };
    Ok(see_other(format!("{url}{separator}gangway_completion={code}")))
}
