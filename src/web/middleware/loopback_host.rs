//! Protects an admin listener on loopback against DNS rebinding: a page in a local browser can reach it under a name
//! that resolves to 127.0.0.1, so only loopback names are answered.

use std::net::{Ipv4Addr, Ipv6Addr};

use actix_web::{
    Error, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{RequestHead, ServiceRequest, ServiceResponse},
    http::{StatusCode, Version, header},
    middleware::Next,
};

use crate::runtime::net::is_local_name;

/// Middleware that answers 421 if the request names another host than loopback.
pub async fn loopback_host<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if is_for_loopback(request.head()) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    tracing::warn!("a request to the admin listener names another host, and is not answered");
    let refused = HttpResponse::new(StatusCode::MISDIRECTED_REQUEST);
    Ok(request.into_response(refused).map_into_right_body())
}

/// Returns whether every host name of the request is loopback: in an absolute target (RFC 9112 section 3.2.2) and in
/// each `Host`. Without any name it is HTTP/1.0, which browsers do not use.
fn is_for_loopback(request: &RequestHead) -> bool {
    let target = request.uri.authority().is_none_or(|authority| is_loopback(authority.as_str()));
    let mut hosts = request.headers().get_all(header::HOST).peekable();
    let named = hosts.peek().is_some() || request.version == Version::HTTP_10;
    target && named && hosts.all(|host| host.to_str().is_ok_and(is_loopback))
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if !host.ends_with(']') => {
            if port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()) {
                return false;
            }
            name
        }
        _ => host,
    };
    if let Some(address) = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback());
    }
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix('.').unwrap_or(&name);
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    plain && (is_local_name(name) || name.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback()))
}
