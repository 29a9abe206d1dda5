//! Opened: a frame follows the attempt that began in the window that its form opened.

use actix_web::{HttpRequest, HttpResponse, web};
use time::OffsetDateTime;

use crate::{
    domain::clock::from_millis,
    sessions::Sessions,
    web::{
        problem::Problem,
        request::{form_body::query_parameter, visitor::Visitor},
        routes,
    },
};

/// `GET /connectors/{connector}/opened?since=…`: 200 with the attempt's page, 204 while nothing has begun. With `open=1`
/// also an earlier attempt that is still open, of another session too: the same input goes on with it.
pub(crate) async fn show(
    sessions: web::Data<Sessions>,
    request: HttpRequest,
    visitor: Visitor,
    connector: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let since = query_parameter(&request, "since").and_then(|since| since.parse().ok());
    let since = since.map_or(OffsetDateTime::UNIX_EPOCH, from_millis);
    let is_open_enough = query_parameter(&request, "open").is_some();
    let attempts = sessions.attempts(&visitor.session).await?;
    let began = attempts
        .iter()
        .filter(|attempt| attempt.connector.as_str().eq_ignore_ascii_case(&connector))
        .find(|attempt| attempt.began_at >= since || is_open_enough && !attempt.state.is_end());
    Ok(match began {
        Some(attempt) => HttpResponse::Ok().json(serde_json::json!({ "url": routes::attempt(attempt.id) })),
        None => HttpResponse::NoContent().finish(),
    })
}
