//! `Idempotency-Key`: whoever asks once more, because an answer was lost, gets the same one.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use crate::{
    domain::{clock::time_sorted_uuid, error::Error, keys::Digest, session::SessionId},
    gangway::Gangway,
    store::Once,
    web::problem::Problem,
};

use super::{
    ApiProblem,
    sessions::{Made, Wanted, prepare},
};

/// The header's name.
const HEADER: &str = "Idempotency-Key";

/// The digest of the key under which something is asked for once, if the caller gave one.
pub struct Asked(pub Option<Digest>);

impl FromRequest for Asked {
    type Error = ApiProblem;
    type Future = Ready<Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut given = request.headers().get_all(HEADER.to_ascii_lowercase());
        ready(match (given.next(), given.next()) {
            (None, _) => Ok(Self(None)),
            (Some(key), None) if is_key(key.as_bytes()) => Ok(Self(Some(Digest::of(key.as_bytes())))),
            _ => Err(ApiProblem::field(HEADER, "One key of 1 to 255 printable characters of ASCII.")),
        })
    }
}

/// Makes a session, if none was made for that key before.
///
/// # Errors
/// As `make`; 422 when something else was asked for under that key, or its answer cannot be given again.
pub(super) async fn make_once(gangway: &Gangway, wanted: Wanted, key: Digest) -> Result<Made, ApiProblem> {
    let body = serde_json::to_vec(&wanted).map_err(|_| Problem::Internal)?;
    let once = Once { key, body: Digest::of(&body) };
    if let Some(made) = made_before(gangway, &once).await? {
        return Ok(made);
    }
    let id = SessionId(time_sorted_uuid(&*gangway.clock, &*gangway.entropy));
    let (session, code) = prepare(gangway, id, wanted).await?;
    if gangway.store.insert_session_once(&session, &code.digest(), &once).await? {
        return Ok(Made::of(gangway, &session, &code));
    }
    // Somebody asked for the same at the same moment.
    made_before(gangway, &once)
        .await?
        .ok_or_else(|| Error::StoreBusy("the same request is under way".to_owned()).into())
}

/// The answer that was given before. The code was not kept: one of our keys gives it again.
async fn made_before(gangway: &Gangway, once: &Once) -> Result<Option<Made>, ApiProblem> {
    let Some((session, body)) = gangway.store.session_once(&once.key).await? else { return Ok(None) };
    if body != once.body {
        return Err(ApiProblem::key_reused());
    }
    if let Some(code) = gangway.kept_start_code(session.id).await? {
        return Ok(Some(Made::of(gangway, &session, &code)));
    }
    tracing::warn!(session = %session.id, "no key of session.keys gives the code of this session any more");
    Err(ApiProblem::key_outlived())
}

fn is_key(key: &[u8]) -> bool {
    (1..=255).contains(&key.len()) && key.iter().all(|byte| (b' '..=b'~').contains(byte))
}
