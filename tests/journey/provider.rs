//! The provider's page, as a person sees it: a link that leads there, and a button to press.

use gangway::sandbox::Control;
use reqwest::{Client, Response, header::LOCATION, redirect::Policy};
use scraper::{Html, Selector};
use url::{Url, form_urlencoded};

/// Opens the authorization URL, presses the button of that text, and follows until the browser is to leave for us.
/// `None`: it stays on a page over there.
pub(crate) async fn press(sandbox: &Control, authorization_url: &str, button: &str) -> Option<String> {
    let http = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
    let to_provider = location(&http.get(authorization_url).send().await.unwrap()).unwrap();
    let page = http.get(&to_provider).send().await.unwrap().text().await.unwrap();
    let request = http.post(&to_provider).header("content-type", "application/x-www-form-urlencoded");
    let to_vendor = location(&request.body(form(&page, button)).send().await.unwrap())?;
    assert!(to_vendor.starts_with(sandbox.base_url()), "{to_vendor}");
    location(&http.get(to_vendor).send().await.unwrap())
}

fn location(response: &Response) -> Option<String> {
    response.headers().get(LOCATION).map(|location| location.to_str().unwrap().to_owned())
}

fn form(page: &str, button: &str) -> String {
    let page = Html::parse_document(page);
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

/// Where the link is to come back to, as it says itself.
pub(crate) fn redirect_uri(authorization_url: &str) -> String {
    let url = Url::parse(authorization_url).unwrap();
    url.query_pairs().find(|(name, _)| name == "redirectUri").unwrap().1.into_owned()
}
