//! Generated callback queries: meaningful names, unknown names, raw bytes.

use actix_web::http::Uri;
use proptest::prelude::*;

use super::super::*;
use crate::fuzz::fuzz;

fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "error", "error_description", "error_uri", "state", "code", "success", "credentialId", "Error", "error[]",
            "access_denied", "user_denied", "user_cancelled", "server_error", "true", "67a37f29e0aa276e50d7253a",
            "admin_policy_enforced", "AADSTS90094%3A+needs", "aadsts%36%35001", "Admin%20Approval", "admin+approval",
            "%65rror", "acce%73s_denied", "access%00_denied", "access_denied%20", "%3Cscript%3E", "",
        ]).prop_map(|text| text.as_bytes().to_vec()),
        2 => "(%[0-9a-fA-F]{2}|%[0-9a-zA-Z]?|[a-z+]){0,12}".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..12),
        1 => (0usize..600, "a|%E2%80%AE|%ff|b").prop_map(|(times, text)| text.repeat(times).into_bytes()),
    ]
}

fn query() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec((piece(), prop::option::of(piece())), 0..8).prop_map(|parameters| {
        let written = parameters.into_iter().map(|(name, value)| match value {
            Some(value) => [name, b"=".to_vec(), value].concat(),
            None => name,
        });
        written.collect::<Vec<_>>().join(&b'&')
    })
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.filter(|two| two.bytes().all(|digit| digit.is_ascii_hexdigit()));
        rest = match (first, byte) {
            (b'%', Some(two)) => {
                bytes.push(u8::from_str_radix(two, 16).unwrap());
                &after[2..]
            }
            (b'+', _) => {
                bytes.push(b' ');
                after
            }
            _ => {
                bytes.push(*first);
                after
            }
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn first_of(query: &str, wanted: &str) -> Option<String> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.find(|(name, _)| decoded(name) == wanted).map(|(_, value)| decoded(value))
}

#[test]
fn fuzz_the_query_of_a_callback() {
    fuzz("callback query", &(query(), "[a-df-zA-Z]{1,8}=[a-z%0-9]{0,9}"), |(bytes, unknown)| {
        // The handler never receives an invalid URL.
        let Ok(uri) = Uri::try_from([b"/callback/x?", bytes.as_slice()].concat()) else { return Ok(()) };
        let query = uri.query().unwrap_or_default();
        let reason = refusal(query);
        let closed = [Reason::AccessDenied, Reason::AdminApproval, Reason::UpstreamRefused];
        prop_assert!(reason.is_none_or(|reason| closed.contains(&reason)), "{reason:?}");
        let error = first_of(query, "error");
        prop_assert_eq!(reason.is_some(), error.is_some());
        let error = error.map(|error| text::tidy(&error, 500)).unwrap_or_default();
        prop_assert_eq!(
            matches!(error.as_str(), "access_denied" | "user_denied" | "user_cancelled"),
            match reason {
                Some(Reason::AccessDenied) => true,
                // The description may be more specific than the error.
                Some(Reason::AdminApproval) =>
                    matches!(error.as_str(), "access_denied" | "user_denied" | "user_cancelled"),
                _ => false,
            }
        );
        // Only the first of each name counts, and only these two parameters.
        let description = first_of(query, "error_description").unwrap_or_default();
        let only: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("error", &error)
            .append_pair("error_description", &description)
            .finish();
        prop_assert_eq!(refusal(&only).filter(|_| reason.is_some()), reason);
        prop_assert_eq!(
            refusal(&format!("{unknown}&success=true&{query}&error=late&credentialId=x")),
            match reason {
                Some(reason) => Some(reason),
                None => refusal(&format!("error=late&{query}")),
            }
        );
        Ok(())
    });
}
