//! A user with a browser, in one call: opens a start link, connects an app, and returns. For tests of a host that need
//! Gangway's events and have no browser. It reads only what every browser reads: redirects, cookies and forms.

use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Data, Json},
};
use regex_lite::Regex;
use reqwest::{Client, Method, Response, redirect::Policy};
use serde::Deserialize;
use serde_json::json;
use url::{Url, form_urlencoded};

use super::{authorize, link_token::Link, redirect::with_parameters, world::World};

/// Body of `POST /sandbox/visit`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Visit {
    /// The `url` of a connect session.
    url: Url,
    /// One of Gangway's `host.origins`: the page that posts the start code.
    origin: String,
    connector: String,
    #[serde(default)]
    decision: Decision,
    #[serde(default)]
    returns: Returns,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Decision {
    #[default]
    Allow,
    Deny,
}

/// Allow or Cancel at the provider; returns the URL that the browser would return to.
pub(super) fn decide(world: &World, link: &Link, decision: Decision) -> Option<String> {
    match decision {
        Decision::Allow => authorize::approved(world, link, None),
        Decision::Deny => Some(with_parameters(link.redirect_uri.as_ref()?, &[("error", "access_denied")])),
    }
}

/// The browser that returns from the provider.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Returns {
    /// The one that left.
    #[default]
    Same,
    /// Another person's.
    Other,
    Never,
}

/// `POST /sandbox/visit`. Answers with the address and status of the last page.
pub(super) async fn visit(body: Json<Visit>, world: Data<World>) -> HttpResponse {
    match play(&body, &world).await {
        Ok((url, status)) => HttpResponse::Ok().json(json!({"url": url, "status": status.as_u16()})),
        Err(Stopped(message)) => {
            HttpResponse::build(StatusCode::UNPROCESSABLE_ENTITY).json(json!({"message": message}))
        }
    }
}

/// The visit cannot go on.
struct Stopped(String);

impl From<reqwest::Error> for Stopped {
    fn from(error: reqwest::Error) -> Self {
        Self(format!("No answer: {}", error.without_url()))
    }
}

async fn play(visit: &Visit, world: &World) -> Result<(Url, StatusCode), Stopped> {
    let mut browser = Browser::open()?;
    let code = visit.url.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned());
    let code = code.ok_or_else(|| Stopped("url has no code".to_owned()))?;
    let mut start = visit.url.clone();
    start.set_query(None);
    let arrived = browser.post(&start, &visit.origin, &[("code".to_owned(), code)]).await?;
    let arrived = location(&arrived).filter(|_| !browser.cookies.is_empty()).ok_or_else(|| {
        Stopped("Gangway did not take the code: is origin one of host.origins, and is the code new?".to_owned())
    })?;
    // A session with `connector` leads to its form, and with `reconnect` to the one that replaces.
    let action = format!("/connectors/{}/link", visit.connector);
    let mut fields = None;
    for page in [arrived, format!("/connectors/{}?another=1", visit.connector)] {
        let mut response = browser.get(&at(&start, &page)?).await?;
        if let Some(onward) = location(&response) {
            response = browser.get(&at(&start, &onward)?).await?;
        }
        fields = hidden_fields(&response.text().await?, &action);
        if fields.is_some() {
            break;
        }
    }
    let fields = fields.ok_or_else(|| Stopped("The app has no form to submit".to_owned()))?;
    let own = start.origin().ascii_serialization();
    let leaving = browser.post(&at(&start, &action)?, &own, &fields).await?;
    let authorization_url = location(&leaving).ok_or_else(|| Stopped("The app needs more fields".to_owned()))?;
    let link = authorize::check_url(world, &authorization_url).map_err(|sentence| Stopped(sentence.to_owned()))?;
    let mut next = decide(world, &link, visit.decision)
        .and_then(|uri| Url::parse(&uri).ok())
        .ok_or_else(|| Stopped("No redirect URI".to_owned()))?;
    match visit.returns {
        Returns::Never => return Ok((next, StatusCode::OK)),
        Returns::Other => browser = Browser::open()?,
        Returns::Same => {}
    }
    loop {
        let response = browser.get(&next).await?;
        let status = StatusCode::from_u16(response.status().as_u16()).unwrap_or_default();
        match location(&response) {
            // The host's own pages are not opened: its test looks at them.
            Some(onward) if next.origin() == start.origin() => next = at(&next, &onward)?,
            _ => return Ok((next, status)),
        }
        if next.origin() != start.origin() {
            return Ok((next, status));
        }
    }
}

