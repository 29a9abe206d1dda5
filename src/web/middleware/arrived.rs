//! An address says that the browser has just arrived, so that one without a cookie can be told why. A browser that
//! brought its cookie goes on to the address without that word: a reload much later must not blame the cookie.

use actix_session::SessionExt as _;
use actix_web::{
    Error, HttpResponse,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
};

use crate::web::routes;

/// Answers a browser that kept its cookie with the address itself.
///
/// # Errors
/// Passes on what the inner service fails with.
pub async fn arrived<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let settled = routes::settled(request.path(), request.query_string());
    if let Some(address) = settled.filter(|_| request.method().is_safe())
        && !request.get_session().entries().is_empty()
    {
        let response = HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish();
        return Ok(request.into_response(response).map_into_right_body());
    }
    Ok(next.call(request).await?.map_into_left_body())
}
