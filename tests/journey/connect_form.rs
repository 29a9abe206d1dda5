//! The form of an app: what it asks, what it does with mistakes, and what it understands.

use gangway::sandbox::Route;

use serde_json::{Value, json};

use crate::{app::TestApp, browser::Page, hostile_schema::with_form, provider::redirect_uri};

fn value(page: &Page, field: &str) -> Vec<String> {
    page.attributes(&format!("[name='{field}']"), "value")
}

/// The `data` that Alloy was sent last.
pub(crate) fn last_data(app: &TestApp) -> Value {
    let sent = app.sandbox.calls().into_iter().rfind(|call| call.route == Some(Route::CreateCredential));
    sent.unwrap().json()["data"].clone()
}

#[tokio::test]
async fn a_mistake_is_told_at_its_field_and_costs_nothing_but_the_keys() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let page = browser.get("/connectors/jira?method=basic").await;
    assert_eq!(page.attributes("[name='data.apiToken']", "type"), ["password"]);
    let answers =
        [("data.siteUrl", "acme.atlassian.net"), ("data.email", "jane"), ("data.apiToken", "a-key-of-the-user")];
    let again = browser.submit(&page, "/connectors/jira/link", &answers).await;
    assert_eq!((again.status, again.heading().as_str()), (422, "Connect Jira to Acme Notes"));
    assert!(again.all(".summary a")[0].starts_with("Enter your e-mail address in full"), "{}", again.text());
    assert_eq!(again.attributes("[aria-invalid=true]", "name"), ["data.email"]);
    assert_eq!(value(&again, "data.siteUrl"), ["acme.atlassian.net"]);
    assert_eq!(value(&again, "data.email"), ["jane"]);
    assert_eq!(value(&again, "data.apiToken"), Vec::<String>::new());
    assert!(!again.body.contains("a-key-of-the-user"));
    assert_eq!(app.sandbox.count(Route::CreateCredential), 0);

    let answers = [("data.email", "jane@acme.test"), ("data.apiToken", "a-key-of-the-user")];
    let saved = browser.submit(&again, "/connectors/jira/link", &answers).await;
    assert_eq!(browser.get(saved.location()).await.heading(), "Jira key saved");
    let call = app.sandbox.calls().into_iter().rfind(|call| call.route == Some(Route::CreateCredential)).unwrap();
    assert_eq!(call.json()["data"]["siteUrl"], "https://acme.atlassian.net");
}

#[tokio::test]
async fn what_is_missing_is_asked_for_by_its_name() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    for (connector, sentence) in [
        ("shopify", "Enter your shop name, for example acme."),
        ("zohoCRM", "Choose your region."),
        ("zendesk", "Enter your Zendesk address, for example acme."),
        ("freshdesk", "Enter your Freshdesk address, for example https://acme.freshdesk.com."),
        ("clover", "Enter your merchant ID, for example ABCDEFGHJKLM1."),
        ("easyShip", "Enter your location ID."),
    ] {
        let again = browser.link(connector, &[]).await;
        assert_eq!(again.status, 422, "{connector}");
        assert!(again.all(".summary a").contains(&sentence.to_owned()), "{connector}: {}", again.text());
    }
    assert_eq!(app.sandbox.count(Route::CreateCredential), 0);
    assert_eq!(app.events("jane").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_pasted_address_is_understood() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    for pasted in ["acme", " acme.myshopify.com ", "https://admin.shopify.com/store/acme/orders?x=1"] {
        let leaving = browser.link("shopify", &[("data.shopName", pasted)]).await;
        assert!(redirect_uri(leaving.location()).starts_with(&app.url), "{pasted}");
        let call = app.sandbox.calls().into_iter().rfind(|call| call.route == Some(Route::CreateCredential)).unwrap();
        assert_eq!(call.json()["data"]["shopName"], "acme", "{pasted}");
    }
}

