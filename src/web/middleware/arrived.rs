//! Removes the mark of the first visit from the URL. The mark lets a page explain a missing cookie. A browser that sent
//! its cookie is redirected to the unmarked URL, so that a later reload does not blame the cookie.

use actix_session::SessionExt as _;
use actix_web::{
    Error, HttpResponse,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
};

use super::security_headers::Framing;
use crate::{domain::session::Display, web::routes};

pub(crate) async fn arrived<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let settled = routes::without_mark(request.path(), request.query_string());
    // A page that requires it of what it embeds requires it of redirects, too.
    if settled.is_some() && routes::first_visit(request.query_string()) == Some(Display::Frame) {
        Framing::permit(request.request());
    }
    if let Some(address) = settled.filter(|_| request.method().is_safe())
        && !request.get_session().entries().is_empty()
    {
        let response = HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish();
        return Ok(request.into_response(response).map_into_right_body());
    }
    Ok(next.call(request).await?.map_into_left_body())
}
