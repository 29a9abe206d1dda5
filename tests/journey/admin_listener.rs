//! The admin listener, and what the public one does not answer.

use gangway::sandbox::Fault;

use crate::app::TestApp;

#[tokio::test]
async fn health_is_served_to_the_operator_only_and_ignores_outages_of_alloy() {
    let app = TestApp::spawn().await;
    app.sandbox.switch_on(Fault::ServerErrors);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for path in ["/healthz", "/readyz", "/metrics"] {
        let inside = http.get(format!("{}{path}", app.admin_url)).send().await.unwrap();
        assert_eq!(inside.status(), 200, "{path}");
        assert_eq!(app.request("GET", path).send().await.unwrap().status(), 404, "{path}");
    }
    for path in ["/healthz", "/readyz", "/metrics"] {
        let ask = |method: &str| http.request(method.parse().unwrap(), format!("{}{path}", app.admin_url)).send();
        let head = ask("HEAD").await.unwrap();
        assert_eq!(head.status(), 200, "{path}");
        assert!(head.bytes().await.unwrap().is_empty(), "{path}");
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"] {
            let other = ask(method).await.unwrap();
            assert_eq!((other.status().as_u16(), &other.headers()["allow"]), (405, &"GET, HEAD".parse().unwrap()));
        }
    }
    let outside = http.get(format!("{}/connectors", app.admin_url)).send().await.unwrap();
    assert_eq!(outside.status(), 404);
}
