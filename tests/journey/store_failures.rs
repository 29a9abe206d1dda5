//! Failures of the store within a request.

use crate::app::{HOST_ORIGIN, TestApp};

#[tokio::test]
async fn failing_store_shows_a_temporary_problem() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    app.in_the_database("alter table browser rename to gone").await;
    let page = jane.get("/connectors").await;
    assert_eq!(page.status, 503, "{}", page.text());
    assert!(page.heading().contains("does not answer right now"), "{}", page.text());
    assert_eq!(page.header("cache-control"), "no-store");
    app.in_the_database("alter table gone rename to browser").await;
    assert_eq!(jane.get("/connectors").await.status, 200);
}

#[tokio::test]
async fn failed_redemption_leaves_the_start_code_usable() {
    let app = TestApp::spawn().await;
    let session = app.session_with(serde_json::json!({})).await;
    let code = session["start_code"].as_str().unwrap();
    app.in_the_database("alter table browser rename to gone").await;
    let page = app.browser().post_from(HOST_ORIGIN, "/start", &[("code", code)]).await;
    assert!(page.status >= 500 && page.set_cookies().is_empty(), "{}", page.text());
    app.in_the_database("alter table gone rename to browser").await;
    let mut browser = app.browser();
    let page = browser.post_from(HOST_ORIGIN, "/start", &[("code", code)]).await;
    assert_eq!((page.status, page.set_cookies().len()), (303, 1), "{}", page.text());
    assert_eq!(browser.get("/connectors").await.status, 200);
}
