//! Removes all cookies except our own, so that no later parser can confuse another name with ours.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap, HeaderValue},
    middleware::Next,
};

use crate::web::cookies;

/// Middleware that leaves at most one `Cookie` header, with our cookies only.
pub async fn own_cookies<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let own = cookies::own_header(&lines(request.headers()));
    replace(request.headers_mut(), own.and_then(|own| HeaderValue::from_maybe_shared(own).ok()));
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
        let app = App::new().route("/", web::get().to(read)).wrap(from_fn(own_cookies));
        let app = test::init_service(app).await;
        let ours = format!("{}=de; {}=x", cookies::LANGUAGE, cookies::SESSION).into_bytes();
        for spelling in spellings(cookies::SESSION) {
            let planted = [&spelling[..], b"=attacker"].concat();
            for (headers, expected) in [
                (vec![&planted], " in 0"),
                (vec![&planted, &ours, &planted], "__Host-gangway, __Host-gangway-language in 1"),
            ] {
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
