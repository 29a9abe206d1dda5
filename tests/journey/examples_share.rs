//! The examples share a note to what was connected, with both ids, and ask for reconnecting where the app refuses.

use gangway::sandbox::{Call, Fault, Route};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::{
    acme::{Acme, Host},
    app::TestApp,
    browser::{Browser, Page},
    examples::{in_each_language, said, shell},
    proof::asks,
};

in_each_language!(
    note_reaches_the_chosen_account,
    refused_connection_is_reported_and_made_anew,
    rate_limit_is_waited_for_within_bounds,
    failures_of_others_blame_no_connection,
    connection_without_its_ids_is_never_used,
    stored_choice_follows_the_events
);

/// The product, with one Slack connected.
async fn connected(name: &str) -> Acme {
    let acme = Acme::open(name, |_| ()).await;
    acme.arrived().await.link_and_allow(&acme.app.sandbox, "slack").await;
    acme
}

impl Acme {
    /// Shares a note by the form of the front page, which may choose an account.
    async fn share(&self, note: &str, credential: Option<&str>) -> Page {
        let home = self.home().await;
        let chosen = credential.map(|credential| ("credential", credential));
        let answers: Vec<_> = [("note", note)].into_iter().chain(chosen).collect();
        self.browser().submit(&home, "/share", &answers).await
    }

    fn executed(&self) -> Vec<Call> {
        self.app.sandbox.calls().into_iter().filter(|call| call.route == Some(Route::Execute)).collect()
    }

    /// Credential ids that the form offers, and the one that is chosen already.
    async fn offered(&self) -> (Vec<String>, Vec<String>) {
        let (home, options) = (self.home().await, "form[action='/share'] option");
        (home.attributes(options, "value"), home.attributes(&format!("{options}[selected]"), "value"))
    }

    /// Goes through a hand-over that asks for a connection to be made anew; gives the attempt.
    async fn reconnected(&self, page: &Page) -> Value {
        let (mut browser, location) = self.handed_over_to(page).await;
        let mut asked = browser.get(&location).await;
        while let Some(next) = asked.leads_to() {
            asked = browser.get(next).await;
        }
        assert_eq!(asked.heading(), "Connect Slack to Acme Notes again");
        let leaving = browser.submit(&asked, "/connectors/slack/link", &[]).await;
        let back = self.app.sandbox.approve(leaving.location()).unwrap().unwrap();
        browser.come_back(&back).await;
        self.app.last_attempt("user-1", "slack").await
    }

    async fn status_of(&self, credential: &str) -> Value {
        let connections = self.app.connections("user-1").await;
        connections.iter().find(|one| one["credential_id"] == credential).expect("it is listed")["status"].clone()
    }
}

async fn note_reaches_the_chosen_account(name: &str) {
    let acme = Acme::open(name, |_| ()).await;
    let page = acme.share("Before the first connection", None).await;
    acme.handed_over(&page).await.link_and_allow(&acme.app.sandbox, "slack").await;
    acme.arrived().await.link_and_allow(&acme.app.sandbox, "slack").await;
    let (offered, chosen) = acme.offered().await;
    assert_eq!((offered.len(), chosen.len()), (2, 1));
    let other = offered.iter().find(|one| **one != chosen[0]).unwrap();
    let note = "Bread, \"milk\" & <b>tea</b>\\";
    let shared = acme.share(note, Some(other)).await;
    assert_eq!(shared.status, 303, "{}", shared.text());
    let page = acme.browser().get(shared.location()).await;
    assert_eq!(page.all("[role=status]"), ["Your note is in #general."]);
    let [call] = &acme.executed()[..] else { panic!("one call") };
    let user = acme.app.sandbox.user("gangway-user-1").unwrap().user_id;
    assert_eq!(call.header("x-alloy-userid"), Some(user.as_str()));
    assert_eq!(call.json(), json!({ "credentialId": other, "requestBody": { "channel": "#general", "text": note } }));
    let [message] = &acme.app.sandbox.messages()[..] else { panic!("one message") };
    assert_eq!((message.channel.as_str(), message.text.as_str()), ("general", note));
    assert_eq!(acme.offered().await.1, [other.as_str()], "the choice is stored");

    // An id that is not among this user's connections is never used.
    let strange = acme.share("For another person", Some("67a37f29e0aa276e50d7253a")).await;
    acme.handed_over(&strange).await;
    assert_eq!(acme.executed().len(), 1);
}

