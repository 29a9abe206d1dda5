//! What operators ask, on a listener of its own.

use crate::app::TestApp;

#[tokio::test]
async fn health_and_readiness_answer_on_the_admin_listener_only() {
    let app = TestApp::spawn().await;
    let status = async |url: String| app.browser().get(&url).await.status;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(status(format!("{}{path}", app.admin_url)).await, 200);
        assert_eq!(status(format!("{}{path}", app.url)).await, 404);
    }
    assert_eq!(status(format!("{}/connectors", app.admin_url)).await, 404);
}

#[tokio::test]
async fn an_outage_of_alloy_does_not_take_our_own_pages_down() {
    let app = TestApp::spawn().await;
    app.sandbox.stop().await;
    assert_eq!(app.browser().get(&format!("{}/readyz", app.admin_url)).await.status, 200);
}
