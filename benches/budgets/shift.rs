//! Whether a page moves under the eyes while it loads.

use serde_json::json;

use crate::{
    browser::Browser,
    budget::{Budget, Table},
};

const LOOKS: usize = 3;

/// Adds the figures of these pages, on a phone and on a desk, with nothing in the cache.
pub(crate) async fn measure(table: &mut Table, browser: &Browser, pages: &[(&str, &str)]) {
    for (width, height) in [(375, 667), (1280, 800)] {
        browser.is_a_phone(width, height, 16).await;
        let (mut sum, mut most) = (0.0, ("", 0.0));
        for (name, url) in pages {
            let shift = least_shift(browser, url).await;
            sum += shift;
            if shift > most.1 {
                most = (name, shift);
            }
        }
        let names = pages.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let note = if most.0.is_empty() { names } else { format!("most on {}", most.0) };
        table.add(format!("layout shift at {width} px, sum"), sum, Budget::AtMost(0.0), note);
    }
    browser.is_a_desk().await;
}

/// The least of some looks: a shift that the page causes is in each, and a busy machine may paint a page that is half read.
async fn least_shift(browser: &Browser, url: &str) -> f64 {
    let mut least = f64::INFINITY;
    for _ in 0..LOOKS {
        browser.devtools("Network.clearBrowserCache", json!({})).await;
        browser.goto(url).await;
        least = browser.layout_shift().await.min(least);
        if least == 0.0 {
            break;
        }
    }
    least
}
