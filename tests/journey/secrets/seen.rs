//! What was secret, and what was shown.

use reqwest::Response;

use crate::{
    app::{API_KEY, HOST_KEY, SESSION_KEY},
    browser::{Browser, Page},
    provider::redirect_uri,
};

use super::{FORM_SECRETS, WEBHOOK_SECRET, WRONG_HOST_KEY, canary::Canary};

/// All secrets so far, and everything that somebody was shown.
pub(super) struct Seen {
    canaries: Vec<Canary>,
    /// Where, and what.
    pub(super) shown: Vec<(String, String)>,
}

impl Seen {
    pub(super) fn new() -> Self {
        let mut seen = Self { canaries: Vec::new(), shown: Vec::new() };
        let fixed = [
            ("our key at Alloy", API_KEY),
            ("a host key", HOST_KEY),
            ("a session key", SESSION_KEY),
            ("a webhook secret", WEBHOOK_SECRET),
            ("a wrong host key", WRONG_HOST_KEY),
        ];
        for (name, secret) in fixed.into_iter().chain(FORM_SECRETS.map(|typed| ("what was typed", typed))) {
            seen.secret(name, secret);
        }
        seen
    }

    pub(super) fn secret(&mut self, name: &'static str, secret: &str) {
        self.canaries.push(Canary::new(name, secret));
    }

    /// The cookie: a signature, and behind it the key that opens the session.
    pub(super) fn cookie(&mut self, browser: &Browser) {
        let cookie = browser.cookie().unwrap();
        let (signature, key) = cookie.rsplit_once("%3D").unwrap();
        self.secret("a cookie", cookie);
        self.secret("a cookie's signature", signature);
        self.secret("a cookie's key", key);
    }

    /// Where the browser was sent: the whole address, its token and its state.
    pub(super) fn authorization_url(&mut self, url: &str) {
        self.secret("an authorization URL", url);
        self.secret("its token", url.rsplit_once("token=").unwrap().1);
        self.secret("a state", redirect_uri(url).rsplit_once('/').unwrap().1);
    }

    /// A page as it came, but for the two headers that carry a secret to this one browser.
    pub(super) fn page(&mut self, what: &str, page: Page) -> Page {
        let to_the_provider = page.headers.get("location").is_some_and(|to| to.as_bytes().starts_with(b"http"));
        for (name, value) in &page.headers {
            if name != "set-cookie" && !(name == "location" && to_the_provider) {
                self.shown.push((format!("{what}: {name}"), value.to_str().unwrap().to_owned()));
            }
        }
        self.shown.push((what.to_owned(), page.body.clone()));
        page
    }

    pub(super) async fn answer(&mut self, what: &str, answer: Response) {
        self.shown.push((format!("{what}: headers"), format!("{:?}", answer.headers())));
        self.shown.push((what.to_owned(), answer.text().await.unwrap()));
    }

    pub(super) fn is_nowhere_in(&self, place: &str, text: &str) {
        self.canaries.iter().for_each(|canary| canary.is_not_in(place, text));
    }
}
