//! An upstream that serves the one documented endpoint only: the apps come from the settings.

use gangway::{
    config::ConnectorSettings,
    sandbox::{Fault, Route},
};
use serde_json::json;
use time::Duration;

use crate::{
    app::{HOST_ORIGIN, TestApp},
    provider::redirect_uri,
};

async fn spawn() -> TestApp {
    let app = TestApp::spawn_with(|settings| {
        settings.connectors.allowed = vec!["slack".to_owned(), "zohoCRM".to_owned()];
        let slack = ConnectorSettings { enabled: true, name: Some("Slack".to_owned()), ..ConnectorSettings::default() };
        settings.connectors.each.insert("slack".to_owned(), ConnectorSettings { id: "slack".to_owned(), ..slack });
    })
    .await;
    app.sandbox.switch_on(Fault::OnlyDocumentedEndpoint);
    app
}

#[tokio::test]
async fn the_settings_stand_in_and_a_return_ends_honestly_as_not_confirmed() {
    let app = spawn().await;
    let id = app.sandbox.add_user("their-own-name", Some("Jane Doe"));
    let user = json!({ "id": "jane", "name": "Jane Doe", "alloy_user_id": id });
    let session = app.session_with(json!({ "user": user })).await;
    let mut browser = app.browser();
    let code = session["start_code"].as_str().unwrap();
    assert_eq!(browser.post_from(HOST_ORIGIN, "/start", &[("code", code)]).await.status, 303);
    let choose = browser.get("/connectors").await;
    assert_eq!(choose.all("section ul.rows b"), ["Slack", "Zoho CRM"]);

    let leaving = browser.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    let page = browser.come_back(&back).await;
    assert_eq!(page.heading(), "Checking with Slack…");
    let call = app.sandbox.calls().into_iter().rfind(|call| call.route == Some(Route::CreateCredential)).unwrap();
    assert_eq!((&call.json()["userId"], call.status), (&json!(id), 200));

    app.clock.pass(Duration::minutes(65));
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!((attempt["state"].as_str(), attempt["reason"].as_str()), (Some("failed"), Some("not_confirmed")));
    assert_eq!(app.events("jane").await, ["link_attempt.ended"]);
}

#[tokio::test]
async fn a_users_own_word_ends_it_where_there_is_no_list() {
    let app = spawn().await;
    let id = app.sandbox.add_user("their-own-name", None);
    let mut browser = app.arrived_with(json!({ "user": { "id": "jane", "alloy_user_id": id } })).await;
    let leaving = browser.leave_for("slack").await;
    let returned = browser.navigate(&redirect_uri(&leaving), "cross-site").await;
    app.clock.pass(Duration::seconds(15));
    let asking = browser.get(returned.location()).await;
    let action = &asking.attributes("form", "action")[0];
    let answered = browser.submit(&asking, action, &[("answer", "canceled")]).await;
    assert_eq!(browser.get(answered.location()).await.heading(), "Slack is not connected");
    assert_eq!(app.last_attempt("jane", "slack").await["reason"], "canceled");
}
