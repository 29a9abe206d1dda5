//! A browser as far as HTTP goes: it keeps its cookies, says where a request comes from, and follows nothing by
//! itself.

use std::collections::BTreeMap;

use reqwest::{
    Client, Method,
    header::{HeaderMap, LOCATION, SET_COOKIE},
    redirect::Policy,
};
use scraper::{ElementRef, Html, Selector};

/// The name of the session cookie where the public URL is http on loopback, as in most tests.
pub(crate) const COOKIE: &str = "gangway";
/// The name of the session cookie everywhere else.
pub(crate) const HTTPS_COOKIE: &str = "__Host-gangway";

/// A browser with one cookie jar. A clone is the same browser at the same moment: a second tab.
#[derive(Clone)]
pub(crate) struct Browser {
    http: Client,
    /// Where the server listens.
    address: String,
    /// What the address bar says.
    origin: String,
    cookies: BTreeMap<String, String>,
}

/// What came back.
#[derive(Clone)]
pub(crate) struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Browser {
    pub(crate) fn new(origin: &str) -> Self {
        Self::behind_proxy(origin, origin)
    }

    /// A browser of a proxy's users: it knows the public origin, and the proxy passes its requests on.
    pub(crate) fn behind_proxy(address: &str, origin: &str) -> Self {
        let http = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        Self { http, address: address.to_owned(), origin: origin.to_owned(), cookies: BTreeMap::new() }
    }

    /// The proxy passes its next requests on to another process.
    pub(crate) fn move_to(&mut self, address: &str) {
        address.clone_into(&mut self.address);
    }

    /// Types an address, or follows a link on our own pages.
    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.navigate(path, "same-origin").await
    }

    /// Comes to an address from a page of that relation: `same-origin`, `same-site`, `cross-site` or `none`.
    pub(crate) async fn navigate(&mut self, path: &str, site: &str) -> Page {
        let metadata = [("sec-fetch-site", site), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        self.send(Method::GET, path, &metadata, None).await
    }

    /// Presses a button of a form on our own pages.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let origin = self.origin.clone();
        let metadata = [("origin", origin.as_str()), ("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "navigate")];
        self.send(Method::POST, path, &metadata, Some(fields)).await
    }

    /// Presses a button of a form on a page of another origin.
    pub(crate) async fn post_from(&mut self, origin: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let metadata = [("origin", origin), ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
        self.send(Method::POST, path, &metadata, Some(fields)).await
    }

    /// Any request at all.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        fields: Option<&[(&str, &str)]>,
    ) -> Page {
        self.try_send(method, path, headers, fields).await.unwrap()
    }

    /// The same to a server that may be gone in the middle of it.
    pub(crate) async fn try_send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        fields: Option<&[(&str, &str)]>,
    ) -> reqwest::Result<Page> {
        let path = path.strip_prefix(&self.origin).unwrap_or(path);
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.address) };
        let mut request = self.http.request(method, url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", pairs.join("; "));
        }
        if let Some(fields) = fields {
            let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        }
        let answer = request.send().await?;
        for cookie in answer.headers().get_all(SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(Page { status, headers, body: answer.text().await? })
    }

    /// What the address bar says.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The session cookie's name.
    pub(crate) fn cookie_name(&self) -> &'static str {
        if self.origin.starts_with("https:") { HTTPS_COOKIE } else { COOKIE }
    }

    /// The session cookie's value.
    pub(crate) fn cookie(&self) -> Option<&String> {
        self.cookies.get(self.cookie_name())
    }

    /// Plants a session cookie.
    pub(crate) fn plant(&mut self, value: &str) {
        self.cookies.insert(self.cookie_name().to_owned(), value.to_owned());
    }

    /// Forgets every cookie.
    pub(crate) fn forget_cookies(&mut self) {
        self.cookies.clear();
    }

    fn keep(&mut self, cookie: &str) {
        let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
        if cookie.to_ascii_lowercase().contains("max-age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Fills in the form of a page and presses its button: hidden fields and what is filled in already go along.
    pub(crate) async fn submit(&mut self, page: &Page, action: &str, answers: &[(&str, &str)]) -> Page {
        let mut fields = page.form(action);
        for (name, value) in answers {
            fields.retain(|(field, _)| field != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(action, &fields).await
    }

    /// Opens the app's page and presses its button.
    pub(crate) async fn link(&mut self, connector: &str, answers: &[(&str, &str)]) -> Page {
        let page = self.get(&format!("/connectors/{connector}?another=1")).await;
        assert_eq!(page.status, 200, "{}", page.text());
        self.submit(&page, &format!("/connectors/{connector}/link"), answers).await
    }

    /// Goes off to the provider; gives the address there.
    pub(crate) async fn leave_for(&mut self, connector: &str) -> String {
        let leaving = self.link(connector, &[]).await;
        assert_eq!(leaving.status, 303, "{}", leaving.text());
        leaving.location().to_owned()
    }

    /// Comes back from the provider, and follows to the attempt's page.
    pub(crate) async fn come_back(&mut self, address: &str) -> Page {
        let returned = self.navigate(address, "cross-site").await;
        assert_eq!(returned.status, 303, "{}", returned.text());
        self.get(returned.location()).await
    }

    /// Links an app as a person would who allows it at the provider; gives the last page.
    pub(crate) async fn link_and_allow(&mut self, sandbox: &gangway::sandbox::Control, connector: &str) -> Page {
        let leaving = self.leave_for(connector).await;
        let back = sandbox.approve(&leaving).unwrap().unwrap();
        self.come_back(&back).await
    }
}

impl Page {
    /// Where it sends the browser, if it does.
    pub(crate) fn leads_to(&self) -> Option<&str> {
        self.headers.get(LOCATION).map(|location| location.to_str().unwrap())
    }

    /// Where it sends the browser.
    pub(crate) fn location(&self) -> &str {
        self.leads_to().unwrap_or_else(|| panic!("{}: {}", self.status, self.text()))
    }

    /// The cookies that it sets, whole.
    pub(crate) fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all(SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap()).collect()
    }

    /// A header's text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The reference that people are to tell.
    pub(crate) fn reference(&self) -> String {
        self.all(".reference").into_iter().next().unwrap_or_else(|| panic!("no reference: {}", self.text()))
    }

    /// What a person can read, in one line.
    pub(crate) fn text(&self) -> String {
        let html = Html::parse_document(&self.body);
        html.select(&Selector::parse("body").unwrap()).next().map(line).unwrap_or_default()
    }

    /// The page's one heading.
    pub(crate) fn heading(&self) -> String {
        self.all("h1").into_iter().next().unwrap_or_default()
    }

    /// The texts of all elements that fit.
    pub(crate) fn all(&self, selector: &str) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).unwrap();
        html.select(&selector).map(line).collect()
    }

    /// The values of an attribute of all elements that fit.
    pub(crate) fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).unwrap();
        html.select(&selector).filter_map(|element| element.value().attr(name).map(str::to_owned)).collect()
    }

    /// The fields of the form with that action, as a browser would send them.
    pub(crate) fn form(&self, action: &str) -> Vec<(String, String)> {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse(&format!("form[action='{action}']")).unwrap();
        let form = html.select(&selector).next().unwrap_or_else(|| panic!("no form {action}: {}", self.body));
        let controls = Selector::parse("input, select").unwrap();
        let mut fields = Vec::new();
        for control in form.select(&controls) {
            let Some(name) = control.attr("name") else { continue };
            let box_without_tick = control.attr("type") == Some("checkbox") && control.attr("checked").is_none();
            if control.value().name() == "select" {
                let chosen = Selector::parse("option[selected]").unwrap();
                if let Some(option) = control.select(&chosen).next() {
                    fields.push((name.to_owned(), option.attr("value").unwrap_or_default().to_owned()));
                }
            } else if !box_without_tick {
                fields.push((name.to_owned(), control.attr("value").unwrap_or_default().to_owned()));
            }
        }
        fields
    }
}

/// What stands in an element, in one line. Only elements within a sentence are no spaces in it.
fn line(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    collect(element, &mut text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn collect(element: ElementRef<'_>, text: &mut String) {
    for child in element.children() {
        if let Some(words) = child.value().as_text() {
            text.push_str(words);
        } else if let Some(inner) = ElementRef::wrap(child) {
            let name = inner.value().name();
            let within = matches!(name, "a" | "b" | "bdi" | "i" | "span" | "time");
            if name == "noscript" || inner.value().attr("hidden").is_some() {
                continue;
            }
            text.push_str(if within { "" } else { " " });
            collect(inner, text);
            text.push_str(if within { "" } else { " " });
        }
    }
}
