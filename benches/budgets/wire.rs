//! Pages as a browser with a live session gets them over the wire.

use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, COOKIE};
use serde_json::json;

use crate::browser::Browser;

/// Asks as a browser would, and keeps the answers as they come.
pub(crate) struct Wire {
    http: reqwest::Client,
    cookie: String,
}

/// One answer.
pub(crate) struct Answer {
    /// Its body, compressed.
    pub bytes: usize,
    /// From the question to the last byte.
    pub took: Duration,
}

impl Wire {
    /// With the cookies that the browser has for that address.
    pub(crate) async fn of(browser: &Browser, url: &str) -> Self {
        let kept = browser.devtools("Network.getCookies", json!({ "urls": [url] })).await;
        let cookies = kept["cookies"].as_array().unwrap().iter();
        let pairs = cookies.map(|one| format!("{}={}", one["name"].as_str().unwrap(), one["value"].as_str().unwrap()));
        let cookie = pairs.collect::<Vec<_>>().join("; ");
        Self { http: reqwest::Client::builder().no_proxy().build().unwrap(), cookie }
    }

    /// Asks for an address in a browser's usual encodings; it comes in the best of them.
    pub(crate) async fn get(&self, url: &str) -> Answer {
        let began = Instant::now();
        let request = self.http.get(url).header(COOKIE, &self.cookie).header(ACCEPT_ENCODING, "gzip, deflate, br");
        let answer = request.send().await.unwrap().error_for_status().unwrap();
        assert_eq!(answer.headers()[CONTENT_ENCODING], "br", "{url}");
        let bytes = answer.bytes().await.unwrap().len();
        Answer { bytes, took: began.elapsed() }
    }

    /// The same address as text.
    pub(crate) async fn read(&self, url: &str) -> String {
        let request = self.http.get(url).header(COOKIE, &self.cookie);
        request.send().await.unwrap().error_for_status().unwrap().text().await.unwrap()
    }
}
