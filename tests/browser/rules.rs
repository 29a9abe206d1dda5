//! The rules of every page, held on the pages as they are really served.

use serde_json::{Value, json};

use crate::{axe, browser::Browser, screens, tour, world::World};

/// What a page looks like at this size.
const MEASURE: &str = r#"
const shown = (element) => element.checkVisibility() && element.getClientRects().length > 0;
const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
const box = (element) => element.getBoundingClientRect();
const name = (element) => (element.getAttribute("aria-label") || element.innerText || element.name || element.tagName).trim();
const inView = (element) => box(element).top >= 0 && box(element).bottom <= innerHeight;
// A link within a sentence is as high as its line (WCAG 2.2, 2.5.8).
const inSentence = (element) => element.tagName === "A" && getComputedStyle(element).display === "inline";
const unseen = (element) => box(element).width <= 1 || box(element).right <= 0;
const target = (element) => element.type === "checkbox" ? element.closest("label") : element;
const headings = all("h1");
const primaries = all("main .primary");
return {
  headings: headings.length,
  primaries: primaries.map(name),
  first_view: headings.concat(primaries).filter((element) => !inView(element)).map(name),
  small: all("a, button, input:not([type=hidden]), select, textarea, summary")
    .filter((element) => !inSentence(element) && !unseen(element) && box(target(element)).height < 43.5)
    .map((element) => `${name(element)}: ${box(target(element)).height}`),
  small_inputs: all("input:not([type=hidden]), select, textarea")
    .filter((element) => parseFloat(getComputedStyle(element).fontSize) < 16).map(name),
  cut: all("*").filter((element) => getComputedStyle(element).textOverflow === "ellipsis")
    .filter((element) => element.scrollWidth > element.clientWidth).map(name),
  wider_by: document.documentElement.scrollWidth - document.documentElement.clientWidth,
};
"#;

/// Pages with a list of equals to choose from have no single main press.
const WITHOUT_PRIMARY: [&str; 5] =
    ["start", "choose", "choose-connected", "host-connections", "host-behind-the-scenes"];
/// Those whose heading and main press are seen at once (the others may be long forms).
const FIRST_VIEW: [&str; 10] = [
    "start",
    "connect",
    "key-saved",
    "linked",
    "cancelled",
    "administrator",
    "asking",
    "checking",
    "other-browser",
    "switch",
];

/// Those that are pictured in Arabic too.
const READ_FROM_THE_RIGHT: [&str; 6] = ["start", "choose-connected", "connect", "linked", "manage", "disconnect"];

#[tokio::test]
async fn every_page_keeps_the_rules() {
    let world = World::on_one_site().await;
    let mut browser = Browser::open().await;
    let mut broken = Vec::new();
    tour::through_all_pages(&world, &mut browser, async |page, browser: &Browser| {
        let mut hold = |what: &str, holds: bool, seen: &Value| {
            if !holds {
                broken.push(format!("{page}: {what}: {seen}"));
            }
        };
        let seen = measured(browser, 375, 667, 16).await;
        hold("one heading", seen["headings"] == 1, &seen["headings"]);
        let primaries = seen["primaries"].as_array().unwrap().len();
        let wanted = usize::from(!WITHOUT_PRIMARY.contains(&page));
        hold("one primary button", primaries == wanted, &seen["primaries"]);
        if FIRST_VIEW.contains(&page) {
            hold("seen without scrolling", seen["first_view"] == json!([]), &seen["first_view"]);
        }
        hold("targets of 44 px", seen["small"] == json!([]), &seen["small"]);
        hold("inputs of 16 px", seen["small_inputs"] == json!([]), &seen["small_inputs"]);
        for (width, size, what) in [(320, 16, "fits 320 px"), (375, 32, "fits with text of 200 %")] {
            let seen = measured(browser, width, 667, size).await;
            hold(what, seen["wider_by"] == 0, &seen["wider_by"]);
            hold("nothing is cut off", seen["cut"] == json!([]), &seen["cut"]);
        }
        for scheme in ["light", "dark"] {
            let violations = axe::says(browser, scheme).await.violations;
            hold("axe objects to nothing", violations.is_empty(), &json!(violations));
        }
        screens::take(page, browser).await;
        if READ_FROM_THE_RIGHT.contains(&page) {
            screens::take_in("ar", page, browser).await;
        }
    })
    .await;
    browser.has_nothing_to_complain_of().await;
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

async fn measured(browser: &Browser, width: u32, height: u32, text: u32) -> Value {
    browser.is_a_phone(width, height, text).await;
    browser.run(MEASURE).await
}

#[tokio::test]
async fn the_list_stays_where_it_is_while_it_loads() {
    let world = World::on_three_sites().await;
    let mut browser = Browser::open().await;
    browser.is_a_phone(375, 667, 16).await;
    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    browser.arrives("Choose an app").await;
    assert!(browser.layout_shift().await == 0.0);
}
