//! The page with the apps: what can be connected, what is, and what needs attention.

use reqwest::header::{ACCEPT, ORIGIN};
use serde_json::{Value, json};

use super::{SESSION, START_CODE, WATCH, World, attempt, slack};

#[actix_web::test]
async fn apps_are_shown_with_pictures_and_a_button_each() {
    let mut world = World::start().await;
    world.gangway_lists("jane", json!([])).await;
    world.gangway_offers(&["notion", "off", "slack"]).await;
    let page = world.open("/connections").await;
    assert_eq!(page.texts(".apps h3"), ["The slack", "The notion"], "one is switched off");
    let pictures = ["https://connect.acme.test/icons/slack", "https://connect.acme.test/icons/notion"];
    assert_eq!(page.attributes(".apps img", "src"), pictures);
    assert_eq!(page.attributes(".apps gangway-connect > form[method=post] > input", "value"), ["slack", "notion"]);
    assert_eq!(page.attributes(".apps button", "aria-label"), ["Connect The slack", "Connect The notion"]);
    let script = "script[type=module][src='https://connect.acme.test/embed/v1.js']";
    assert_eq!(page.texts(script).len(), 1, "{}", page.html);
}

#[actix_web::test]
async fn connections_are_shown_with_their_accounts_and_what_needs_attention_first() {
    let mut world = World::start().await;
    let odd = json!({ "credential_id": "c3", "connector": "gone", "name": "Jane's old app", "account": null });
    world.gangway_lists("jane", json!([odd, slack("c1", "connected"), slack("c2", "needs_reconnect")])).await;
    world.gangway_offers(&["notion", "slack"]).await;
    let page = world.open("/connections").await;
    assert_eq!(page.texts(".connected strong"), ["The slack", "The slack", "Gone"]);
    let named = ["Connected as Acme HQ", "Connected as Acme HQ", "Connected as Jane's old app"];
    assert_eq!(page.texts(".connected .named"), named);
    assert_eq!(page.texts(".attention"), ["Needs attention"]);
    assert_eq!(page.attributes(".connected input[name=reconnect]", "value"), ["c2"]);
    assert_eq!(page.attributes(".connected button", "aria-label"), ["Reconnect The slack as Acme HQ"]);
    let names = [("Acme HQ", "The slack"), ("Acme HQ", "The slack"), ("Jane's old app", "Gone")];
    let names = names.map(|(account, app)| format!("Disconnect {account} from {app}"));
    assert_eq!(page.attributes(".connected summary", "aria-label"), names);
    assert_eq!(page.attributes(".connected input[name=credential_id]", "value"), ["c1", "c2", "c3"]);
    assert_eq!(page.texts(".apps h3"), ["The notion"], "connected apps stand above");
}

#[actix_web::test]
async fn script_gets_the_session_and_a_browser_a_page() {
    let mut world = World::start().await;
    world.gangway_makes_sessions().await;
    let form = |world: &World| world.form("/connect", "connector=slack").header(ORIGIN, &world.acme);
    let request = form(&world).header(ACCEPT, "application/json");
    let session: Value = serde_json::from_str(&world.send(request).await.html).unwrap();
    assert_eq!((&session["id"], &session["start_code"]), (&json!(SESSION), &json!(START_CODE)));
    assert_eq!((&session["watch"], &session["expires_at"]), (&json!(WATCH), &json!("2026-03-03T14:05:00Z")));
    assert!(session["url"].as_str().unwrap().starts_with("https://connect.acme.test/start?"), "{session}");

    let request = form(&world).header(ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8");
    assert_eq!(world.send(request).await.text("h1"), "Opening your apps…");
}

#[actix_web::test]
async fn outside_script_gets_no_session() {
    let mut world = World::start().await;
    world.gangway_makes_sessions().await;
    let request = world.form("/connect", "connector=slack").header(ORIGIN, "https://evil.test");
    assert_eq!(world.send(request.header(ACCEPT, "application/json")).await.status, 403);
    assert!(world.posted().await.is_empty());
}

#[actix_web::test]
async fn refused_connection_goes_once_another_has_replaced_it() {
    let mut world = World::start().await;
    world.gangway_makes_sessions().await;
    world.gangway_lists("jane", json!([slack("c2", "connected")])).await;
    world.gangway_offers(&["slack"]).await;
    world.gangway_says("DELETE", "/users/jane/connections/c1", 204, json!(null)).await;
    let mut linked = attempt("jane", "linked", Some("new"));
    linked["credential_id"] = "c2".into();
    linked["replaces"] = "c1".into();
    world.gangway_says("GET", "/link-attempts/a1", 200, linked).await;
    let back = "/connections?gangway_attempt_id=a1&gangway_state=linked";

    world.open(back).await;
    let removed = "/users/jane/connections/c1";
    assert!(world.calls("DELETE", removed).await.is_empty(), "the user may have kept both at Gangway's page");
    world.press("/connect", "connector=slack&reconnect=c1").await;
    for _ in 0..2 {
        assert_eq!(world.open(back).await.text(".notice h2"), "Slack is connected");
    }
    assert_eq!(world.calls("DELETE", removed).await.len(), 1);
}

#[actix_web::test]
async fn disconnecting_is_asked_first_and_its_outcome_is_told() {
    for (status, says) in
        [(204, "Slack is disconnected"), (404, "Slack was disconnected before"), (503, "Slack is still connected")]
    {
        let mut world = World::start().await;
        world.gangway_lists("jane", json!([slack("c1", "connected")])).await;
        world.gangway_offers(&["slack"]).await;
        let problem = json!({ "type": "about:blank", "title": "No", "status": status });
        world.gangway_says("DELETE", "/users/jane/connections/c1", status, problem).await;
        let page = world.open("/connections").await;
        assert_eq!(page.texts(".ask:not([open]) form button"), ["Yes, disconnect The slack"]);

        let done = world.press("/disconnect", "connector=slack&credential_id=c1").await;
        assert_eq!((done.status, done.location.as_deref()), (303, Some("/connections")));
        assert_eq!(world.open("/connections").await.text(".notice h2"), says);
        assert_eq!(world.open("/connections").await.text(".notice h2"), "", "a notice is shown once");
    }
}

#[actix_web::test]
async fn page_without_the_list_of_apps_still_shows_connections() {
    let mut world = World::start().await;
    world.gangway_lists("jane", json!([slack("c1", "connected")])).await;
    let page = world.open("/connections").await;
    assert_eq!(page.text(".connected .what"), "Slack Connected as Acme HQ");
    assert_eq!(page.text(".offered .unknown"), "We cannot list the apps right now. Try again");
}
