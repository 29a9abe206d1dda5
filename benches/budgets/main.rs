//! What the pages may weigh, how long they may take, and what Lighthouse must say of them. `tests/budgets` prints the
//! figures beside the budgets, and fails if one is over.
//!
//! Gangway, the sandbox and the sample host run in this process as in the tests, and the pages are opened in Chromium.
#![expect(clippy::print_stdout, reason = "a table on standard output is what it is for")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what cannot be measured ends the measuring"
)]

#[expect(dead_code, reason = "the tests do more with a browser")]
#[path = "../../tests/browser/browser.rs"]
mod browser;
mod budget;
#[expect(dead_code, reason = "the tests do more on it")]
#[path = "../../tests/browser/devices.rs"]
mod devices;
#[path = "../../tests/browser/driver.rs"]
mod driver;
#[expect(dead_code, reason = "the tests open all of them")]
#[path = "../../tests/browser/engine.rs"]
mod engine;
mod first_view;
mod lighthouse;
mod shift;
mod thousand;
#[path = "../../tests/browser/tls.rs"]
mod tls;
#[expect(dead_code, reason = "the tests ask for more of it")]
#[path = "../../tests/browser/traffic.rs"]
mod traffic;
mod wire;
#[expect(dead_code, reason = "the tests do more in this world")]
#[path = "../../tests/browser/world.rs"]
mod world;

use std::process::ExitCode;

use browser::Browser;
use budget::Table;
use gangway::web::routes;
use world::World;

#[tokio::main]
async fn main() -> ExitCode {
    let mut table = Table::default();
    first_view::measure(&mut table).await;
    thousand::measure(&mut table).await;
    pages(&mut table).await;
    print!("{table}");
    if table.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The main pages of the journey, as Jane sees them.
async fn pages(table: &mut Table) {
    let world = World::on_one_site().await;
    let mut browser = Browser::open().await;
    let start = world.link().await;
    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    browser.press_app("Slack").await;
    browser.continue_to("Slack").await;
    browser.press("Allow").await;
    browser.arrives("Slack is connected").await;
    let linked = browser.url().await.to_string();
    let choose = world.page(routes::CONNECTORS);
    let connect = world.page(&routes::CONNECTOR.replace("{connector}", "hubspot"));
    let pages = [("choose", choose.as_str()), ("connect", connect.as_str()), ("linked", linked.as_str())];
    shift::measure(table, &browser, &[&[("start", start.as_str())], pages.as_slice()].concat()).await;
    lighthouse::measure(table, &browser, &pages).await;
}