async fn refused_connection_is_reported_and_made_anew(name: &str) {
    let acme = connected(name).await;
    let (offered, _) = acme.offered().await;
    assert!(acme.app.sandbox.revoke_credential(&offered[0]));
    for fault in [None, Some(Fault::RefusedInBody.into()), Some(Fault::RefusedStatus.with(403))] {
        acme.app.sandbox.switch_all_off();
        fault.into_iter().for_each(|fault| acme.app.sandbox.switch_on(fault));
        let page = acme.share("Hello", Some(&offered[0])).await;
        let asked = ["Slack does not accept this connection any more. Connect it again."];
        assert_eq!((page.status, page.all("[role=status]")), (200, asked.map(Into::into).to_vec()), "{fault:?}");
        assert_eq!(acme.status_of(&offered[0]).await, "needs_reconnect");
    }
    acme.app.sandbox.switch_all_off();
    let home = acme.home().await;
    assert_eq!(home.all("strong"), ["Needs attention"]);
    assert!(acme.offered().await.0.is_empty(), "it is not offered");
    assert_eq!(home.attributes("form[action='/connect'] button[name=reconnect]", "value"), offered);
    acme.app.until("the event", async || acme.told().await.contains(&"connection.needs_reconnect slack".into())).await;

    let page = acme.browser().submit(&home, "/connect", &[("reconnect", &offered[0])]).await;
    let attempt = acme.reconnected(&page).await;
    assert_eq!((&attempt["state"], &attempt["replaces"]), (&json!("linked"), &json!(offered[0])), "{attempt}");
    let anew = attempt["credential_id"].as_str().unwrap();
    acme.app.until("the choice", async || acme.offered().await.1 == [anew]).await;
    // The other form of an answer is understood as well.
    acme.app.sandbox.switch_on(Fault::ResultForm);
    let shared = acme.share("Hello again", Some(anew)).await;
    assert_eq!(shared.status, 303, "{}", shared.text());
    assert_eq!(acme.app.sandbox.messages().last().unwrap().text, "Hello again");
}

async fn rate_limit_is_waited_for_within_bounds(name: &str) {
    let acme = connected(name).await;
    acme.app.sandbox.switch_on(Fault::RateLimited.with(1).on(Route::Execute).times(1));
    assert_eq!(acme.share("Hello", None).await.status, 303);
    assert_eq!((acme.executed().len(), acme.app.sandbox.messages().len()), (2, 1));
    acme.app.sandbox.switch_on(Fault::RateLimited.with(3600).on(Route::Execute));
    let page = acme.share("Hello", None).await;
    assert_eq!(
        (page.status, page.all("[role=alert]")),
        (502, vec!["Alloy is busy. Please try again in a minute.".into()])
    );
    assert_eq!(acme.executed().len(), 3, "an hour is not waited for");
}

async fn failures_of_others_blame_no_connection(name: &str) {
    let acme = connected(name).await;
    let (offered, _) = acme.offered().await;
    for fault in [Fault::KeyRefused, Fault::ServerErrors, Fault::ActionFails, Fault::NotJson, Fault::NotServed] {
        acme.app.sandbox.switch_on(fault.on(Route::Execute));
        let calls = acme.executed().len();
        let page = acme.share("Hello", None).await;
        let alert = page.all("[role=alert]");
        assert!(page.status == 502 && alert[0].starts_with("Alloy did not confirm the action: "), "{fault}: {alert:?}");
        assert_eq!(acme.executed().len(), calls + 1, "{fault}: it may have been done, and is not repeated");
        acme.app.sandbox.switch_off(fault);
    }
    assert_eq!(acme.status_of(&offered[0]).await, "connected");
}

