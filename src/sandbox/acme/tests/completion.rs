//! Completion: the server reports only the user of its own session.

use serde_json::{Value, json};

use super::{World, attempt};

const CODE: &str = "one-time-completion-of-43-characters-or-so1";
const BACK: &str = "/connections?gangway_attempt_id=a1&gangway_state=pending&gangway_completion=one-time-completion-of-43-characters-or-so1";

/// Jane is signed in, and Gangway gives that response to a completion.
async fn world(status: u16, mut answer: Value, continue_url: &str) -> World {
    let mut world = World::start().await;
    world.gangway_lists("jane", json!([])).await;
    world.gangway_lists("sam", json!([])).await;
    if status == 200 {
        answer["continue_url"] = continue_url.into();
    }
    world.gangway_says("POST", "/link-attempts/complete", status, answer).await;
    world.open("/connections").await;
    world
}

#[actix_web::test]
async fn the_server_says_who_is_signed_in_and_sends_the_browser_on() {
    let gangways_page = "https://connect.acme.test/attempts/a1";
    let mut world = world(200, attempt("jane", "linked", Some("new")), gangways_page).await;
    let page = world.open(BACK).await;
    assert_eq!((page.status, page.location.as_deref()), (303, Some(gangways_page)));
    assert_eq!(world.posted().await, [json!({ "completion": CODE, "user_id": "jane" })]);

    let drawer = world.open("/connections").await;
    assert_eq!(drawer.texts(".drawer .path")[2], "/api/v1/link-attempts/complete");
    assert!(drawer.text(".drawer").contains("\"user_id\": \"jane\""), "{}", drawer.text(".drawer"));
    assert!(!drawer.html.contains(CODE), "the drawer masks it");
}

#[actix_web::test]
async fn user_in_the_url_is_ignored() {
    let mut world = world(200, attempt("jane", "linked", Some("new")), "/connections").await;
    world.open(&format!("{BACK}&user_id=sam&user=sam")).await;
    assert_eq!(world.posted().await[0]["user_id"], "jane");
}

#[actix_web::test]
async fn completion_by_another_user_is_explained_to_both_users() {
    let ended = attempt("jane", "unverified", Some("completion_mismatch"));
    let mut world = world(200, ended.clone(), "/connections?gangway_attempt_id=a1&gangway_state=unverified").await;
    world.gangway_says("GET", "/link-attempts/a1", 200, ended).await;
    world.press("/sign-in", "user=sam&page=connections").await;
    let on = world.open(BACK).await.location.unwrap();
    assert_eq!(world.posted().await[0]["user_id"], "sam");
    let page = world.open(&on).await;
    assert_eq!(page.text(".notice.bad h2"), "Nothing was connected to this account");
    assert!(page.text(".notice").contains("If someone sent you the link, don't use it."), "{}", page.text(".notice"));
    // Jane, who began the attempt, sees another notice.
    world.press("/sign-in", "user=jane&page=connections").await;
    let page = world.open(&on).await;
    assert_eq!(page.text(".notice.bad h2"), "Slack was not connected");
    assert!(page.text(".notice").contains("Another account"), "{}", page.text(".notice"));
}

#[actix_web::test]
async fn missing_completion_is_reported() {
    let mut world = World::start().await;
    world.gangway_lists("jane", json!([])).await;
    world
        .gangway_says("GET", "/link-attempts/a1", 200, attempt("jane", "unverified", Some("completion_missing")))
        .await;
    let page = world.open("/connections?gangway_attempt_id=a1&gangway_state=linked").await;
    assert_eq!(page.text(".notice.bad h2"), "Slack was not connected");
    assert!(page.text(".notice").contains("never finished here"), "{}", page.text(".notice"));
}

#[actix_web::test]
async fn code_waits_until_a_user_signs_in() {
    let mut world = world(200, attempt("sam", "linked", Some("new")), "/connections").await;
    world.cookie = None;
    let page = world.open(BACK).await;
    assert_eq!((page.status, page.text("h1").as_str()), (200, "Sign in to finish connecting"));
    assert_eq!(page.set_cookie, None, "reading the page signs no user in");
    assert!(world.posted().await.is_empty() && page.texts(".menu").is_empty());
    assert_eq!(page.attribute("main input[name='gangway_completion']", "value").as_deref(), Some(CODE));
    assert_eq!(page.texts("main button"), ["Sign in as Jane Doe", "Sign in as Sam Lee"]);

    let form = format!("page=connections&gangway_completion={CODE}&user=sam");
    let signed_in = world.press("/sign-in", &form).await;
    let onward = signed_in.location.unwrap();
    assert_eq!((signed_in.status, onward.as_str()), (303, format!("/connections?gangway_completion={CODE}").as_str()));
    assert_eq!(world.open(&onward).await.location.as_deref(), Some("/connections"));
    assert_eq!(world.posted().await[0]["user_id"], "sam");
}

#[actix_web::test]
async fn a_code_that_is_kept_cannot_lead_elsewhere() {
    let mut world = World::start().await;
    let form = "page=connections&user=sam&gangway_completion=%0d%0aSet-Cookie:a%26gangway_state=linked%23//evil.test";
    let signed_in = world.press("/sign-in", form).await;
    let onward = "/connections?gangway_completion=%0D%0ASet-Cookie%3Aa%26gangway_state%3Dlinked%23%2F%2Fevil.test";
    assert_eq!(signed_in.location.as_deref(), Some(onward));
}

#[actix_web::test]
async fn a_code_that_does_not_work_is_no_success() {
    let problem = json!({ "type": "about:blank", "title": "No link attempt waits for this code.", "status": 404 });
    for (status, answer, says) in [
        (404, problem, "Nothing was connected"),
        (500, json!("oops"), "We do not know yet whether it worked"),
        (200, json!({ "state": "linked" }), "We do not know yet whether it worked"),
    ] {
        let mut world = World::start().await;
        world.gangway_lists("jane", json!([])).await;
        world.gangway_says("POST", "/link-attempts/complete", status, answer).await;
        world.open("/connections").await;
        let page = world.open(BACK).await;
        assert_eq!((page.status, page.text(".notice h2").as_str()), (200, says), "{status}");
    }
}
