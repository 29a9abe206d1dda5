//! The store fails in the middle of things.

use crate::app::TestApp;

#[tokio::test]
async fn who_has_a_session_reads_when_to_come_back() {
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