struct Browser {
    http: Client,
    cookies: Vec<(String, String)>,
}

impl Browser {
    fn open() -> Result<Self, Stopped> {
        let http = Client::builder().no_proxy().redirect(Policy::none()).timeout(Duration::from_secs(30)).build()?;
        Ok(Self { http, cookies: Vec::new() })
    }

    async fn get(&mut self, url: &Url) -> Result<Response, Stopped> {
        self.send(Method::GET, url, "cross-site", None).await
    }

    /// Submits a form of a page of that origin.
    async fn post(&mut self, url: &Url, origin: &str, fields: &[(String, String)]) -> Result<Response, Stopped> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let site = if url.origin().ascii_serialization() == origin { "same-origin" } else { "cross-site" };
        self.send(Method::POST, url, site, Some((origin, form))).await
    }

    async fn send(
        &mut self,
        method: Method,
        url: &Url,
        site: &str,
        form: Option<(&str, String)>,
    ) -> Result<Response, Stopped> {
        let mut request = self.http.request(method, url.clone()).header("accept", "text/html");
        for (name, value) in [("site", site), ("mode", "navigate"), ("dest", "document")] {
            request = request.header(format!("sec-fetch-{name}"), value);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", pairs.join("; "));
        }
        if let Some((origin, form)) = form {
            let kind = "application/x-www-form-urlencoded";
            request = request.header("origin", origin).header("content-type", kind).body(form);
        }
        let response = request.send().await?;
        for set in response.headers().get_all(header::SET_COOKIE.as_str()) {
            let pair = set.to_str().unwrap_or_default().split(';').next().and_then(|pair| pair.split_once('='));
            if let Some((name, value)) = pair {
                self.cookies.retain(|(known, _)| known != name);
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        Ok(response)
    }
}

fn location(response: &Response) -> Option<String> {
    let found = response.headers().get(header::LOCATION.as_str())?;
    response.status().is_redirection().then(|| found.to_str().ok().map(str::to_owned)).flatten()
}

fn at(base: &Url, reference: &str) -> Result<Url, Stopped> {
    base.join(reference).map_err(|_| Stopped(format!("{reference} is no address")))
}

/// Hidden fields of the form with that action.
fn hidden_fields(html: &str, action: &str) -> Option<Vec<(String, String)>> {
    let (_, form) = html.split_once(&format!("action=\"{action}\""))?;
    let (form, _) = form.split_once("</form>")?;
    let input = Regex::new(r#"<input type="hidden" name="([^"]*)" value="([^"]*)""#).ok()?;
    let pair =
        |found: regex_lite::Captures<'_>| Some((unescaped(found.get(1)?.as_str()), unescaped(found.get(2)?.as_str())));
    input.captures_iter(form).map(pair).collect()
}

fn unescaped(text: &str) -> String {
    let signs = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&"), ("&amp;", "&")];
    signs.iter().fold(text.to_owned(), |text, (escaped, sign)| text.replace(escaped, sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hidden_fields_of_the_form_are_read() {
        let html = r#"<form action="/other"><input type="hidden" name="a" value="1"></form>
            <form method="post" action="/connectors/slack/link" novalidate><input type="hidden" name="t" value="x&amp;y">
            <input type="text" name="shop" value=""></form><input type="hidden" name="z" value="2">"#;
        let fields = hidden_fields(html, "/connectors/slack/link").unwrap();
        assert_eq!(fields, [("t".to_owned(), "x&y".to_owned())]);
        assert_eq!(hidden_fields(html, "/connectors/notion/link"), None);
    }
}
