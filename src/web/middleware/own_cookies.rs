//! Removes all cookies except our own, so that no later parser can confuse another name with ours.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap, HeaderValue},
    middleware::Next,
    web,
};

use crate::web::cookies::OwnCookies;

/// Middleware that leaves at most one `Cookie` header, with our cookies only.
pub async fn own_cookies<B: MessageBody>(
    own: web::Data<OwnCookies>,
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let header = own.header(&lines(request.headers()));
    replace(request.headers_mut(), header.and_then(|header| HeaderValue::from_maybe_shared(header).ok()));
    next.call(request).await
}

/// The values of all `Cookie` headers. HTTP/1.1 permits several.
pub(crate) fn lines(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> + Clone {
    headers.get_all(header::COOKIE).map(HeaderValue::as_bytes)
}

pub(crate) fn replace(headers: &mut HeaderMap, own: Option<HeaderValue>) {
    match own {
        Some(own) => drop(headers.insert(header::COOKIE, own)),
        None => drop(headers.remove(header::COOKIE)),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{App, HttpRequest, middleware::from_fn, test, web};

    use super::*;
    use crate::spellings::spellings;

    async fn read(request: HttpRequest) -> String {
        let cookies = request.cookies().unwrap();
        let names: Vec<&str> = cookies.iter().map(|cookie| cookie.name()).collect();
        format!("{} in {}", names.join(", "), lines(request.headers()).count())
    }

    #[actix_web::test]
    async fn nothing_behind_the_filter_sees_other_names() {
        for own in [OwnCookies::PREFIXED, OwnCookies::ON_HTTP_LOOPBACK] {
            let app = App::new().app_data(web::Data::new(own)).route("/", web::get().to(read));
            let app = test::init_service(app.wrap(from_fn(own_cookies))).await;
            let ours = format!("{}=de; {}=x", own.language, own.session).into_bytes();
            let both = format!("{}, {} in 1", own.session, own.language);
            for spelling in spellings(own.session) {
                let planted = [&spelling[..], b"=attacker"].concat();
                for (headers, expected) in [(vec![&planted], " in 0"), (vec![&planted, &ours, &planted], both.as_str())]
                {
                    let line = |line: &Vec<u8>| (header::COOKIE, HeaderValue::from_bytes(line).unwrap());
                    let request = headers
                        .into_iter()
                        .fold(test::TestRequest::get(), |request, planted| request.append_header(line(planted)));
                    let body = test::call_and_read_body(&app, request.to_request()).await;
                    assert_eq!(body, expected, "{}", String::from_utf8_lossy(&spelling));
                }
            }
        }
    }
}
