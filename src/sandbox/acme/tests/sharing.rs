//! Sharing a note to Slack.

use serde_json::json;
use wiremock::ResponseTemplate;

use super::{ALLOY_USER, START_CODE, World, attempt, posted, slack};

const SHARE: &str = "note=release";

async fn refused_by_slack(world: &World) {
    let refusal = json!({"error": {"source": "CONNECTIVITY_API", "code": "AUTHENTICATION_FAILED", "message": "no"}});
    world.alloy_answers(ResponseTemplate::new(401).set_body_json(refusal)).await;
}

#[actix_web::test]
async fn one_press_shares_and_says_where_it_arrived() {
    let mut world = World::start().await;
    world.gangway_lists("jane", json!([slack("c1", "connected")])).await;
    world.alloy_answers(posted()).await;
    let shared = world.press("/share", SHARE).await;
    assert_eq!((shared.status, shared.location.as_deref()), (303, Some("/#notice")));

    let page = world.open("/").await;
    assert_eq!(page.text(".notice h2"), "Shared to Slack");
    assert_eq!(page.text("#note-release .arrived"), "In #general at Acme HQ. Open in Slack");
    let link = page.attribute("#note-release .arrived a", "href");
    assert_eq!(link.as_deref(), Some("https://slack.test/app_redirect?channel=C1&team=T1"));
    let calls = world.calls("POST", "/execute").await;
    assert_eq!(calls[0]["credentialId"], "c1");
    assert_eq!(calls[0]["requestBody"]["channel"], "#general");
    assert!(calls[0]["requestBody"]["text"].as_str().unwrap().starts_with("Spring release, last steps\n• Read"));
    let shown = page.text(".drawer");
    assert!(shown.contains(&format!("x-alloy-userid: {ALLOY_USER}")) && shown.contains("$ALLOY_API_KEY"), "{shown}");
    assert!(!page.html.contains(super::ALLOY_KEY));
    assert_eq!(world.open("/").await.text(".notice"), "", "a notice is shown once");
}

#[actix_web::test]
async fn first_press_leads_to_slack_and_back_to_the_note() {
    let mut world = World::start().await;
    world.gangway_lists("jane", json!([])).await;
    world.gangway_makes_sessions().await;
    let page = world.press("/share", SHARE).await;
    assert_eq!(page.attribute("#handover input", "value").as_deref(), Some(START_CODE));
    let session = &world.calls("POST", "/connect-sessions").await[0];
    assert_eq!((&session["connector"], &session["after"]), (&json!("slack"), &json!("return")));

    world.gangway_says("GET", "/link-attempts/a1", 200, attempt("jane", "linked", Some("new"))).await;
    for _ in 0..2 {
        let back = world.open("/connections?gangway_attempt_id=a1&gangway_state=linked").await;
        if back.status == 200 {
            break;
        }
        assert_eq!(back.location.as_deref(), Some("/#notice"));
        let page = world.open("/").await;
        assert_eq!(page.text(".notice h2"), "Slack is connected");
        assert_eq!(page.text(".notice button"), "Share “Spring release, last steps”");
    }
    assert!(world.calls("POST", "/execute").await.is_empty(), "the user shares, by one press");
}

#[actix_web::test]
async fn removed_access_is_reported_and_reconnecting_shares_by_itself() {
    let mut world = World::start().await;
    world.gangway_lists("jane", json!([slack("c1", "connected")])).await;
    world.gangway_makes_sessions().await;
    world.gangway_says("POST", "/users/jane/connections/c1/refused", 204, json!(null)).await;
    world.gangway_says("DELETE", "/users/jane/connections/c1", 204, json!(null)).await;
    refused_by_slack(&world).await;
    world.press("/share", SHARE).await;
    assert_eq!(world.calls("POST", "/connections/c1/refused").await, [json!({})]);
    let page = world.open("/").await;
    assert_eq!(page.text(".notice h2"), "Slack needs attention");
    assert_eq!(page.text(".notice button"), "Reconnect Slack");
    assert_eq!(page.attribute(".notice input[name=reconnect]", "value").as_deref(), Some("c1"));

    world.press("/share", "note=release&reconnect=c1").await;
    assert_eq!(world.calls("POST", "/connect-sessions").await[0]["reconnect"], "c1");
    world.gangway.reset().await;
    let mut linked = attempt("jane", "linked", Some("new"));
    linked["credential_id"] = json!("c2");
    linked["replaces"] = json!("c1");
    world.gangway_says("GET", "/link-attempts/a1", 200, linked).await;
    world.gangway_says("DELETE", "/users/jane/connections/c1", 204, json!(null)).await;
    world.gangway_lists("jane", json!([slack("c1", "needs_reconnect"), slack("c2", "connected")])).await;
    world.alloy_answers(posted()).await;
    let back = world.open("/connections?gangway_attempt_id=a1").await;
    assert_eq!(back.location.as_deref(), Some("/#notice"));
    assert_eq!(world.calls("POST", "/execute").await[0]["credentialId"], "c2");
    assert_eq!(world.calls("DELETE", "/connections/c1").await.len(), 1);
    assert_eq!(world.open("/").await.text(".notice h2"), "Shared to Slack");

    world.open("/connections?gangway_attempt_id=a1").await;
    assert_eq!(world.calls("POST", "/execute").await.len(), 1, "a return that is repeated shares nothing");
}

