//! The pictures in `docs/screens`: taken when `GANGWAY_SCREENS` names a folder.

use std::path::PathBuf;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::browser::Browser;

/// Takes the page's four pictures, if they are wanted: phone and desk, light and dark.
pub(crate) async fn take(page: &str, browser: &Browser) {
    let Some(folder) = std::env::var_os("GANGWAY_SCREENS").map(PathBuf::from) else { return };
    std::fs::create_dir_all(&folder).unwrap();
    browser.devtools("Emulation.setScrollbarsHidden", json!({ "hidden": true })).await;
    for (width, height) in [(375, 667), (1280, 800)] {
        for scheme in ["light", "dark"] {
            browser.prefers("prefers-color-scheme", scheme).await;
            let picture = first_views(browser, width, height).await;
            std::fs::write(folder.join(format!("{page}-{width}-{scheme}.png")), picture).unwrap();
        }
    }
    browser.prefers_nothing().await;
    browser.devtools("Emulation.setScrollbarsHidden", json!({ "hidden": false })).await;
    browser.is_a_desk().await;
}

/// The same of the page in another language, as somebody chooses it, and back to English.
pub(crate) async fn take_in(language: &str, page: &str, browser: &Browser) {
    if std::env::var_os("GANGWAY_SCREENS").is_none() {
        return;
    }
    let mut url = browser.url().await;
    let english = url.clone();
    url.query_pairs_mut().append_pair("language", language);
    browser.goto(url.as_str()).await;
    take(&format!("{page}-{language}"), browser).await;
    url = english;
    url.query_pairs_mut().append_pair("language", "en");
    browser.goto(url.as_str()).await;
}

/// The page in a window that is as high as it is, from one view to one and a half.
async fn first_views(browser: &Browser, width: u32, height: u32) -> Vec<u8> {
    browser.is_a_phone(width, height, 16).await;
    let high = browser.run("return document.documentElement.scrollHeight").await.as_u64().unwrap();
    browser.is_a_phone(width, u32::try_from(high).unwrap().clamp(height, height * 3 / 2), 16).await;
    browser.run("scrollTo(0, 0)").await;
    let answer = browser.devtools("Page.captureScreenshot", json!({ "format": "png" })).await;
    STANDARD.decode(answer["data"].as_str().unwrap()).unwrap()
}
