//! Times in HTTP headers (RFC 9110 section 5.6.7).

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use time::OffsetDateTime;

pub(crate) fn answered_at(headers: &HeaderMap) -> Option<OffsetDateTime> {
    read(headers.get(DATE)?.to_str().ok()?)
}

/// The wait of `Retry-After`: seconds, or a date that is compared with the server's clock.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    wait_from(answered_at(headers), headers)
}

/// As [`retry_after`], but a server without a `Date` is assumed to have our clock.
pub(crate) fn retry_after_by(now: OffsetDateTime, headers: &HeaderMap) -> Option<Duration> {
    wait_from(answered_at(headers).or(Some(now)), headers)
}

fn wait_from(now: Option<OffsetDateTime>, headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let wait = read(value)? - now?;
    Some(wait.try_into().unwrap_or(Duration::ZERO))
}

fn read(text: &str) -> Option<OffsetDateTime> {
    httpdate::parse_http_date(text.trim()).ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    mod fuzz;

    fn headers(retry: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(DATE, "Sun, 06 Nov 1994 08:49:37 GMT".parse().unwrap());
        headers.insert(RETRY_AFTER, retry.parse().unwrap());
        headers
    }

    #[test]
    fn server_date_is_read() {
        assert_eq!(answered_at(&headers("1")), Some(datetime!(1994-11-06 08:49:37 UTC)));
        assert_eq!(read("yesterday"), None);
    }

    #[test]
    fn retry_after_is_seconds_or_date() {
        assert_eq!(retry_after(&headers("30")), Some(Duration::from_secs(30)));
        assert_eq!(retry_after(&headers("Sun, 06 Nov 1994 08:50:07 GMT")), Some(Duration::from_secs(30)));
        assert_eq!(retry_after(&headers("Sun, 06 Nov 1994 08:00:00 GMT")), Some(Duration::ZERO));
        assert_eq!(retry_after(&headers("99999999999999999999999")), Some(Duration::from_secs(u64::MAX)));
        for nonsense in ["", "soon", "-5", "1.5"] {
            assert_eq!(retry_after(&headers(nonsense)), None, "{nonsense}");
        }
    }

    #[test]
    fn missing_date_uses_own_clock() {
        let mut without = headers("Sun, 06 Nov 1994 08:50:07 GMT");
        without.remove(DATE);
        assert_eq!(retry_after(&without), None);
        assert_eq!(retry_after_by(datetime!(1994-11-06 08:50:00 UTC), &without), Some(Duration::from_secs(7)));
        let theirs = headers("Sun, 06 Nov 1994 08:50:07 GMT");
        assert_eq!(retry_after_by(datetime!(2026-01-01 00:00 UTC), &theirs), Some(Duration::from_secs(30)));
    }

    proptest::proptest! {
        #[test]
        fn any_retry_after_is_accepted(wish in "[ -~]{0,40}|[0-9]{0,40}|[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT") {
            let _ = retry_after(&headers(&wish));
        }
    }
}
