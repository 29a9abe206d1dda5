//! Failures of the API, as the host's server reads them.

use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn every_problem_of_the_api_carries_the_number_under_which_the_log_has_it() {
    let app = TestApp::spawn().await;
    let wrong_field = json!({ "user": { "id": "jane" }, "colour": "red" });
    for (method, path, body, status, kind) in [
        ("GET", "/link-attempts/nothing", None, 404, "not-found"),
        ("GET", "/nowhere", None, 404, "not-found"),
        ("PUT", "/connect-sessions", None, 405, "method-not-allowed"),
        ("POST", "/connect-sessions", None, 415, "unsupported-type"),
        ("POST", "/connect-sessions", Some(wrong_field), 422, "invalid-field"),
    ] {
        let (answered, problem) = app.api(method, path, body).await;
        assert_eq!(answered, status, "{method} {path}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("{}/problems/{kind}", app.url));
        assert_eq!(problem["reference"].as_str().unwrap().len(), 9);
    }
}
