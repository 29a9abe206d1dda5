//! In which language a page speaks.

use reqwest::Method;
use scraper::{Html, Selector};
use serde_json::json;

use crate::{
    app::{HOST_ORIGIN, TestApp},
    browser::{Browser, Page},
};

const COOKIE: &str = "gangway-language";

/// The language and the direction that a page says it has.
fn spoken(page: &Page) -> (String, String) {
    let html = Html::parse_document(&page.body);
    let root = html.select(&Selector::parse("html").unwrap()).next().unwrap();
    (root.attr("lang").unwrap().to_owned(), root.attr("dir").unwrap().to_owned())
}

async fn asks(browser: &mut Browser, path: &str, accepts: &str) -> Page {
    browser.send(Method::GET, path, &[("accept-language", accepts)], None).await
}

#[tokio::test]
async fn the_browser_is_answered_in_a_language_that_it_asks_for() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    for (accepts, tag, heading) in [
        ("de-CH,de;q=0.9,en;q=0.8", "de", "App auswählen"),
        ("fr,ja;q=0.5", "ja", "アプリを選ぶ"),
        ("fr", "en", "Choose an app"),
    ] {
        let page = asks(&mut browser, "/connectors", accepts).await;
        assert_eq!(spoken(&page).0, tag, "{accepts}");
        assert_eq!(page.heading(), heading, "{accepts}");
        assert!(page.set_cookies().is_empty(), "nobody chose anything");
    }
}

#[tokio::test]
async fn the_hosts_wish_counts_more_than_the_browsers_and_the_persons_most() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived_with(json!({ "locale": "ar-EG" })).await;
    assert_eq!(spoken(&asks(&mut browser, "/connectors", "de").await), ("ar".to_owned(), "rtl".to_owned()));
    // A page of a failure knows whose session it is, too.
    assert_eq!(spoken(&asks(&mut browser, "/connectors/nothing", "de").await).0, "ar");

    let chosen = asks(&mut browser, "/connectors?q=slack&language=es", "de").await;
    assert_eq!(spoken(&chosen), ("es".to_owned(), "ltr".to_owned()));
    assert_eq!(chosen.attributes("input[name=q]", "value"), ["slack"]);
    let [cookie] = chosen.set_cookies()[..] else { panic!("{:?}", chosen.set_cookies()) };
    for wanted in [&format!("{COOKIE}=es;"), "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(cookie.contains(wanted), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "{cookie}");
    assert_eq!(spoken(&asks(&mut browser, "/connectors", "de").await).0, "es");
    assert_eq!(spoken(&asks(&mut browser, "/nowhere", "de").await).0, "es");
    let again = asks(&mut browser, "/connectors?language=tlh", "de").await;
    assert_eq!((spoken(&again).0.as_str(), again.set_cookies().len()), ("es", 0), "a language that we do not speak");
}

#[tokio::test]
async fn a_link_of_somebody_elses_chooses_no_language() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    for site in ["cross-site", "same-site", "none"] {
        let page = browser.navigate("/connectors?language=ar", site).await;
        assert_eq!((spoken(&page).0.as_str(), page.set_cookies().len()), ("ar", 0), "{site}");
    }
    assert_eq!(spoken(&browser.get("/connectors").await).0, "en");
    assert_eq!(browser.get("/connectors?language=ar").await.set_cookies().len(), 1, "pressed on a page of ours");
}

#[tokio::test]
async fn every_page_offers_itself_in_every_language() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let page = browser.get("/connectors?category=CRM").await;
    assert_eq!(page.all(".languages a"), ["English", "العربية", "Deutsch", "Español", "日本語"]);
    let german = page.attributes(".languages a[lang=de]", "href").remove(0);
    assert_eq!(german, "/connectors?category=CRM&language=de");
    assert_eq!(browser.get(&german).await.heading(), "App auswählen");
    // A form that came back belongs to the page that it was on.
    let again = browser.link("shopify", &[]).await;
    assert_eq!(again.status, 422);
    let with_options = "/connectors/shopify?method=oauth2&another=1&language=es";
    assert_eq!(again.attributes(".languages a[lang=es]", "href"), [with_options]);
}

#[tokio::test]
async fn a_link_can_be_read_in_another_language_before_it_is_used_up() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({})).await;
    let (mut browser, page) = app.opened(&session).await;
    let german = page.attributes(".languages a[lang=de]", "href").remove(0);
    let page = browser.get(&german).await;
    assert_eq!((page.status, page.heading().as_str()), (200, "Ihre Apps mit Acme Notes verbinden"));
    let pressed = browser.submit(&page, "/start", &[("connector", "slack")]).await;
    assert_eq!(pressed.status, 303, "the code was there still");
    assert_eq!(spoken(&browser.get("/connectors/slack").await).0, "de");
    // A link that does not work any more does not repeat its code.
    let used = app.browser().get(session["url"].as_str().unwrap()).await;
    assert_eq!(used.status, 410);
    assert!(!used.body.contains(session["start_code"].as_str().unwrap()), "{}", used.body);
}

#[tokio::test]
async fn an_odd_cookie_of_the_same_name_harms_nobody() {
    let app = TestApp::spawn().await;
    let browser = app.arrived().await;
    for odd in ["", "de\"", "../../etc", &"x".repeat(2000)] {
        let cookies = format!("a=b; {COOKIE}={odd}");
        let page = browser.clone().send(Method::GET, "/connectors", &[("cookie", &cookies)], None).await;
        assert_eq!((page.status, spoken(&page).0.as_str()), (200, "en"), "{odd}");
    }
}

#[tokio::test]
async fn the_host_chooses_its_languages_and_its_words() {
    let folder = tempfile::tempdir().unwrap();
    let words = "back = Zurück ins Notizbuch\napp-slack-description = Der Team-Chat\n\
                 app-slack-permissions =\n    Kanäle lesen\n    Nachrichten schreiben\n";
    std::fs::write(folder.path().join("de.ftl"), words).unwrap();
    let app = TestApp::spawn_with(|settings| {
        settings.brand.languages = vec!["de".to_owned(), "en".to_owned()];
        settings.brand.phrases = Some(folder.path().to_owned());
    })
    .await;
    let mut browser = app.arrived().await;
    let page = asks(&mut browser, "/connectors", "ja").await;
    assert_eq!(page.all(".languages a"), ["Deutsch", "English"]);
    assert!(page.text().contains("Der Team-Chat") && page.text().contains("Zurück ins Notizbuch"), "{}", page.text());
    let slack = browser.get("/connectors/slack").await;
    assert_eq!(slack.all(".facts li"), ["Kanäle lesen", "Nachrichten schreiben"]);
    let english = browser.get("/connectors/slack?language=en").await;
    assert!(!english.text().contains("Kanäle"), "{}", english.text());
}

#[tokio::test]
async fn a_mistake_is_said_in_the_language_of_the_page() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({ "locale": "de" })).await;
    let mut browser = app.browser();
    browser.post_from(HOST_ORIGIN, "/start", &[("code", session["start_code"].as_str().unwrap())]).await;
    let again = browser.link("shopify", &[]).await;
    let said = again.all(".summary a").remove(0);
    assert!(said.contains("Shop-Name") && said.contains("acme") && !said.contains("Enter"), "{said}");
    assert!(again.all("title").remove(0).starts_with("Bitte prüfen:"), "{:?}", again.all("title"));
}
