//! Sends the browser to the host with a completion code.

use actix_web::HttpResponse;

use crate::{
    attempts::Attempts,
    domain::attempt::LinkAttempt,
    web::{problem::Problem, return_url::with_outcome, views::frame::see_other},
};

pub(crate) async fn to_complete(
    attempts: &Attempts,
    attempt: LinkAttempt,
    return_url: &str,
) -> Result<HttpResponse, Problem> {
    let (attempt, code) = attempts.issue_completion(attempt).await?;
    let url = with_outcome(return_url, &attempt);
    let Some(code) = code else { return Ok(see_other(url)) };
    let separator = if url.contains('?') { '&' } else { '?' };
    Ok(see_other(format!("{url}{separator}gangway_completion={code}")))
}
