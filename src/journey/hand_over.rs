//! The browser goes to the host: with what happened, and where the host has to say who finished it, with a code for its
//! server to redeem.

use actix_web::HttpResponse;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use time::Duration;

use crate::{
    domain::{
        attempt::{Actor, Completion, LinkAttempt, Observation},
        clock::random_32,
        keys::Digest,
    },
    gangway::Gangway,
    web::problem::Problem,
};

use crate::{
    attempts::commit::record,
    web::{return_url::with_outcome, views::frame::see_other},
};

/// How long the host's server has to redeem a code.
const LIFETIME: Duration = Duration::minutes(5);

/// Sends the browser to the host with a fresh code, which takes the place of an earlier one. Only its digest is kept.
pub(crate) async fn to_complete(
    gangway: &Gangway,
    attempt: LinkAttempt,
    return_url: &str,
) -> Result<HttpResponse, Problem> {
    let code = URL_SAFE_NO_PAD.encode(random_32(&*gangway.entropy));
    let completion = Completion { digest: Digest::of(code.as_bytes()), until: gangway.clock.now() + LIFETIME };
    let attempt = record(gangway, Actor::User, attempt, &Observation::SentToHost(completion)).await?;
    let url = with_outcome(return_url, &attempt);
    if attempt.completion != Some(completion) {
        // It ended meanwhile: then there is nothing to complete.
        return Ok(see_other(url));
    }
    let joint = if url.contains('?') { '&' } else { '?' };
    Ok(see_other(format!("{url}{joint}gangway_completion={code}")))
}
