//! The attacker's and the victim's sessions, and requests with any lines of cookies.

use std::collections::BTreeMap;

use serde_json::json;

use crate::{
    app::TestApp,
    browser::Browser,
    wire::{Answer, ask},
};

/// The attacker has begun with Slack and holds the address of the return; the victim has a session of her own.
pub(super) struct Planted {
    pub(super) attacker: String,
    pub(super) victim: Browser,
    pub(super) back: String,
}

impl Planted {
    pub(super) async fn prepare(app: &TestApp, user: &str) -> Self {
        let mut attacker = app.arrived_with(json!({ "user": { "id": user, "name": "Mallory" } })).await;
        let link = attacker.leave_for("slack").await;
        let back = app.sandbox.approve(&link).unwrap().unwrap();
        Self { attacker: attacker.cookie().unwrap().clone(), victim: app.arrived().await, back }
    }

    /// The attacker's session under that name.
    pub(super) fn pair(&self, name: &[u8]) -> Vec<u8> {
        pair(name, &self.attacker)
    }

    /// The victim's session under our name.
    pub(super) fn own(&self) -> Vec<u8> {
        pair(self.victim.cookie_name().as_bytes(), self.victim.cookie().unwrap())
    }
}

pub(super) fn pair(name: &[u8], value: &str) -> Vec<u8> {
    [name, b"=", value.as_bytes()].concat()
}

/// A request on a socket of its own, with those lines of cookies.
pub(super) async fn send(
    app: &TestApp,
    (method, path, body): (&str, &str, &str),
    more: &str,
    cookies: &[Vec<u8>],
) -> Answer {
    let host = app.url.trim_start_matches("http://");
    let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{more}").into_bytes();
    for line in cookies {
        request.extend([b"cookie: ", &line[..], b"\r\n"].concat());
    }
    request.extend(format!("content-length: {}\r\n\r\n{body}", body.len()).into_bytes());
    ask(app, request).await
}

/// A navigation from another site, as from the provider.
pub(super) async fn navigate(app: &TestApp, address: &str, cookies: &[Vec<u8>]) -> Answer {
    let metadata = "sec-fetch-site: cross-site\r\nsec-fetch-mode: navigate\r\nsec-fetch-dest: document\r\n";
    send(app, ("GET", address.trim_start_matches(&app.origin()), ""), metadata, cookies).await
}

pub(super) fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// What differs between an answer to the attacker, to the victim and to a browser without a session.
pub(super) fn outline(answer: &Answer) -> (u16, Option<&str>, Option<&str>, Option<&str>) {
    let [location, cookie, length] = ["location", "set-cookie", "content-length"].map(|name| header(answer, name));
    (answer.status, location, cookie, length)
}

/// Every address of the public listener, with its methods, read from the sources.
pub(super) fn routes() -> BTreeMap<String, Vec<String>> {
    let read = |path| std::fs::read_to_string(path).unwrap();
    let (table, addresses) = (read("src/web/routes.rs"), read("src/server/routes.rs"));
    let (public, _) = table.split_once("pub mod admin").unwrap();
    let constants = public.split("pub const ").skip(1).filter_map(|constant| {
        let (name, rest) = constant.split_once(": &str = \"")?;
        Some((name, rest.split_once('"')?.0))
    });
    let paths: BTreeMap<&str, &str> = constants.filter(|(_, path)| path.starts_with('/')).collect();
    let served = addresses.split("at(routes::").skip(1).chain(addresses.split("for_host(api::").skip(1));
    let mut served: BTreeMap<&str, Vec<String>> = served
        .map(|service| {
            let (name, rest) = service.split_once(", \"").unwrap();
            (name, rest.split_once('"').unwrap().0.split(", ").map(str::to_owned).collect())
        })
        .collect();
    let prefixes = ["PREFIX", "CALLBACK_PREFIX"];
    let found = paths.into_iter().filter(|(name, _)| !prefixes.contains(name));
    let routes = found.map(|(name, path)| (path.to_owned(), served.remove(name).unwrap_or_else(|| panic!("{name}"))));
    let routes = routes.collect();
    assert!(served.is_empty(), "not in src/web/routes.rs: {served:?}");
    routes
}
