//! A sandbox of one's own, a client that speaks to it as the product does, and a browser that a test drives.

use std::net::TcpListener;

use gangway::sandbox::{API_KEY, Control, Fault, Options, Sandbox, Switch};
use reqwest::{Client, Method, RequestBuilder, Response, header::LOCATION, redirect::Policy};
use scraper::{Html, Selector};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

/// Where a link of these tests returns to.
pub(crate) const RETURN: &str = "https://connect.acme.test/callback/s7-x?keep=me";

pub(crate) struct Alloy {
    pub(crate) control: Control,
    client: Client,
}

impl Alloy {
    pub(crate) fn start() -> Self {
        Self::start_with(Vec::new())
    }

    pub(crate) fn start_with(faults: Vec<Switch>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let sandbox = Sandbox::build(listener, Options { faults, ..Options::default() }).unwrap();
        let control = sandbox.control();
        tokio::spawn(sandbox.run_until_stopped());
        Self { control, client: Client::builder().no_proxy().redirect(Policy::none()).build().unwrap() }
    }

    /// With a fault, for tests about it.
    pub(crate) fn with(fault: impl Into<Switch>) -> Self {
        Self::start_with(vec![fault.into()])
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.control.base_url())
    }

    /// A request without any header.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// A request with key and version.
    pub(crate) fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).bearer_auth(API_KEY).header("x-api-version", "2025-09")
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        read(self.call(Method::GET, path)).await
    }

    pub(crate) async fn get_as(&self, user: &str, path: &str) -> (u16, Value) {
        read(self.call(Method::GET, path).header("x-alloy-userid", user)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        read(self.call(Method::POST, path).json(&body)).await
    }

    pub(crate) fn jane(&self) -> String {
        self.control.add_user("acme:jane", Some("Jane Doe"))
    }

    /// Starts a link of that kind; gives the answer.
    pub(crate) async fn start_link(&self, user: &str, connector: &str) -> (u16, Value) {
        let body = json!({"userId": user, "authenticationType": "oauth2", "redirectUri": RETURN});
        self.post(&format!("/connectors/{connector}/credentials"), body).await
    }

    /// Starts a link that must begin; gives its authorization URL.
    pub(crate) async fn authorization_url(&self, user: &str, connector: &str) -> String {
        let (status, answer) = self.start_link(user, connector).await;
        assert_eq!(status, 200, "{answer}");
        answer["oauthUrl"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn listed(&self, user: &str, connector: &str) -> Vec<Value> {
        let (status, answer) = self.get_as(user, &format!("/connectors/{connector}/credentials")).await;
        assert_eq!(status, 200, "{answer}");
        answer["credentials"].as_array().unwrap().clone()
    }

    /// A browser opens the address.
    pub(crate) async fn open(&self, url: &str) -> Response {
        self.client.get(url).send().await.unwrap()
    }

    /// A browser follows the link up to the provider's page.
    pub(crate) async fn consent_page(&self, authorization_url: &str) -> ConsentPage {
        let to_provider = location(&self.open(authorization_url).await);
        let page = self.open(&to_provider).await;
        assert_eq!(page.status(), 200);
        ConsentPage { url: to_provider, html: page.text().await.unwrap() }
    }

    /// Presses a button of the page; gives the provider's address for the browser, or the page that it ends on.
    pub(crate) async fn press(&self, page: &ConsentPage, button: &str) -> Response {
        self.client
            .post(&page.url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(page.form(button))
            .send()
            .await
            .unwrap()
    }

    /// The whole way of a browser: link, press, callback; gives Alloy's last answer.
    pub(crate) async fn walk(&self, authorization_url: &str, button: &str) -> Response {
        let page = self.consent_page(authorization_url).await;
        let callback = location(&self.press(&page, button).await);
        assert!(callback.starts_with(&self.url("/api/strategy/connector/")), "{callback}");
        self.open(&callback).await
    }

    pub(crate) async fn token(&self, form: &[(&str, &str)]) -> (u16, Value) {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        read(
            self.bare(Method::POST, "/provider/slack/token")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(form),
        )
        .await
    }

    pub(crate) fn switch(&self, fault: Fault) -> &Self {
        self.control.switch_on(fault);
        self
    }
}

/// The provider's page, as a browser shows it.
pub(crate) struct ConsentPage {
    pub(crate) url: String,
    pub(crate) html: String,
}

impl ConsentPage {
    pub(crate) fn text(&self) -> String {
        let text: Vec<String> = Html::parse_document(&self.html)
            .select(&Selector::parse("body").unwrap())
            .flat_map(|body| body.text().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        text.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What a browser sends for a press of the button with that text.
    fn form(&self, button: &str) -> String {
        let page = Html::parse_document(&self.html);
        let mut form = form_urlencoded::Serializer::new(String::new());
        for input in page.select(&Selector::parse("form[method=post] input[type=hidden]").unwrap()) {
            form.append_pair(input.attr("name").unwrap(), input.attr("value").unwrap());
        }
        let buttons = Selector::parse("form[method=post] button[type=submit]").unwrap();
        let pressed = page.select(&buttons).find(|one| one.text().collect::<String>().trim() == button);
        let pressed = pressed.expect("the button is on the page");
        form.append_pair(pressed.attr("name").unwrap(), pressed.attr("value").unwrap());
        form.finish()
    }
}

/// Where a redirect leads.
pub(crate) fn location(response: &Response) -> String {
    assert_eq!(response.status(), 302);
    response.headers()[LOCATION].to_str().unwrap().to_owned()
}

/// A parameter of an address.
pub(crate) fn parameter(url: &str, name: &str) -> Option<String> {
    Url::parse(url).unwrap().query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

pub(crate) async fn read(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.expect("a JSON body"))
}

pub(crate) fn is_id(value: &Value) -> bool {
    value.as_str().is_some_and(|id| {
        id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    })
}
