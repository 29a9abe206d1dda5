//! Random `Retry-After`: seconds, dates in the three formats of HTTP, and junk.

use std::time::SystemTime;

use proptest::prelude::*;
use reqwest::header::HeaderValue;
use time::{format_description::BorrowedFormatItem, macros::format_description};

use super::super::*;
use crate::{alloy::AlloyError, fuzz::fuzz};

/// The forms of RFC 9110 section 5.6.7, written by another library than the one that reads them.
const FORMS: [&[BorrowedFormatItem<'_>]; 3] = [
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"),
    format_description!("[weekday], [day]-[month repr:short]-[year repr:last_two] [hour]:[minute]:[second] GMT"),
    format_description!("[weekday repr:short] [month repr:short] [day padding:space] [hour]:[minute]:[second] [year]"),
];

/// A header's bytes, with their meaning if they are valid.
#[derive(Debug, Clone)]
enum Wish {
    Seconds(u64),
    Until(i64, usize),
    Junk(Vec<u8>),
}

fn wish() -> impl Strategy<Value = Wish> {
    // The second form has a two-digit year, so the range is shorter than a century.
    let time = 0i64..1_893_456_000;
    prop_oneof![
        3 => prop_oneof![0u64..1000, any::<u64>()].prop_map(Wish::Seconds),
        3 => (time, 0..FORMS.len()).prop_map(|(at, form)| Wish::Until(at, form)),
        1 => prop::collection::vec(any::<u8>(), 0..60).prop_map(Wish::Junk),
        1 => "-?[0-9]{0,40}(\\.[0-9]*)?|0x[0-9a-f]{1,4}|\\+?[0-9]{1,3}|[0-9]+, ?[0-9]+".prop_map(|text| Wish::Junk(text.into_bytes())),
        1 => "(Sun|Mon|Sunday|Foo),? ?[0-9]{0,3}[ -](Nov|Feb|Xyz)[ -][0-9]{1,6} [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,3} (GMT|UTC|CET|)"
            .prop_map(|text| Wish::Junk(text.into_bytes())),
    ]
}

fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).unwrap()
}

#[test]
fn fuzz_how_long_the_vendor_asks_to_wait() {
    let date = prop::option::of((0i64..1_893_456_000, 0..FORMS.len()));
    fuzz("Retry-After", &(wish(), date), |(wish, date)| {
        let written = match &wish {
            Wish::Seconds(seconds) => seconds.to_string().into_bytes(),
            Wish::Until(time, form) => at(*time).format(FORMS[*form]).unwrap().into_bytes(),
            Wish::Junk(bytes) => bytes.clone(),
        };
        let Ok(header) = HeaderValue::from_bytes(&written) else { return Ok(()) };
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, header);
        if let Some((now, form)) = date {
            headers.insert(DATE, at(now).format(FORMS[form]).unwrap().parse().unwrap());
            // A two-digit year is ambiguous without the current date.
            if form != 1 {
                prop_assert_eq!(answered_at(&headers), Some(at(now)));
            }
        }
        let wait = retry_after(&headers);
        match (&wish, date) {
            (Wish::Seconds(seconds), _) => prop_assert_eq!(wait, Some(Duration::from_secs(*seconds))),
            (Wish::Until(..), None) => prop_assert_eq!(wait, None),
            (Wish::Until(until, 0 | 2), Some((now, 0 | 2))) => {
                let seconds = u64::try_from(until - now).unwrap_or_default();
                prop_assert_eq!(wait, Some(Duration::from_secs(seconds)));
            }
            (Wish::Until(..), Some(_)) => prop_assert!(wait.is_some()),
            (Wish::Junk(_), _) => {}
        }
        // Every wait is limited, and can be added to a clock.
        if let AlloyError::RateLimited { retry_after: Some(wait) } = AlloyError::from_response(429, b"", wait) {
            prop_assert!(wait <= Duration::from_secs(300) && SystemTime::UNIX_EPOCH.checked_add(wait).is_some());
        }
        Ok(())
    });
}
