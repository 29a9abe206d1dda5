//! Generated callback queries: meaningful names, unknown names, raw bytes.

use actix_web::http::Uri;
use proptest::prelude::*;

use super::super::*;
use crate::fuzz::fuzz;

fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "error", "error_description", "denied", "oauth_problem", "setup_action", "error_uri", "state", "code", "success", "credentialId", "Error", "error[]",
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

#[test]
fn fuzz_the_query_of_a_callback() {
    fuzz("callback query", &(query(), "x_[a-z]{1,8}=[a-z%0-9]{0,9}"), |(bytes, unknown)| {
        // The handler never receives an invalid URL.
        let Ok(uri) = Uri::try_from([b"/callback/x?", bytes.as_slice()].concat()) else { return Ok(()) };
        let query = uri.query().unwrap_or_default();
        let reason = refusal(query);
        let closed = [Reason::AccessDenied, Reason::AdminApproval, Reason::UpstreamRefused];
        prop_assert!(reason.is_none_or(|reason| closed.contains(&reason)), "{reason:?}");
        // What is unknown or without a value changes nothing, and neither does the second of a name.
        prop_assert_eq!(refusal(&format!("{unknown}&error&denied=&{query}")), reason);
        prop_assert_eq!(refusal(&format!("{query}&{query}")), reason);
        let again = format!("{query}&error=access_denied");
        prop_assert!(refusal(&again).is_some());
        if reason == Some(Reason::AdminApproval) {
            prop_assert_eq!(refusal(&again), reason);
        }
        Ok(())
    });
}
