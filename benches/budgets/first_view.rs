//! The first list view of a user with 24 apps to choose from: what it weighs, and what it asks for.

use gangway::web::routes;
use scraper::{Html, Selector};
use serde_json::json;
use url::Url;

use crate::{
    browser::Browser,
    budget::{Budget, Table},
    wire::Wire,
    world::World,
};

/// How many apps there are to choose from.
const APPS: usize = 24;

/// What a first flight of a new connection carries (ten packets).
const FIRST_FLIGHT: f64 = 14_000.0;
const SCRIPT: f64 = 4_000.0;
/// Beside pictures: the page, its stylesheet and its script.
const REQUESTS: f64 = 3.0;

/// Adds its figures.
pub(crate) async fn measure(table: &mut Table) {
    let mut ids = Vec::new();
    let world = World::with("localhost", "localhost", |settings| {
        ids.extend(settings.connectors.each.values().map(|app| app.id.clone()).take(APPS));
        // The colour of a host would be one stylesheet more.
        settings.brand.color = None;
    })
    .await;
    let list = world.page(routes::CONNECTORS);
    let mut browser = Browser::open().await;
    browser.goto(&world.link_with(json!({ "connectors": ids })).await).await;
    browser.press_app("HubSpot").await;
    browser.arrives("Connect HubSpot to Acme Notes").await;
    weight(table, &Wire::of(&browser, &list).await, &list).await;
    asked(table, &browser, &list).await;
}

/// The page with its stylesheets, and its script.
async fn weight(table: &mut Table, wire: &Wire, list: &str) {
    let html = wire.read(list).await;
    let (rows, styles, scripts) = parts(&html, &list.parse().unwrap());
    assert_eq!(rows, APPS, "apps on the page");
    let page = wire.get(list).await.bytes;
    let (style, script) = (sum(wire, &styles).await, sum(wire, &scripts).await);
    let note = format!("page {page}, styles {style}");
    table.add(
        "first list view, 24 apps: HTML and CSS, bytes",
        figure(page + style),
        Budget::AtMost(FIRST_FLIGHT),
        note,
    );
    table.add("script, bytes", figure(script), Budget::AtMost(SCRIPT), "");
}

/// How many apps a page lists, and the addresses of its stylesheets and scripts.
fn parts(html: &str, base: &Url) -> (usize, Vec<Url>, Vec<Url>) {
    let page = Html::parse_document(html);
    let addresses = |selector, attribute| {
        let selector = Selector::parse(selector).unwrap();
        let found = page.select(&selector).filter_map(|element| element.attr(attribute));
        found.map(|address| base.join(address).unwrap()).collect()
    };
    let rows = page.select(&Selector::parse("a.row").unwrap()).count();
    (rows, addresses("link[rel=stylesheet]", "href"), addresses("script[src]", "src"))
}

async fn sum(wire: &Wire, addresses: &[Url]) -> usize {
    let mut bytes = 0;
    for address in addresses {
        bytes += wire.get(address.as_str()).await.bytes;
    }
    bytes
}

/// What Chromium asks for, with nothing in its cache.
async fn asked(table: &mut Table, browser: &Browser, list: &str) {
    browser.devtools("Network.clearBrowserCache", json!({})).await;
    browser.requests().await;
    browser.goto(list).await;
    browser.arrives("Choose an app").await;
    let requests = browser.requests().await;
    let requests = requests.iter().map(|(_, kind, url)| (kind, url.parse::<Url>().unwrap()));
    let requests: Vec<_> = requests.filter(|(_, url)| url.scheme() != "data").collect();
    let own = list.parse::<Url>().unwrap().origin();
    let elsewhere = requests.iter().filter(|(_, url)| url.origin() != own).count();
    // Chromium calls what stands in the tab's corner another kind of thing.
    let picture = |kind: &str, url: &Url| kind == "Image" || url.path().ends_with(".svg");
    let others: Vec<&str> =
        requests.iter().filter(|(kind, url)| !picture(kind, url)).map(|(kind, _)| kind.as_str()).collect();
    table.add("requests beside pictures", figure(others.len()), Budget::AtMost(REQUESTS), others.join(", "));
    table.add("requests to other origins", figure(elsewhere), Budget::AtMost(0.0), "");
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
pub(crate) fn figure(number: usize) -> f64 {
    number as f64
}
