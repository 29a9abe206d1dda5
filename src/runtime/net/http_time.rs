//! Times in HTTP headers (RFC 9110 section 5.6.7).

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use time::OffsetDateTime;

/// The server's own clock when it answered.
pub(crate) fn answered_at(headers: &HeaderMap) -> Option<OffsetDateTime> {
    read(headers.get(DATE)?.to_str().ok()?)
}

/// How long the server asks us to wait: seconds, or a time, which is compared with the server's own clock.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    wait_from(answered_at(headers), headers)
}

/// The same where a server that does not tell its time is believed to have ours.
pub(crate) fn retry_after_by(now: OffsetDateTime, headers: &HeaderMap) -> Option<Duration> {
    wait_from(answered_at(headers).or(Some(now)), headers)
}

fn wait_from(now: Option<OffsetDateTime>, headers: &HeaderMap) -> Option<Duration> {
    let wish = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !wish.is_empty() && wish.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(wish.parse().unwrap_or(u64::MAX)));
    }
    let wait = read(wish)? - now?;
    Some(wait.try_into().unwrap_or(Duration::ZERO))
}

/// Of the three forms a server may send one today; all three are to be understood.
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
    fn the_servers_clock_is_read() {
        assert_eq!(answered_at(&headers("1")), Some(datetime!(1994-11-06 08:49:37 UTC)));
        assert_eq!(read("yesterday"), None);
    }

    #[test]
    fn a_wait_comes_in_seconds_or_as_a_time() {
        assert_eq!(retry_after(&headers("30")), Some(Duration::from_secs(30)));
        assert_eq!(retry_after(&headers("Sun, 06 Nov 1994 08:50:07 GMT")), Some(Duration::from_secs(30)));
        assert_eq!(retry_after(&headers("Sun, 06 Nov 1994 08:00:00 GMT")), Some(Duration::ZERO));
        assert_eq!(retry_after(&headers("99999999999999999999999")), Some(Duration::from_secs(u64::MAX)));
        for nonsense in ["", "soon", "-5", "1.5"] {
            assert_eq!(retry_after(&headers(nonsense)), None, "{nonsense}");
        }
    }

    #[test]
    fn a_server_without_a_clock_has_ours() {
        let mut without = headers("Sun, 06 Nov 1994 08:50:07 GMT");
        without.remove(DATE);
        assert_eq!(retry_after(&without), None);
        assert_eq!(retry_after_by(datetime!(1994-11-06 08:50:00 UTC), &without), Some(Duration::from_secs(7)));
        let theirs = headers("Sun, 06 Nov 1994 08:50:07 GMT");
        assert_eq!(retry_after_by(datetime!(2026-01-01 00:00 UTC), &theirs), Some(Duration::from_secs(30)));
    }

    proptest::proptest! {
        #[test]
        fn no_wish_breaks_it(wish in "[ -~]{0,40}|[0-9]{0,40}|[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT") {
            let _ = retry_after(&headers(&wish));
        }
    }
}
