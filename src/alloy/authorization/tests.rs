use proptest::prelude::*;

use super::*;

mod fuzz;

fn rules(hosts: &[&str], allow_loopback_http: bool) -> LinkRules {
    LinkRules {
        allowed_hosts: Hosts::new(&hosts.iter().map(|&host| host.to_owned()).collect::<Vec<_>>()),
        our_origin: Url::parse("https://connect.acme.com").unwrap().origin(),
        allow_loopback_http,
    }
}

const DOCUMENTED: &str = "http://localhost:4040/api/strategy/connector/slack/authorize?userId=5eba51a03fe9631316668514&redirectUri=http%3A%2F%2Flocalhost%3A3000&token=abcdefghijklmnopqrstvwxyz123456790";

#[test]
fn the_documented_link_is_handed_on_unchanged() {
    assert_eq!(AuthorizationUrl::check(DOCUMENTED, &rules(&[], true)).unwrap().expose(), DOCUMENTED);
    assert_eq!(AuthorizationUrl::check(DOCUMENTED, &rules(&[], false)).unwrap_err(), UnsafeLink::Scheme);
}

#[test]
fn what_no_browser_may_be_sent_to() {
    let long = format!("https://api.runalloy.com/?token={}", "x".repeat(LONGEST));
    let grows = format!("https://api.runalloy.com/?token={}", "ä".repeat(1500));
    for (raw, why) in [
        ("javascript:alert(1)", UnsafeLink::Scheme),
        ("data:text/html,<script>", UnsafeLink::Scheme),
        ("http://api.runalloy.com/", UnsafeLink::Scheme),
        ("http://localhost.evil.com/", UnsafeLink::Scheme),
        ("https://me:pw@api.runalloy.com/", UnsafeLink::UserInfo),
        ("https://@api.runalloy.com/", UnsafeLink::UserInfo),
        ("https:\\\\evil.com", UnsafeLink::Characters),
        ("https://api.runalloy.com/\r\nSet-Cookie:x", UnsafeLink::Characters),
        (" https://api.runalloy.com/", UnsafeLink::Characters),
        ("https://connect.acme.com/start?code=x", UnsafeLink::OurOwn),
        ("https://connect.acme.com:443/x", UnsafeLink::OurOwn),
        ("https://connect.acme.com./x", UnsafeLink::OurOwn),
        ("//api.runalloy.com/", UnsafeLink::Malformed),
        ("/callback/x", UnsafeLink::Malformed),
        ("", UnsafeLink::Malformed),
        (&long, UnsafeLink::TooLong),
        (&grows, UnsafeLink::TooLong),
    ] {
        assert_eq!(AuthorizationUrl::check(raw, &rules(&[], true)).unwrap_err(), why, "{raw}");
    }
}

#[test]
fn only_named_hosts_once_some_are_named() {
    let rules = rules(&["api.runalloy.com", "*.alloy.example"], false);
    for good in ["https://api.runalloy.com/x", "https://API.runalloy.com/", "https://a.b.alloy.example/"] {
        assert!(AuthorizationUrl::check(good, &rules).is_ok(), "{good}");
    }
    for bad in [
        "https://runalloy.com/",
        "https://evil-api.runalloy.com/",
        "https://api.runalloy.com.evil.com/",
        "https://alloy.example/",
        "https://evilalloy.example/",
    ] {
        assert_eq!(AuthorizationUrl::check(bad, &rules).unwrap_err(), UnsafeLink::Host, "{bad}");
    }
}

#[test]
fn nothing_of_it_shows_in_debug_output() {
    let url = AuthorizationUrl::check(DOCUMENTED, &rules(&[], true)).unwrap();
    assert_eq!(format!("{url:?}"), "AuthorizationUrl(…)");
}

proptest! {
    #[test]
    fn a_host_passes_only_by_the_list(label in "[a-z]{1,8}", host in "[a-z]{1,6}(\\.[a-z]{1,6}){0,3}") {
        let rules = rules(&["*.alloy.example"], false);
        let inside = format!("https://{label}.alloy.example/");
        prop_assert!(AuthorizationUrl::check(&inside, &rules).is_ok());
        let outside = format!("https://{host}/");
        prop_assume!(!host.ends_with(".alloy.example"));
        prop_assert!(AuthorizationUrl::check(&outside, &rules).is_err());
    }
}