async fn stored_choice_follows_the_events(name: &str) {
    let acme = Acme::open(name, |settings| asks(settings, "slack", "whoami", Some("Workspace"))).await;
    acme.arrived().await.link_and_allow(&acme.app.sandbox, "slack").await;
    let (first, _) = acme.offered().await;
    assert_eq!(acme.share("Hello", None).await.status, 303);
    let again = async |credential: &str| {
        let home = acme.home().await;
        let page = acme.browser().submit(&home, "/connect", &[("reconnect", credential)]).await;
        let attempt = acme.reconnected(&page).await;
        assert_eq!(attempt["replaces"], credential);
        attempt["credential_id"].as_str().unwrap().to_owned()
    };
    let second = again(&first[0]).await;
    acme.app.until("the choice", async || acme.offered().await.1 == [second.as_str()]).await;
    // Another account is no replacement for what was chosen.
    acme.app.sandbox.name_account("Beta Club");
    again(&second).await;
    acme.app.until("the choice", async || acme.offered().await.1 == first).await;
}

/// As a Gangway of an earlier release answers.
async fn connection_without_its_ids_is_never_used(name: &str) {
    let connection = |credential: &str, alloy_user: Value| {
        json!({ "credential_id": credential, "alloy_user_id": alloy_user,
            "connector": "slack", "name": "Slack", "account": null, "status": "connected" })
    };
    let connections = [connection("1", Value::Null), connection("2", json!("")), connection("", json!("5eba"))];
    let [gangway, alloy] = [MockServer::start().await, MockServer::start().await];
    let listed = ResponseTemplate::new(200).set_body_json(json!({ "connections": connections }));
    Mock::given(any()).respond_with(listed).mount(&gangway).await;
    let host = Host::start(name, &gangway.uri(), &alloy.uri()).await;
    let mut browser = Browser::new(&host.url());
    let home = browser.get("/").await;
    for credential in ["1", "2", ""] {
        let page = browser.submit(&home, "/share", &[("note", "Hello"), ("credential", credential)]).await;
        assert_eq!(page.all("[role=alert]"), ["This connection cannot be used: one of its ids is missing."]);
    }
    assert!(alloy.received_requests().await.unwrap().is_empty(), "Alloy would act as the owner of the key");
}

#[tokio::test]
async fn the_shell_shares_and_asks_for_reconnecting() {
    let app = TestApp::spawn().await;
    app.arrived_with(json!({ "user": { "id": "user-1" } })).await.link_and_allow(&app.sandbox, "slack").await;
    let credential = app.connections("user-1").await[0]["credential_id"].as_str().unwrap().to_owned();
    assert!(said(shell(&app, &["actions"])).await.contains("chat_postMessage"));
    let note = "Bread, \"milk\" & \\tea\nand more";
    assert_eq!(said(shell(&app, &["share", &credential, note])).await, "It is in #general.");
    assert_eq!(app.sandbox.messages().last().unwrap().text, note);

    app.sandbox.switch_on(Fault::KeyRefused.on(Route::Execute));
    let (status, lines) = shell(&app, &["share", &credential, "Hello"]).ended().await;
    assert!(!status.success() && lines.concat().contains("Invalid Authorization"), "{lines:?}");
    assert_eq!(app.connections("user-1").await[0]["status"], "connected");
    app.sandbox.switch_all_off();

    assert!(app.sandbox.revoke_credential(&credential));
    let mut program = shell(&app, &["share", &credential, "Hello"]);
    while !program.line().await.unwrap().starts_with("Open this link") {}
    assert_eq!(app.connections("user-1").await[0]["status"], "needs_reconnect");
    let mut browser = app.browser();
    let page = browser.navigate(&program.line().await.unwrap(), "none").await;
    assert_eq!(browser.submit(&page, "/start", &[]).await.status, 307, "{}", page.text());
    let asked = browser.get(&format!("/connectors/slack?replaces={credential}")).await;
    let leaving = browser.submit(&asked, "/connectors/slack/link", &[]).await;
    browser.come_back(&app.sandbox.approve(leaving.location()).unwrap().unwrap()).await;
    assert!(said(program).await.contains("slack is connected for user-1."));
    assert_eq!(app.last_attempt("user-1", "slack").await["replaces"], credential);

    let (status, _) = shell(&app, &["share", "67a37f29e0aa276e50d7253a", "Hello"]).ended().await;
    assert!(!status.success());
}
