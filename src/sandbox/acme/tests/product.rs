//! The product itself: sign-in, security headers, and protection of forms.

use std::collections::BTreeSet;

use reqwest::header::ORIGIN;
use serde_json::json;

use super::World;

#[actix_web::test]
async fn a_first_visit_is_janes_and_every_page_offers_to_connect() {
    let mut world = World::start().await;
    let notes = world.open("/").await;
    assert_eq!(notes.status, 200);
    assert_eq!(notes.text("h1"), "Jane Doe's notes");
    assert_eq!(notes.attribute("form[action='/connect']", "method").as_deref(), Some("post"));
    assert!(notes.texts(".note h3").len() >= 2);

    let cookie = notes.set_cookie.unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
    assert!(!cookie.contains("jane"), "the cookie must not be guessable: {cookie}");
    assert_eq!(world.open("/").await.set_cookie, None, "known browsers keep their cookie");
}

#[actix_web::test]
async fn switching_to_sam_stays_on_the_page_and_shows_sams_connections() {
    let mut world = World::start().await;
    world.gangway_lists("jane", json!([])).await;
    world
        .gangway_lists(
            "sam",
            json!([{
                "credential_id": "c1", "connector": "hubspot", "name": "Sam's <HubSpot>", "origin": "external",
                "attempt_id": null, "created_at": "2026-03-03T14:00:00Z", "updated_at": null,
            }]),
        )
        .await;
    assert_eq!(world.open("/connections").await.text(".empty"), "Nothing is connected yet.");

    let switched = world.press("/sign-in", "user=sam&page=connections").await;
    assert_eq!((switched.status, switched.location.as_deref()), (303, Some("/connections")));
    let page = world.open("/connections").await;
    assert_eq!(page.text(".menu .name"), "Sam Lee");
    assert_eq!(page.text(".connected .what"), "HubSpot Connected as Sam's <HubSpot>");
    assert_eq!(page.text(".connected .since"), "since 3 March 2026");
}

#[actix_web::test]
async fn made_up_name_or_cookie_signs_no_user_in() {
    let mut world = World::start().await;
    assert_eq!(world.press("/sign-in", "user=root&page=notes").await.status, 404);
    world.cookie = Some("acme_notes=sam".to_owned());
    assert_eq!(world.open("/").await.text(".menu .name"), "Jane Doe");
}

#[actix_web::test]
async fn forms_of_other_sites_are_refused_before_gangway_hears_of_them() {
    let mut world = World::start().await;
    world.gangway_makes_sessions().await;
    for at in ["/connect", "/connect-link", "/disconnect", "/sign-in"] {
        let foreign = world.form(at, "user=sam&page=notes").header(ORIGIN, "https://evil.test");
        let refused = world.send(foreign).await;
        assert_eq!(refused.status, 403, "{at}");
        assert!(refused.policy.is_some(), "{at}: a refusal has the headers too");
        let without = world.form(at, "user=sam&page=notes");
        assert_eq!(world.send(without).await.status, 403, "{at}");
    }
    assert!(world.posted().await.is_empty());
}

#[actix_web::test]
async fn every_answer_is_strict_about_scripts_and_frames() {
    let mut world = World::start().await;
    for at in ["/", "/connections", "/nowhere", "/static/acme.css", "/static/nothing.js"] {
        let policy = world.open(at).await.policy.unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{at}: {policy}");
        assert!(!policy.contains("unsafe"), "{at}: {policy}");
    }
    assert_eq!(world.open("/nowhere").await.text("h1"), "There is nothing here");
}

#[actix_web::test]
async fn every_file_that_a_page_names_is_there_and_nothing_is_inline() {
    let mut world = World::start().await;
    world.gangway_makes_sessions().await;
    let page = world.press("/connect", "").await;
    let named = page.attributes("script, img", "src").into_iter().chain(page.attributes("link", "href"));
    let named: Vec<String> = named.collect();
    assert!(named.contains(&"/static/handover.js".to_owned()), "{named:?}");
    for file in named {
        assert_eq!(world.open(&file).await.status, 200, "{file}");
    }
    assert!(page.texts("script, style").concat().is_empty());
    assert!(page.texts("[style], [onload], [onclick]").is_empty());
}

#[actix_web::test]
async fn policy_names_gangway_in_the_lines_of_the_guide_and_in_no_other() {
    let guide = include_str!("../../../../docs/embedding.md");
    let block = guide.split("```http\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let lines = block.lines().filter_map(|line| line.strip_prefix("  "));
    let lines = lines.map(|line| line.trim_end_matches(';').replace("connect.example.com", "connect.acme.test"));
    let mut world = World::start().await;
    let policy = world.open("/connections").await.policy.unwrap();
    let naming: BTreeSet<String> =
        policy.split("; ").filter(|line| line.contains("connect.acme.test")).map(str::to_owned).collect();
    assert_eq!(naming, lines.collect());
}