#[tokio::test]
async fn an_address_that_is_not_the_providers_is_explained_and_sent_nowhere() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let shop = "Enter your shop name from an address that ends in myshopify.com: the part before it, for example acme.";
    let zendesk = "Enter your Zendesk address from an address that ends in zendesk.com: the part before it";
    for (connector, field, typed, sentence) in [
        ("shopify", "data.shopName", "www.acme-shoes.test", shop),
        ("shopify", "data.shopName", "https://shop.acme.test/collections", shop),
        ("shopify", "data.shopName", "acme.myshopify.com:8443", shop),
        ("shopify", "data.shopName", "acme typed<", "This does not look right. Enter your shop name again"),
        ("zendesk", "data.subdomain", "support.acme.test", zendesk),
        ("zendesk", "data.subdomain", "help.eu.zendesk.com", zendesk),
    ] {
        let again = browser.link(connector, &[(field, typed)]).await;
        assert_eq!((again.status, value(&again, field)), (422, vec![typed.to_owned()]), "{typed}");
        assert!(again.all(".summary a")[0].starts_with(sentence), "{typed}: {}", again.text());
    }
    assert_eq!(app.sandbox.count(Route::CreateCredential), 0);
}

#[tokio::test]
async fn what_decides_which_system_is_meant_is_not_dropped() {
    let properties = json!({ "domain": { "type": "string" }, "subdomain": { "type": "string" } });
    let (app, _relay, mut browser) = with_form(&properties).await;
    for (typed, error) in [
        ([("data.domain", "https://jira.acme.test:8443/jira")], "Enter your domain alone, with nothing after it"),
        ([("data.domain", "acme typed<")], "This does not look right. Enter your domain again"),
        ([("data.subdomain", "https://support.acme.test/agent")], "Enter only the part of the address"),
        ([("data.subdomain", "acme typed<")], "This does not look right. Enter your subdomain again"),
    ] {
        let again = browser.link("slack", &typed).await;
        assert_eq!(again.status, 422, "{typed:?}");
        assert!(again.all(".summary a")[0].starts_with(error), "{typed:?}: {}", again.text());
    }
    for (field, typed, sent) in [
        ("domain", "https://jira.acme.test:8443/", "jira.acme.test:8443"),
        ("domain", "https://acme.slack.com/messages", "acme.slack.com"),
        ("subdomain", "acme--uat.sandbox.my", "acme--uat.sandbox.my"),
        ("subdomain", "https://acme.enterprise.slack.com/", "acme.enterprise"),
    ] {
        assert_eq!(browser.link("slack", &[(&format!("data.{field}"), typed)]).await.status, 303, "{typed}");
        assert_eq!(last_data(&app), json!({ field: sent }));
    }
}

#[tokio::test]
async fn answers_that_nobody_offered_are_refused() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let elsewhere = browser.link("zohoCRM", &[("data.region", "mars")]).await;
    assert_eq!(
        (elsewhere.status, elsewhere.attributes("[aria-invalid=true]", "name")),
        (422, vec!["data.region".into()])
    );
    // Fields that the form does not have go nowhere.
    let more = [("data.region", "eu"), ("data.admin", "true"), ("userId", "somebody"), ("data.region", "mars")];
    let page = browser.get("/connectors/zohoCRM").await;
    assert_eq!(browser.submit(&page, "/connectors/zohoCRM/link", &more[..3]).await.status, 303);
    let call = app.sandbox.calls().into_iter().rfind(|call| call.route == Some(Route::CreateCredential)).unwrap();
    assert_eq!(call.json()["data"], serde_json::json!({ "region": "eu" }));
    assert_ne!(call.json()["userId"], "somebody");
}

#[tokio::test]
async fn markup_in_an_answer_stays_text() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let again = browser.link("clover", &[("data.merchantId", "\"><script>alert(1)</script>")]).await;
    assert_eq!(again.status, 422);
    assert!(!again.body.contains("<script>alert"), "{}", again.body);
    assert_eq!(value(&again, "data.merchantId"), ["\"><script>alert(1)</script>"]);
}