#[actix_web::test]
async fn connection_that_is_gone_is_connected_without_reconnect() {
    let mut world = World::start().await;
    let gone = json!({"type": "about:blank", "title": "Invalid request", "status": 422, "reference": "K7F3-92QD"});
    let refusal = ResponseTemplate::new(422).set_body_json(gone);
    let names_it = wiremock::matchers::body_partial_json(json!({"reconnect": "c1"}));
    let sessions = wiremock::Mock::given(names_it).and(wiremock::matchers::path("/api/v1/connect-sessions"));
    sessions.respond_with(refusal).mount(&world.gangway).await;
    world.gangway_makes_sessions().await;
    for (at, form) in [("/share", "note=release&reconnect=c1"), ("/connect", "connector=slack&reconnect=c1")] {
        let page = world.press(at, form).await;
        assert_eq!(page.attribute("#handover input", "value").as_deref(), Some(START_CODE), "{at}");
    }
}

#[actix_web::test]
async fn connection_that_needs_attention_is_not_used() {
    let mut world = World::start().await;
    world.gangway_lists("jane", json!([slack("c1", "needs_reconnect")])).await;
    let page = world.open("/").await;
    assert_eq!(page.text("#note-release .attention"), "Slack needs attention");
    assert_eq!(page.text("#note-release button"), "Reconnect Slack");
    assert_eq!(world.open("/connections").await.text(".connected .attention"), "Needs attention");
    world.press("/share", SHARE).await;
    assert!(world.calls("POST", "/execute").await.is_empty());
    assert_eq!(world.open("/").await.text(".notice h2"), "Slack needs attention");
}

#[actix_web::test]
async fn user_chooses_among_several_accounts() {
    let mut world = World::start().await;
    world.gangway_lists("jane", json!([slack("c1", "connected"), slack("c2", "connected")])).await;
    world.alloy_answers(posted()).await;
    let page = world.open("/").await;
    assert_eq!(page.texts("#note-release option"), ["Jane's Slack c1", "Jane's Slack c2"]);
    world.press("/share", SHARE).await;
    assert_eq!(world.open("/").await.text(".notice h2"), "Which Slack?");
    world.press("/share", "note=release&account=c2").await;
    world.press("/share", "note=release&account=another-users").await;
    let used = world.calls("POST", "/execute").await;
    assert_eq!(used.iter().map(|call| &call["credentialId"]).collect::<Vec<_>>(), [&json!("c2")]);
}

#[actix_web::test]
async fn rate_limit_says_when_to_try_again() {
    for (header, text) in [(Some("7"), "in 7 seconds"), (Some("300"), "in 5 minutes"), (None, "in a minute")] {
        let mut world = World::start().await;
        world.gangway_lists("jane", json!([slack("c1", "connected")])).await;
        let limited = ResponseTemplate::new(429);
        let limited = header.map_or(limited.clone(), |seconds| limited.insert_header("retry-after", seconds));
        world.alloy_answers(limited).await;
        world.press("/share", SHARE).await;
        let page = world.open("/").await;
        assert_eq!(page.text(".notice h2"), "Slack takes no more messages right now");
        assert!(page.text(".notice p").ends_with(&format!("Try again {text}.")), "{}", page.text(".notice"));
    }
}

#[actix_web::test]
async fn no_action_runs_without_an_acting_user() {
    let mut world = World::start().await;
    for missing in [json!(null), json!("")] {
        let mut connection = slack("c1", "connected");
        connection["alloy_user_id"] = missing;
        world.gangway.reset().await;
        world.gangway_lists("jane", json!([connection])).await;
        world.press("/share", SHARE).await;
        assert!(world.calls("POST", "/execute").await.is_empty());
        assert_eq!(world.open("/").await.text(".notice h2"), "That did not work");
    }
}

#[actix_web::test]
async fn only_own_notes_and_own_pages_share() {
    let mut world = World::start().await;
    world.gangway_lists("jane", json!([slack("c1", "connected")])).await;
    world.alloy_answers(posted()).await;
    assert_eq!(world.press("/share", "note=pictures").await.status, 404, "that note is Sam's");
    for at in ["/share", "/assistant", "/connect/slack"] {
        let foreign = world.form(at, "note=release&elicitation=x").header("origin", "https://evil.test");
        assert_eq!(world.send(foreign).await.status, 403, "{at}");
    }
    assert!(world.calls("POST", "/execute").await.is_empty());
}
