//! The played conversation with the assistant.

use serde_json::json;

use super::{World, attempt, posted, slack};

/// Asks the assistant; returns the URL that its tool names, as a path.
async fn elicited(world: &mut World) -> String {
    world.gangway_lists("jane", json!([])).await;
    world.gangway_makes_sessions().await;
    let asked = world.press("/assistant", "note=release").await;
    assert_eq!((asked.status, asked.location.as_deref()), (303, Some("/#assistant")));
    let page = world.open("/").await;
    let link = page.attribute(".chat a", "href").unwrap();
    assert!(page.text(".chat pre").contains("-32042") && page.text(".chat pre").contains(&link), "{}", page.html);
    let path = link.strip_prefix(&world.acme).expect("a page of the host's own");
    assert!(path.starts_with("/connect/slack?elicitation="), "{link}");
    path.to_owned()
}

fn form(path: &str) -> String {
    path.split_once('?').unwrap().1.to_owned()
}

#[actix_web::test]
async fn assistant_asks_for_slack_and_goes_on_by_itself() {
    let mut world = World::start().await;
    let path = elicited(&mut world).await;
    let page = world.open(&path).await;
    assert_eq!(page.text("h1"), "Connect Slack for the assistant");
    assert!(page.text("main").contains("“Spring release, last steps”"));
    assert!(world.calls("POST", "/connect-sessions").await.is_empty(), "opening uses nothing up");
    let handover = world.press("/connect/slack", &form(&path)).await;
    assert!(handover.attribute("#handover", "action").is_some(), "{}", handover.html);

    world.gangway.reset().await;
    let mut linked = attempt("jane", "linked", Some("new"));
    linked["credential_id"] = json!("c1");
    world.gangway_says("GET", "/link-attempts/a1", 200, linked).await;
    world.gangway_lists("jane", json!([slack("c1", "connected")])).await;
    world.alloy_answers(posted()).await;
    let back = world.open("/connections?gangway_attempt_id=a1").await;
    assert_eq!(back.location.as_deref(), Some("/#assistant"));
    let page = world.open("/").await;
    let said = page.texts(".chat > li:not(.tool)");
    assert_eq!(said[0], "Jane Doe Post “Spring release, last steps” to our Slack, please.");
    assert_eq!(said[3..], ["Assistant Done: “Spring release, last steps” is in #general at Acme HQ.", "Open in Slack"]);
    assert_eq!(world.calls("POST", "/execute").await.len(), 1);
    assert_eq!(world.open(&path).await.status, 404, "an elicitation ends with its use");
}

#[actix_web::test]
async fn denied_link_is_said_in_the_conversation() {
    let mut world = World::start().await;
    let path = elicited(&mut world).await;
    world.press("/connect/slack", &form(&path)).await;
    world.gangway_says("GET", "/link-attempts/a1", 200, attempt("jane", "denied", Some("access_denied"))).await;
    let back = world.open("/connections?gangway_attempt_id=a1").await;
    assert_eq!(back.location.as_deref(), Some("/#assistant"));
    let said = "Slack was not connected. It was cancelled. Nothing was changed. I posted nothing.";
    assert!(world.open("/").await.text(".chat").ends_with(said));
    assert_eq!(world.open(&path).await.status, 200, "the link still works");
}

#[actix_web::test]
async fn connected_account_is_used_at_once() {
    let mut world = World::start().await;
    world.gangway_lists("jane", json!([slack("c1", "connected")])).await;
    world.alloy_answers(posted()).await;
    world.press("/assistant", "note=release").await;
    assert!(world.open("/").await.text(".chat").contains("Done:"));

    let mut world = World::start().await;
    world.gangway_lists("jane", json!([slack("c1", "connected"), slack("c2", "connected")])).await;
    world.alloy_answers(posted()).await;
    world.press("/assistant", "note=release").await;
    assert!(world.open("/").await.text(".chat").contains("Which one?"));
    world.press("/assistant", "note=release&account=c2").await;
    assert_eq!(world.calls("POST", "/execute").await[0]["credentialId"], "c2");
}

#[actix_web::test]
async fn another_user_cannot_open_the_link() {
    let mut world = World::start().await;
    let path = elicited(&mut world).await;
    let jane = world.cookie.take();
    let page = world.open(&path).await;
    assert_eq!(page.text("h1"), "Sign in to finish connecting");
    assert_eq!(page.attribute("input[name=elicitation]", "value"), Some(form(&path).replace("elicitation=", "")));
    let signed_in = world.press("/sign-in", &format!("user=sam&page=notes&{}", form(&path))).await;
    assert_eq!(signed_in.location.as_deref(), Some(path.as_str()));
    assert_eq!(world.open(&path).await.status, 403);
    assert_eq!(world.press("/connect/slack", &form(&path)).await.status, 403);
    assert!(world.calls("POST", "/connect-sessions").await.is_empty());
    world.cookie = jane;
    assert!(world.open("/").await.text(".chat").contains("Another account opened the link, so nothing was connected."));
}

#[actix_web::test]
async fn unknown_link_connects_nothing() {
    let mut world = World::start().await;
    world.open("/").await;
    assert_eq!(world.open("/connect/slack?elicitation=made-up").await.text("h1"), "This request is over");
    assert_eq!(world.press("/connect/slack", "elicitation=made-up").await.status, 404);
}
