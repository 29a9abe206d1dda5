//! Each way of signing in to an app: keys, sign-ins, several ways at one app, and the host's own OAuth app.

use gangway::{config::ConnectorSettings, sandbox::Route};

use crate::app::TestApp;

#[tokio::test]
async fn a_key_is_saved_and_not_yet_called_working() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    for (connector, answers, heading, button) in [
        ("shippo", vec![("data.token", "shippo_live_1")], "Shippo key saved", "Save key"),
        ("trello", vec![("data.apiKey", "k"), ("data.token", "t")], "Trello key saved", "Save key"),
        ("mailgun", vec![("data.password", "key-1")], "Mailgun key saved", "Save key"),
    ] {
        let page = browser.get(&format!("/connectors/{connector}")).await;
        assert_eq!(page.all("form button.primary"), [button]);
        let secrets = page.attributes("input[type=password]", "name");
        assert!(!secrets.is_empty() && page.attributes("input[type=password]", "value").is_empty(), "{connector}");
        let saved = browser.submit(&page, &format!("/connectors/{connector}/link"), &answers).await;
        let done = browser.get(saved.location()).await;
        assert_eq!((done.status, done.heading().as_str()), (200, heading));
        assert!(done.text().contains("Acme Notes will check it the first time it is used"), "{}", done.text());
        let attempt = app.last_attempt("jane", connector).await;
        assert_eq!((attempt["state"].as_str(), attempt["reason"].as_str()), (Some("linked"), Some("key_saved")));
        let connection = app.connections("jane").await.into_iter().find(|known| known["connector"] == connector);
        assert_eq!(connection.unwrap()["credential_id"], attempt["credential_id"]);
    }
    assert_eq!(app.events("jane").await.len(), 6);
}

#[tokio::test]
async fn where_there_are_several_ways_the_user_chooses() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let page = browser.get("/connectors/hubspot").await;
    assert_eq!(page.all("nav.tabs a"), ["Sign in at HubSpot", "Access key"]);
    assert_eq!(page.all("nav.tabs a[aria-current]"), ["Sign in at HubSpot"]);
    let other = browser.get(&page.attributes("nav.tabs a:not([aria-current])", "href")[0]).await;
    assert_eq!(other.all("nav.tabs a[aria-current]"), ["Access key"]);
    // A mistake stays in the way that was chosen.
    let again = browser.submit(&other, "/connectors/hubspot/link", &[]).await;
    assert_eq!((again.status, again.all("nav.tabs a[aria-current]")), (422, vec!["Access key".to_owned()]));
    let saved = browser.submit(&again, "/connectors/hubspot/link", &[("data.accessToken", "pat-1")]).await;
    assert_eq!(browser.get(saved.location()).await.heading(), "HubSpot key saved");
    let call = app.sandbox.calls().into_iter().rfind(|call| call.route == Some(Route::CreateCredential)).unwrap();
    assert_eq!(call.json()["authenticationType"], "privateApp");
}

#[tokio::test]
async fn an_app_that_the_host_has_to_set_up_says_so() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let page = browser.get("/connectors/microsoftDynamicsBC").await;
    assert_eq!(page.heading(), "This app is not set up yet");
    assert_eq!(page.all("a.primary"), ["Choose another app"]);
    let token = browser.get("/connectors/slack").await.form("/connectors/slack/link").remove(0);
    let pressed = browser.post("/connectors/microsoftDynamicsBC/link", &[(token.0.as_str(), token.1.as_str())]).await;
    assert_eq!((pressed.status, pressed.heading().as_str()), (503, "This app is not set up yet"));
    assert_eq!(app.sandbox.count(Route::CreateCredential), 0);
}

#[tokio::test]
async fn set_up_it_is_allowed_under_the_hosts_own_name() {
    let app = TestApp::spawn_with(|settings| {
        let table = ConnectorSettings {
            enabled: true,
            auth_config_id: Some("67a37f29e0aa276e50d7253a".to_owned()),
            consent_name: Some("Acme Notes".to_owned()),
            permissions: vec!["Read your invoices".to_owned()],
            ..ConnectorSettings::default()
        };
        settings.connectors.each.insert("microsoftdynamicsbc".to_owned(), table);
    })
    .await;
    let mut browser = app.arrived().await;
    let page = browser.get("/connectors/microsoftDynamicsBC").await;
    assert!(page.text().contains("Read your invoices"), "{}", page.text());
    assert!(page.text().contains("asks you to allow Acme Notes"), "{}", page.text());
    let done = browser.link_and_allow(&app.sandbox, "microsoftDynamicsBC").await;
    assert_eq!(done.heading(), "Microsoft Dynamics BC is connected");
    let call = app.sandbox.calls().into_iter().rfind(|call| call.route == Some(Route::CreateCredential)).unwrap();
    assert_eq!(call.json()["authConfigId"], "67a37f29e0aa276e50d7253a");
}
