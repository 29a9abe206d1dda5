//! Cookies of a browser at the callback: its own session, and cookies planted by another host of the domain.

use std::iter::once;

use proptest::{collection::vec, prelude::*};

use crate::{
    spellings::spellings,
    web::cookies::{OwnCookies, only_value},
};

const USER: &str = "user";
const SESSION: &str = OwnCookies::PREFIXED.session;

fn value() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![USER, "victim"])
}

#[derive(Debug, Clone)]
struct Cookie {
    /// `None` is the session cookie's own name.
    spelling: Option<Vec<u8>>,
    value: &'static str,
}

#[derive(Debug, Clone)]
pub(crate) struct Jar(Vec<Cookie>);

impl Jar {
    /// Result of the real parser.
    pub(crate) fn binds(&self) -> bool {
        let pairs = self.0.iter().map(|cookie| {
            let name = cookie.spelling.as_deref().unwrap_or(SESSION.as_bytes());
            [name, b"=", cookie.value.as_bytes()].concat()
        });
        let header = pairs.collect::<Vec<_>>().join(&b"; "[..]);
        only_value(once(&header[..]), SESSION) == Some(USER.as_bytes())
    }

    /// Expected result: exactly one cookie has the session cookie's name, and it holds the user's session.
    pub(crate) fn should_bind(&self) -> bool {
        let mut own = self.0.iter().filter(|cookie| cookie.spelling.is_none());
        let first = own.next();
        own.next().is_none() && first.is_some_and(|cookie| cookie.value == USER)
    }
}

pub(crate) fn jar() -> impl Strategy<Value = Jar> {
    let spelled = proptest::sample::select(spellings(SESSION));
    let planted = (spelled, value()).prop_map(|(name, value)| Cookie { spelling: Some(name), value });
    let own = || value().prop_map(|value| Cookie { spelling: None, value });
    let owns = prop_oneof![
        6 => Just(vec![Cookie { spelling: None, value: USER }]),
        4 => vec(own(), 0..2),
        1 => vec(own(), 2..3),
    ];
    let cookies = (owns, vec(planted, 0..3)).prop_map(|(own, planted)| [own, planted].concat());
    cookies.prop_shuffle().prop_map(Jar)
}
