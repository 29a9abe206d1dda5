//! Faults of responses: errors in their place, and delayed, broken or oversized ones.

use std::{io, time::Duration};

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::{StatusCode, header},
};
use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use serde_json::json;

use super::{answer::Answer, fault::Fault, route::Route, world::World};

/// The failure in place of the response, if a fault applies; the call then has no effect.
pub(super) fn instead(world: &World, route: Route) -> Option<Answer> {
    if let Some(strike) = world.faults.strikes(Fault::ServerErrors, Some(route)) {
        let burst = strike.number.unwrap_or(u64::MAX).max(1);
        if (strike.before / burst) % 2 == 0 {
            let status = match strike.before % 3 {
                0 => StatusCode::INTERNAL_SERVER_ERROR,
                1 => StatusCode::BAD_GATEWAY,
                _ => StatusCode::SERVICE_UNAVAILABLE,
            };
            return Some(Answer::html(status, format!("<html><body><h1>{status}</h1></body></html>")));
        }
    }
    if let Some(strike) = world.faults.strikes(Fault::RateLimited, Some(route)) {
        let body = json!({"error": "Too Many Requests", "message": "Rate limit exceeded, try again later"});
        return Some(Answer { retry_after: strike.number, ..Answer::json(StatusCode::TOO_MANY_REQUESTS, &body) });
    }
    if world.faults.strikes(Fault::Redirected, Some(route)).is_some() {
        let location = format!("{}/elsewhere", world.base_url);
        return Some(Answer { location: Some(location), ..Answer::html(StatusCode::FOUND, String::new()) });
    }
    None
}

/// Sends the response with the faults of its transport; the call has had its effect.
pub(super) async fn send(world: &World, route: Option<Route>, mut answer: Answer) -> HttpResponse {
    let strikes = |fault| world.faults.strikes(fault, route);
    let seconds = |number: Option<u64>| Duration::from_secs(number.unwrap_or(5));
    if let Some(strike) = strikes(Fault::Slow) {
        tokio::time::sleep(seconds(strike.number)).await;
    }
    if strikes(Fault::NotJson).is_some() {
        answer = Answer::html(StatusCode::OK, "<!DOCTYPE html><html><body>We will be back soon</body></html>".into());
    }
    if strikes(Fault::Empty).is_some() {
        answer.body = Bytes::new();
    }
    let mut response = HttpResponse::build(answer.status);
    response.insert_header((header::CONTENT_TYPE, answer.media_type));
    if let Some(seconds) = answer.retry_after {
        response.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if let Some(location) = answer.location {
        response.insert_header((header::LOCATION, location));
    }
    if world.clock.is_shifted() {
        response.insert_header((header::DATE, header::HttpDate::from(std::time::SystemTime::from(world.clock.now()))));
    }
    if let Some(strike) = strikes(Fault::SlowBody) {
        return slow_body(response, answer.body, seconds(strike.number));
    }
    if strikes(Fault::CutOff).is_some() {
        return cut_off(response, answer.body);
    }
    if let Some(strike) = strikes(Fault::Oversized) {
        return oversized(response, answer.body, strike.number.unwrap_or(16));
    }
    response.body(answer.body)
}

fn slow_body(mut response: HttpResponseBuilder, mut body: Bytes, pause: Duration) -> HttpResponse {
    let first = body.split_to(body.len() / 2);
    let second = stream::once(async move {
        tokio::time::sleep(pause).await;
        Ok::<_, io::Error>(body)
    });
    response.streaming(Box::pin(stream::iter([Ok(first)]).chain(second)))
}

fn cut_off(mut response: HttpResponseBuilder, mut body: Bytes) -> HttpResponse {
    let first = body.split_to(body.len() / 2);
    response.streaming(stream::iter([Ok(first), Err(io::Error::other("cut off"))]))
}

/// A correct response behind white space, for clients that do not limit the body's size.
fn oversized(mut response: HttpResponseBuilder, body: Bytes, mib: u64) -> HttpResponse {
    let spaces = Bytes::from(vec![b' '; 64 * 1024]);
    let pieces = usize::try_from(mib.saturating_mul(16)).unwrap_or(usize::MAX);
    let padding = stream::repeat_with(move || spaces.clone()).take(pieces);
    response.streaming(padding.chain(stream::iter([body])).map(Ok::<_, io::Error>))
}
